import type { ErrorDocument } from '../core/report.js';
import { withoutUndefined } from '../core/without-undefined.js';
import { ElbProxyError, messageOf } from '../errors.js';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { errorDetails } from './text/error-details.js';
import { hintLines } from './text/hint-lines.js';
import { joinLines, paragraph } from './text/paragraph.js';

/** The document on stdout under `--output json` when there is no other. */
export interface ErrorReport {
  readonly formatVersion: 1;
  readonly error: ErrorDocument;
}

/** The JSON error document. */
export function errorReport(error: unknown): ErrorReport {
  return { formatVersion: 1, error: errorDocument(error) };
}

/** An error's document. Any other than an ElbProxyError has code `internal`: a defect of this tool. */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof ElbProxyError) {
    const { code, message, hint, requestId } = error;
    return withoutUndefined({ code, message, hint, requestId });
  }
  return {
    code: 'internal',
    message: `this is a bug in elb-proxy: ${messageOf(error)}`,
    hint: 'please report it, with the output of the same command with --debug',
  };
}

/** An error for stderr: what failed, then what to do, then what a support case needs. */
export function renderError(error: unknown, style: Style): string {
  const { hint = '', ...rest } = errorDocument(error);
  const { code, message, requestId } = printable(rest);
  if (code === 'cancelled') return joinLines(paragraph(message, style));
  // A hint is this tool's own words and may have several lines; what it quotes is escaped line by line.
  const hints = hint.split('\n').filter((line) => line.trim() !== '');
  return joinLines([
    ...paragraph(`${style.colour.red.bold('elb-proxy:')} ${message}`, style, { hanging: 2 }),
    ...hints.flatMap((line) => hintLines(printable(line.trim()), style, 2)),
    ...errorDetails({ code, requestId }, style),
  ]);
}
