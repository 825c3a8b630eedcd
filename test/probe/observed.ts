import type { Goal } from '../../src/probe/case.js';
import { classify, mostProbes } from '../../src/probe/classify.js';
import type { Verdict } from '../../src/probe/decision.js';
import type { Observation } from '../../src/probe/observation.js';
import { type ProbeName, partsOf } from '../../src/probe/probe.js';

/**
 * What came back, in a word: `open`, `FIN`, `RST`, `refused`, `timeout`, an HTTP status, `Hello` (ServerHello), `alert N`,
 * `echo` (all that was sent), `echo-payload` (without what stood in front), else the text itself; `, FIN` or `, RST` behind
 * it where the connection then ended.
 */
export type Cell = string | number;

const prefix = {
  plain: '',
  v1: 'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n',
  broken: 'PROXY NONSENSE\r\n',
  v2: '\r\n\r\n',
};
const payload = {
  none: '',
  http: 'GET / HTTP/1.1\r\n\r\n',
  tls: '\x16\x03\x01\x02\x00\x01',
  send: 'PING',
  word: 'HELLO\r\n',
  byte: 'H',
};

/** An observation that a cell stands for. */
function observed(probe: ProbeName, cell: Cell, insideCell?: Cell): Observation {
  const parts = partsOf(probe);
  const sent = prefix[parts.prefix] + payload[parts.payload];
  const [, text = '', end] = /^(.*?)(?:, (FIN|RST))?$/s.exec(String(cell)) ?? [];
  const outer = bytesOf(text, sent, payload[parts.payload]);
  const hello = text === 'Hello';
  const inner =
    hello && insideCell !== undefined
      ? bytesOf(String(insideCell), '', '')
      : { bytes: '', ended: 'open' as const };
  const received = Buffer.from(outer.bytes, 'latin1');
  return {
    probe,
    sent: Buffer.from(sent, 'latin1'),
    received,
    receivedTotal: received.length,
    ended: end === undefined ? (hello ? inner.ended : outer.ended) : end === 'FIN' ? 'fin' : 'reset',
    ms: 1,
    ...(parts.payload === 'tls'
      ? { inside: { established: hello, received: Buffer.from(inner.bytes, 'latin1') } }
      : {}),
  };
}

function bytesOf(text: string, sent: string, behind: string): { bytes: string; ended: Observation['ended'] } {
  const alert = /^alert (\d+)$/.exec(text)?.[1];
  if (alert !== undefined)
    return { bytes: `\x15\x03\x03\x00\x02\x02${String.fromCharCode(Number(alert))}`, ended: 'fin' };
  if (/^\d{3}$/.test(text)) return { bytes: `HTTP/1.1 ${text} X\r\n`, ended: 'open' };
  switch (text) {
    case 'open':
      return { bytes: '', ended: 'open' };
    case 'FIN':
      return { bytes: '', ended: 'fin' };
    case 'RST':
      return { bytes: '', ended: 'reset' };
    case 'refused':
    case 'timeout':
    case 'unreachable':
      return { bytes: '', ended: text };
    case 'Hello':
      return { bytes: '\x16\x03\x03\x00\x7a\x02', ended: 'open' };
    case 'echo':
      return { bytes: sent, ended: 'open' };
    case 'echo-payload':
      return { bytes: behind, ended: 'open' };
    default:
      return { bytes: text, ended: 'open' };
  }
}

/** A verdict, and the probes that it took. */
export interface Settled extends Verdict {
  readonly probes: readonly ProbeName[];
}

/**
 * Runs the procedure against a row. A list of cells gives one to each repetition, the last to all further ones. What a
 * row leaves out is answered as the like of it: the word as a plain request, the broken line alone as with a request.
 */
export function settle(
  row: Readonly<Record<string, Cell | readonly Cell[]>>,
  goal: Partial<Goal> = {},
): Settled {
  const observations: Observation[] = [];
  const counts = new Map<string, number>();
  const take = (name: string): Cell | undefined => {
    const cells = row[name] ?? row[likes[name] ?? ''];
    if (!Array.isArray(cells)) return cells as Cell | undefined;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return (cells as readonly Cell[])[Math.min(count, cells.length - 1)];
  };
  for (;;) {
    const decision = classify(observations, { app: 'auto', send: false, ...goal });
    if (decision.kind === 'verdict') return { ...decision, probes: observations.map(({ probe }) => probe) };
    if (observations.length >= mostProbes) throw new Error('more probes than are allowed');
    const { probe } = decision;
    const cell = probe.startsWith('tls+') ? (row['plain+tls'] as Cell) : take(probe);
    if (cell === undefined) throw new Error(`the row does not say what ${probe} is answered`);
    const inside = probe.startsWith('tls+') ? take(probe) : take('inside+plain');
    observations.push(observed(probe, cell, inside));
  }
}

const likes: Readonly<Record<string, string>> = {
  'plain+word': 'plain+http',
  'plain+byte': 'plain+http',
  'broken+none': 'broken+http',
  'broken+tls': 'broken+http',
  'v2+tls': 'v2+http',
  'v2+none': 'v2+http',
};
