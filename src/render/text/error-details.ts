import type { ErrorDocument } from '../../core/report.js';
import type { Style } from '../style.js';
import { paragraph } from './paragraph.js';

/** The identifiers of an error, for scripts and support cases; a usage error is for people only. */
export function errorDetails(
  { code, requestId }: Pick<ErrorDocument, 'code' | 'requestId'>,
  style: Style,
): readonly string[] {
  const details = [
    ...(code === 'usage' ? [] : [`code ${code}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ].join(', ');
  if (details === '') return [];
  return paragraph(`(${details})`, style, { indent: 2 }).map((line) => style.colour.dim(line));
}
