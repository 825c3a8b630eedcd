import { gunzipSync } from 'node:zlib';
import { scriptVersion } from '../../core/instance-probe/script.js';
import type { Recording } from '../recording.js';
import type { EncodedBatch, EncodedExchange } from './encode-batch.js';
import { fillTemplate } from './lead-template.js';

/** The program that carried the exchanges on the instance. */
export type Engine = 'python3' | 'python2' | 'platform-python' | 'bash';

/** An instance's answer: recordings of the address that was asked for, or why there are none. */
export type InstanceOutput =
  | { readonly kind: 'recorded'; readonly engine: Engine; readonly recordings: readonly CarriedThere[] }
  | { readonly kind: 'failed'; readonly why: string; readonly advice: string };

/** A recording, with the exchange that it is of. */
export interface CarriedThere {
  readonly asked: EncodedExchange;
  readonly recording: Recording;
}

/** Nothing that a batch can bring back is longer, uncompressed. */
const longest = 1 << 18;
const mostRecordings = 8;

const failed = (why: string, advice = "run it again; the command's output shows more") =>
  ({ kind: 'failed', why, advice }) as const;

/** Reads a command's output, hostile until it is read: nothing is taken from one that is cut, damaged or foreign. */
export function readOutput(
  text: string,
  batch: EncodedBatch,
  { address, port }: { readonly address: string; readonly port: number },
): InstanceOutput {
  const lines = text.split('\n').filter((line) => line.startsWith('elb-proxy '));
  const [, version, name, data] =
    /^elb-proxy (\d{1,4}) (\S{1,40}) ([A-Za-z0-9+/]*={0,2}) end\r?$/.exec(lines[0] ?? '') ?? [];
  if (lines.length > 1 || data === undefined) {
    return failed(
      text.trim() === ''
        ? 'the command printed nothing'
        : "what the command printed was cut, or is not this probe's output",
    );
  }
  if (version !== String(scriptVersion)) return failed('the probe there is a different version');
  if (name === 'none')
    return failed(
      'it has neither Python nor a bash that opens connections',
      'probe it from another machine in its network: elb-proxy verify backend HOST:PORT',
    );
  const engine = engines[name ?? ''];
  if (engine === undefined) return failed("what the command printed is not this probe's output");
  const printed = unpacked(data);
  if (printed === undefined) return failed('what the command printed was damaged, or cut');
  const [head = '', ...records] = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (head === '')
    return failed(
      `the instance does not have the address ${address}`,
      "check which instance has it: the load balancer's registered id may be out of date",
    );
  if (head !== `@ ${address}`) return failed('it answered for another address');
  if (records.length > mostRecordings) return failed('it answered more than was asked');
  const recordings: CarriedThere[] = [];
  let before = 0;
  for (const record of records) {
    const [place = '', ...fields] = record.split(' ');
    const index = /^\d{1,3}$/.test(place) ? Number(place) : 0;
    const asked = batch.asked[index - 1];
    if (asked === undefined || index <= before) return failed('it answered something that was not asked');
    before = index;
    if (fields[0] === 'error') return failed(`${name} failed there, for a reason that was not recorded`);
    const recording = recordingOf(asked, fields, { address, port });
    if (recording === undefined) return failed('what the command printed does not add up');
    recordings.push({ asked, recording });
  }
  return recordings.length === 0 ? failed('it made no connection') : { kind: 'recorded', engine, recordings };
}

const engines: Readonly<Record<string, Engine>> = {
  python3: 'python3',
  python2: 'python2',
  '/usr/libexec/platform-python': 'platform-python',
  bash: 'bash',
};

function unpacked(data: string): string | undefined {
  try {
    // Its checksum shows whether it is whole.
    return gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: longest }).toString('latin1');
  } catch {
    return undefined;
  }
}

/** Why no connection happened, by the number that the kernel gives. */
function notTaken(word: string): Recording['ended'] | undefined {
  const [, number] = /^x(\d{1,4}|None)$/.exec(word) ?? [];
  switch (number) {
    case undefined:
      return undefined;
    case '111':
      return 'refused';
    case '104':
      return 'reset';
    case '110':
    case 'None':
      return 'timeout';
    default:
      return 'unreachable';
  }
}

function recordingOf(
  asked: EncodedExchange,
  fields: readonly string[],
  { address, port }: { readonly address: string; readonly port: number },
): Recording | undefined {
  const { probe, front, bytes, exchange } = asked;
  const [word = '', ms, total, greeting, sourcePort, session, wire, within] = fields;
  const nothing = Buffer.alloc(0);
  const none = { probe, sent: nothing, received: nothing, receivedTotal: 0 };
  const failure = notTaken(word);
  if (failure !== undefined) return { ...none, ended: failure, ms: numberOf(ms) ?? 0 };
  const ended = (['open', 'fin', 'reset'] as const).find((known) => known === word);
  const [took, came, greeted, from] = [ms, total, greeting, sourcePort].map(numberOf);
  const [received, inside] = [bytesOf(wire), bytesOf(within)];
  if (ended === undefined || took === undefined || came === undefined || greeted === undefined)
    return undefined;
  if (from === undefined || from > 65_535 || received === undefined || inside === undefined) return undefined;
  if (received.length > came || greeted > came || !/^(?:-1|0|1)$/.test(session ?? '')) return undefined;
  // A connection that was gone before its port was known took nothing.
  const sent = fillTemplate(
    from === 0
      ? ''
      : session === '-1' && exchange.kind === 'bytes'
        ? `${front}${bytes}`
        : session === '-1'
          ? bytes
          : front,
    address,
    port,
    from,
  );
  return {
    probe,
    sent,
    received,
    receivedTotal: came,
    ...(exchange.kind === 'bytes' && exchange.greeting !== undefined
      ? { greeting: Math.min(greeted, received.length) }
      : {}),
    ended,
    ms: took,
    ...(exchange.kind === 'bytes'
      ? {}
      : session === '-1'
        ? { unseen: 'inside' as const }
        : { inside: { established: session === '1', received: inside } }),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Bytes in hexadecimal, a dash behind them unless they were cut. */
function bytesOf(text = '-'): Buffer | undefined {
  const digits = text.replace(/-$/, '');
  return /^(?:[0-9a-f]{2}){0,4096}$/.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}
