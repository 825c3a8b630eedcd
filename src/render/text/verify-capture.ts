import { type NotJudged, type NotJudgedCode, notJudgedCodes } from '../../core/verify-capture.js';
import { connectionVerdicts } from '../../core/verify-connection.js';
import type { CaptureClosing, CaptureDocument } from '../json/verify.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { counted } from './counted.js';
import { joinLines, paragraph } from './paragraph.js';

/** The most that are named of a kind. */
const named = 3;

/** The lines under a capture's connections: the sum, connections without a verdict, and notes. */
export function renderCaptureClosing(
  document: CaptureClosing & Pick<CaptureDocument, 'ports'>,
  style: Style,
): string {
  const closing = printable(document);
  return joinLines([
    ...paragraph(captureSum(closing), style),
    ...captureNotes(closing).flatMap((text) =>
      paragraph(`${symbols(style).note} ${text}`, style, { hanging: 2 }),
    ),
  ]);
}

/** Connections without a verdict, and notes on the capture, a sentence each. */
export function captureNotes({ notJudgedCounts, notJudged, notes }: CaptureClosing): readonly string[] {
  return [
    ...notJudgedCodes.flatMap((code) => {
      const count = notJudgedCounts[code] ?? 0;
      return count === 0 ? [] : [notJudgedWords(code, count, notJudged)];
    }),
    ...notes,
  ];
}

/** The number of a capture's connections with each verdict. */
export function captureSum({
  verdicts,
  healthChecks,
  ended,
  packets,
  ports,
  otherPorts,
}: Parameters<typeof renderCaptureClosing>[0]) {
  const counts = connectionVerdicts.flatMap((verdict) => {
    const count = verdicts[verdict] ?? 0;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const total = connectionVerdicts.reduce((sum, verdict) => sum + (verdicts[verdict] ?? 0), 0);
  const until = ended === 'timeout' ? ', until the timeout' : '';
  if (total > 0) {
    const checks = healthChecks === 0 ? '' : ` (${counted(healthChecks, 'health check')} among them)`;
    return `${counted(total, 'connection')}: ${counts.join(', ')}${checks}${until}.`;
  }
  const elsewhere = otherPorts.map(({ port, connections }) => `${port} (${connections})`).join(', ');
  return `No connection to port ${ports.join(' or ')} could be judged in ${counted(packets, 'packet')}${until}.${
    elsewhere === '' ? '' : ` Connections went to other ports: ${elsewhere}.`
  }`;
}

function notJudgedWords(code: NotJudgedCode, count: number, all: readonly NotJudged[]): string {
  const these = all.filter((one) => one.code === code);
  const names = these.slice(0, named).map(({ from }) => from);
  const more = count > names.length ? ` and ${count - names.length} more` : '';
  const reason = these[0]?.reason ?? code;
  return `Not judged: ${names.join(', ')}${more} (${reason}).`;
}
