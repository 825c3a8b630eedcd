import { isText } from '../../src/probe/blank.js';
import { classify, mostProbes } from '../../src/probe/classify.js';
import type { Ask, Verdict } from '../../src/probe/decision.js';
import { batchOf } from '../../src/probe/instance/batch.js';
import type { EncodedExchange } from '../../src/probe/instance/encode-batch.js';
import { judged } from '../../src/probe/instance/judge-instance.js';
import { type ProbeName, partsOf } from '../../src/probe/probe.js';
import { type Recording, stood } from '../../src/probe/recording.js';
import type { Goal } from '../../src/probe/seen.js';

/**
 * What came back, in a word: `open`, `FIN`, `RST`, `refused`, `timeout`, an HTTP status, `Hello` (ServerHello), `alert N`,
 * `echo` (all that was sent), `echo-payload` (without what stood in front), else the text itself; `, FIN` or `, RST` behind
 * it where the connection then ended; `|` behind a greeting that was waited for.
 */
export type Cell = string | number;

const prefix = {
  plain: '',
  v1: 'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n',
  broken: 'PROXY NONSENSE 1 2 3 4\r\n',
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

/** The recording that a cell represents. */
function recorded({ probe, greeting }: Ask, cell: Cell, insideCell?: Cell): Recording {
  const parts = partsOf(probe);
  const sent = prefix[parts.prefix] + payload[parts.payload];
  const [, text = '', end] = /^(.*?)(?:, (FIN|RST))?$/s.exec(String(cell)) ?? [];
  const outer = bytesOf(text, sent, payload[parts.payload]);
  const hello = text === 'Hello';
  const inner =
    hello && insideCell !== undefined
      ? bytesOf(String(insideCell), '', '')
      : { bytes: '', ended: 'open' as const };
  const [before = '', behind] = outer.bytes.split('|');
  const greeted = behind === undefined && greeting === 'lead' ? 0 : before.length;
  const received = Buffer.from(outer.bytes.replace('|', ''), 'latin1');
  return {
    probe,
    sent: Buffer.from(sent, 'latin1'),
    received,
    receivedTotal: received.length,
    ended: end === undefined ? (hello ? inner.ended : outer.ended) : end === 'FIN' ? 'fin' : 'reset',
    ...(greeting === undefined ? {} : { greeting: greeted }),
    ms: 1,
    ...(parts.payload === 'tls'
      ? { inside: { established: hello, received: Buffer.from(inner.bytes, 'latin1') } }
      : {}),
  };
}

function bytesOf(text: string, sent: string, behind: string): { bytes: string; ended: Recording['ended'] } {
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
export function settle(row: Row, goal: Partial<Goal> = {}): Settled {
  const recordings: Recording[] = [];
  const answer = answering(row, goal);
  for (;;) {
    const decision = classify(recordings, { app: 'auto', send: false, ...goal });
    if (decision.kind === 'verdict') return { ...decision, probes: recordings.map(({ probe }) => probe) };
    if (recordings.length >= mostProbes) throw new Error('more probes than are allowed');
    recordings.push(answer(decision));
  }
}

/** The same by the batch that is sent to an instance: its exchanges one after the other, each where its pattern says so. */
export function settleThere(
  row: Row,
  goal: Partial<Goal> = {},
): Settled & { readonly made: readonly string[] } {
  const whole: Goal = { app: 'auto', send: false, ...goal };
  const answer = answering(row, goal, true);
  const carried: { asked: EncodedExchange; recording: Recording }[] = [];
  let state = '';
  for (const one of batchOf(
    whole.send && whole.app !== 'tls' ? 'send' : whole.app,
    whole.expectReply !== undefined,
  )) {
    if (state.includes(one.key) || !matchesPattern(one.when, state)) continue;
    const recording = answer({ kind: 'ask', afterMs: 0, ...one });
    carried.push({ asked: one as EncodedExchange, recording });
    if (!stood(recording)) break;
    state += one.key + classOf(recording, whole.expectReply);
    if (recording.inside?.established === true)
      state += `I${classOf({ ...recording, received: recording.inside.received })}`;
    if (carried.length === mostProbes) break;
  }
  const { verdict, used } = judged(carried, whole, 'python3');
  return {
    ...verdict,
    probes: used.map(({ probe }) => probe),
    made: carried.map(({ asked }) => asked.probe),
  };
}

type Row = Readonly<Record<string, Cell | readonly Cell[]>>;

/** `ahead`: more is asked than a row needs to say. */
function answering(row: Row, goal: Partial<Goal>, ahead = false): (ask: Ask) => Recording {
  const counts = new Map<string, number>();
  const take = (name: string): Cell | undefined => {
    const cells = row[name] ?? row[likes[name] ?? ''];
    if (!Array.isArray(cells)) return cells as Cell | undefined;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return (cells as readonly Cell[])[Math.min(count, cells.length - 1)];
  };
  return (ask) => {
    const { probe } = ask;
    const cell = probe.startsWith('tls+')
      ? (row['plain+tls'] as Cell)
      : (take(probe) ?? quiet(probe, goal) ?? (ahead ? 'open' : undefined));
    if (cell === undefined) throw new Error(`the row does not say what ${probe} is answered`);
    const inside = probe.startsWith('tls+') ? take(probe) : take('inside+plain');
    return recorded(ask, cell, inside);
  };
}

/** A pattern of the shell, as `case` has it. */
function matchesPattern(pattern: string, text: string): boolean {
  const regular = pattern.replaceAll('[!', '[^').replaceAll('?', '.').replaceAll('*', '.*');
  return new RegExp(`^${regular}$`).test(text);
}

/** What the script calls an answer. */
function classOf({ received, greeting = 0, ended }: Recording, expected?: Uint8Array): string {
  if (expected !== undefined && Buffer.from(received).includes(Buffer.from(expected))) return 'y';
  const bytes = Buffer.from(received.subarray(greeting));
  if (bytes.length === 0) return ended === 'open' ? 's' : 'c';
  const text = bytes.toString('latin1');
  if (/^HTTP\/\d\.\d 400/.test(text)) return '4';
  if (text.startsWith('HTTP/')) return 'h';
  if (text.startsWith('\x16\x03') && bytes[5] === 2) return 't';
  if (text.startsWith('\x15\x03')) return 'a';
  return isText(bytes) ? 'b' : 'z';
}

/** Where the user's own bytes are sent, a row says only how a server greets that does. */
function quiet(probe: ProbeName, { send }: Partial<Goal>): Cell | undefined {
  return send === true && probe === 'plain+none' ? 'open' : undefined;
}

const likes: Readonly<Record<string, string>> = {
  'plain+word': 'plain+http',
  'plain+byte': 'plain+http',
  'broken+none': 'broken+http',
  'broken+tls': 'broken+http',
  'v2+tls': 'v2+http',
  'v2+none': 'v2+http',
  'v1+tls': 'v1+http',
};
