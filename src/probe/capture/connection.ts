import type { NotJudgedCode } from '../../core/verify-capture.js';
import type { ConnectionReport } from '../../core/verify-connection.js';
import { type ConnectionJudge, headerWaitMs, judgeConnection } from '../listen/judge-connection.js';
import { endsOfKey } from './connection-key.js';
import { type AheadBudget, distance, type FirstBytes, firstBytes } from './first-bytes.js';
import type { Segment } from './segment.js';

/** As much of the first bytes as is looked at behind a header. */
const enough = 8192;

/** A connection whose first bytes are not judged yet. */
export interface Connection {
  readonly key: string;
  /** The client's initial sequence number. */
  readonly initial: number;
  /** The time of its first packet. */
  readonly at: number;
  /** The server took it up. */
  answered: boolean;
  /** The client has seen that: an application may accept it. */
  accepted: boolean;
  /** A packet of the client's is in the capture. */
  heard: boolean;
  /** The sequence number up to which the server has acknowledged. */
  acknowledged: number;
  /** Behind the client's last byte; undefined until it says that there will be no more. */
  finAt: number | undefined;
  bytes:
    | { readonly judge: ConnectionJudge; readonly stream: FirstBytes; readonly firstAt: number }
    | undefined;
  /** When its last byte came. */
  lastAt: number;
  /** Whether it is known what the first bytes are. */
  known: boolean;
}

/** The final word on a connection. */
export type Outcome =
  | { readonly report: Omit<ConnectionReport, 'at' | 'from' | 'own'> }
  | { readonly code: NotJudgedCode };

/** Connections without a byte all get the same report: a judge for each would outweigh it. */
const silent = judgeConnection({ remote: { address: '', port: 0 }, local: { address: '', port: 0 } });

/** A connection of which nothing but its beginning is known. */
export function newConnection(key: string, initial: number, at: number): Connection {
  return {
    key,
    initial,
    at,
    answered: false,
    accepted: false,
    heard: false,
    acknowledged: (initial + 1) >>> 0,
    finAt: undefined,
    bytes: undefined,
    lastAt: at,
    known: false,
  };
}

/** Takes the payload of a segment from the client. */
export function takeBytes(
  connection: Connection,
  { bytes, dataAt, dataLength, captured }: Segment,
  sequence: number,
  at: number,
  budget: AheadBudget,
): void {
  if (dataLength === 0) return;
  const { stream } = (connection.bytes ??= openStream(connection, at, budget));
  const before = stream.next();
  stream.add(sequence, dataLength, bytes.subarray(dataAt, dataAt + captured));
  if (stream.next() !== before) connection.lastAt = at;
}

function openStream(
  connection: Connection,
  firstAt: number,
  budget: AheadBudget,
): NonNullable<Connection['bytes']> {
  const judge = judgeConnection(endsOfKey(connection.key));
  const stream = firstBytes(connection.initial + 1, budget, (fresh) => {
    if (judge.push(fresh)) connection.known = true;
  });
  return { judge, stream, firstAt };
}

/** Whether nothing that could still come would change what is said. */
export function isSettled({ bytes, known, lastAt }: Connection): boolean {
  if (bytes === undefined) return false;
  if (bytes.stream.cut() || bytes.stream.lost()) return true;
  if (!known) return false;
  const data = bytes.judge.data();
  const kept = bytes.judge.kept();
  return (
    (data === 'http' && kept.includes('\r\n\r\n')) ||
    data === 'tls-client-hello' ||
    kept.length >= enough ||
    lastAt - bytes.firstAt >= headerWaitMs
  );
}

/** Whether the client has sent its last byte and all of them are there. */
export function isComplete({ finAt, bytes, initial }: Connection): boolean {
  return finAt !== undefined && (bytes?.stream.next() ?? (initial + 1) >>> 0) === finAt;
}

/** The outcome of a connection so far; `closed`: it has ended, else nothing came for so long. */
export function outcomeOf(connection: Connection, closed: boolean, waitedMs: number): Outcome {
  const { bytes, known, initial, accepted, answered, heard, acknowledged, finAt } = connection;
  const next = bytes?.stream.next() ?? (initial + 1) >>> 0;
  const sent = finAt !== undefined && distance(finAt, acknowledged) > 0 ? finAt : acknowledged;
  const fin = finAt === undefined ? 0 : 1;
  const missing = bytes?.stream.lost() === true || distance(sent, next) > fin || (!heard && answered);
  if (known && bytes !== undefined) {
    const { healthCheck, ...report } = bytes.judge.report(closed, waitedMs);
    // That nothing follows a header is known only if nothing is missing.
    const whole = report.verdict === 'absent' || (!missing && !bytes.stream.cut());
    return { report: { ...report, ...(healthCheck === true && whole ? { healthCheck } : {}) } };
  }
  if (bytes?.stream.cut() === true) return { code: 'cut-packets' };
  if (missing) return { code: 'bytes-missing' };
  if (bytes !== undefined) return { report: bytes.judge.report(closed, waitedMs) };
  if (!accepted) return { code: 'unanswered' };
  return { report: silent.report(closed, waitedMs) };
}
