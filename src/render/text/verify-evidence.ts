import type { ConnectionEnd, Evidence, ShownBytes } from '../../core/verify-result.js';
import type { Style } from '../style.js';
import { counted, duration } from './counted.js';
import { paragraph } from './paragraph.js';

/** Columns of a line's label. */
const labelled = 5;

/** One probe: its number and what it was, then what was sent and what came, a line each. */
export function evidenceLines(evidence: Evidence, number: number, style: Style): readonly string[] {
  const { what, sent, received, inside, ended, ms } = evidence;
  const end = endWords(ended, ms, received.bytes > 0);
  return [
    ...paragraph(`${number}. ${what}: ${end}`, style, { indent: 4, hanging: 3 }),
    ...(sent.bytes > 0 ? [bytesLine('sent', sent, style)] : []),
    ...(received.bytes > 0 ? [bytesLine('got', received, style)] : []),
    ...(inside?.established === true ? [insideLine(inside.received, style)] : []),
  ];
}

function insideLine(received: ShownBytes, style: Style): string {
  return received.bytes === 0
    ? `       ${style.colour.dim('in TLS, no byte')}`
    : bytesLine('in TLS', received, style);
}

/** As much of the bytes as fits on the line; all that is kept is in the JSON document. */
function bytesLine(label: string, { bytes, text }: ShownBytes, { width, colour, unicode }: Style): string {
  const ellipsis = unicode ? '…' : '...';
  const behind = ` (${counted(bytes, 'byte')})`;
  const room = Math.min(width, 120) - 7 - Math.max(labelled, label.length + 1) - behind.length;
  const shown = text.length <= room ? text : text.slice(0, Math.max(8, room - ellipsis.length)) + ellipsis;
  return `       ${colour.dim(label.padEnd(labelled - 1))} ${shown}${colour.dim(behind)}`;
}

/** The end of a probe's connection, and the time until then. */
export function endWords(ended: ConnectionEnd, ms: number, answered: boolean): string {
  const time = duration(ms);
  switch (ended) {
    case 'open':
      return answered ? `answered after ${time}` : `no answer within ${time}`;
    case 'fin':
      return answered ? `answered after ${time}, then closed` : `closed after ${time}`;
    case 'reset':
      return answered ? `answered after ${time}, then reset` : `reset after ${time}`;
    case 'refused':
      return `connection refused after ${time}`;
    case 'timeout':
      return `not connected within ${time}`;
    case 'unreachable':
      return 'address unreachable';
  }
}
