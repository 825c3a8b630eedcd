import type {
  ApplicationData,
  ConnectionReport,
  HeaderReport,
  NamedEndpoint,
} from '../../core/verify-connection.js';
import {
  createDecoder,
  type Decoded,
  decode,
  type Endpoint,
  type ValidHeader,
} from '../../proxy-protocol/index.js';
import { showBytes } from '../show-bytes.js';
import { nameFault } from './name-fault.js';
import { networkMarks } from './network-header.js';

/** Milliseconds for a header to come, and to be whole: the specification's least (2: "at least 3 seconds"). */
export const headerWaitMs = 3000;
/** Milliseconds for what follows a header, once it pauses. */
export const restWaitMs = 300;

/** No more is kept of what comes in. */
const keptAtMost = 8192;

/** The connection's own ends. */
export interface ConnectionEnds {
  readonly remote: NamedEndpoint;
  readonly local: NamedEndpoint;
}

/** Judges one connection by its first bytes, as they come. */
export interface ConnectionJudge {
  /** Takes bytes; true once no further byte could change what they are. */
  readonly push: (chunk: Uint8Array) => boolean;
  /** The bytes that came, as far as they are kept. */
  readonly kept: () => Buffer;
  /** Whether application data came, so that an answer is in place. */
  readonly data: () => ApplicationData | undefined;
  /** The judgement. `closed`: the other side ended it; else we did not wait longer. */
  readonly report: (closed: boolean, waitedMs: number) => Omit<ConnectionReport, 'at' | 'from' | 'own'>;
}

/** A judge for one connection. */
export function judgeConnection(ends: ConnectionEnds): ConnectionJudge {
  const decoder = createDecoder();
  let kept = Buffer.alloc(0);
  let pieces = 0;
  let decoded: Decoded = { kind: 'incomplete' };
  const rest = (): Buffer => (decoded.kind === 'valid' ? kept.subarray(decoded.consumed) : kept);
  return {
    push: (chunk) => {
      if (chunk.length === 0) return decoded.kind !== 'incomplete';
      if (decoded.kind === 'incomplete') {
        pieces += 1;
        decoded = decoder.push(chunk);
      }
      if (kept.length < keptAtMost) kept = Buffer.concat([kept, chunk.subarray(0, keptAtMost - kept.length)]);
      return decoded.kind !== 'incomplete';
    },
    kept: () => kept,
    data: () => (decoded.kind === 'valid' || decoded.kind === 'absent' ? dataOf(rest()) : undefined),
    report: (closed, waitedMs) => {
      const { text, hex } = showBytes(kept);
      const common = { notes: [] as readonly string[], text, hex };
      switch (decoded.kind) {
        case 'incomplete':
          return kept.length === 0
            ? {
                ...common,
                verdict: 'empty',
                ...(closed ? {} : { reason: `no bytes came within ${waitedMs} ms, and it was still open` }),
              }
            : {
                ...common,
                verdict: 'malformed',
                ...nameFault(kept, {
                  field: 'end',
                  reason: `the header stops after ${kept.length} bytes, and ${closed ? 'the connection was closed' : `nothing more came within ${waitedMs} ms`}`,
                  offset: kept.length,
                }),
              };
        case 'invalid': {
          const { field, reason, offset } = decoded;
          return { ...common, verdict: 'malformed', ...nameFault(kept, { field, reason, offset }) };
        }
        case 'absent':
          return {
            ...common,
            verdict: 'absent',
            data: dataOf(kept),
            ...(isHttpHealthCheck(kept) ? { healthCheck: true } : {}),
            notes: absentNotes(kept),
          };
        case 'valid':
          return { ...common, ...validReport(decoded, kept, pieces, ends) };
      }
    },
  };
}

function validReport(header: ValidHeader, kept: Buffer, pieces: number, ends: ConnectionEnds) {
  const rest = kept.subarray(header.consumed);
  const { notes, ...marks } = networkMarks(kept, header);
  const data = dataOf(rest);
  const behind = decode(rest);
  const second = behind.kind === 'valid' ? headerReport(behind) : undefined;
  // A LOCAL header says that the connection is the sender's own, also where a request follows.
  const healthCheck = header.command === 'LOCAL' || (rest.length === 0 && isHealthCheck(header, ends));
  return {
    verdict: header.version === 1 ? ('proxy-v1' as const) : ('proxy-v2' as const),
    ...headerReport(header),
    ...marks,
    ...(data === undefined || second !== undefined ? {} : { data }),
    ...(healthCheck ? { healthCheck } : {}),
    ...(pieces > 1 ? { pieces } : {}),
    ...(second === undefined ? {} : { second }),
    notes: [
      ...(pieces > 1
        ? [`The header came in ${pieces} pieces: HAProxy, nginx and lighttpd would have refused it.`]
        : []),
      ...(second === undefined
        ? []
        : [
            'A second header follows the first: something in front of the load balancer sends one too. The real client is in the second.',
          ]),
      ...(healthCheck ? nodePortNote(header, ends) : []),
      ...notes,
      ...(header.family === 'UNKNOWN' && header.version === 1
        ? ['The line names no client (UNKNOWN); several servers refuse such a line.']
        : []),
    ],
  };
}

function headerReport({ version, command, family, source, destination }: ValidHeader): HeaderReport {
  const [from, to] = [inet(source), inet(destination)];
  return {
    version,
    command,
    family,
    ...(from === undefined ? {} : { source: from }),
    ...(to === undefined ? {} : { destination: to }),
  };
}

function inet(endpoint: Endpoint | undefined): NamedEndpoint | undefined {
  return endpoint !== undefined && 'address' in endpoint ? endpoint : undefined;
}

function nodePortNote(header: ValidHeader, { local }: ConnectionEnds): readonly string[] {
  const port = inet(header.destination)?.port ?? local.port;
  return port === local.port
    ? []
    : [`A health check of port ${port}, which is a Kubernetes NodePort that forwards here.`];
}

/** Where Kubernetes opens a service's ports on its nodes, unless the cluster says otherwise. */
function isNodePort(port: number): boolean {
  return port >= 30_000 && port <= 32_767;
}

/**
 * A check's own header: a line that describes this very socket (HAProxy's); or the sender's own address twice
 * with the instance port, where a client's line has the listener's (Classic ELB's). The instance port is this one, or a
 * NodePort that leads here.
 */
function isHealthCheck(header: ValidHeader, { remote, local }: ConnectionEnds): boolean {
  const [source, destination] = [inet(header.source), inet(header.destination)];
  if (source === undefined || destination === undefined) return false;
  if (source.address === destination.address)
    return destination.port === local.port || isNodePort(destination.port);
  return (
    source.address === remote.address &&
    source.port === remote.port &&
    destination.address === local.address &&
    destination.port === local.port
  );
}

function dataOf(bytes: Buffer): ApplicationData | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === 0x16 && (bytes[1] ?? 3) === 3 && (bytes[5] ?? 1) === 1) return 'tls-client-hello';
  return /^[A-Z]{3,20} \S+ HTTP\/1\.[01]\r?\n/.test(bytes.toString('latin1')) ? 'http' : 'other';
}

/** The service's own agent; the only difference between its request and a client's. */
function isHttpHealthCheck(bytes: Buffer): boolean {
  return dataOf(bytes) === 'http' && /^User-Agent: ELB-HealthChecker/im.test(bytes.toString('latin1'));
}

function absentNotes(bytes: Buffer): readonly string[] {
  const data = dataOf(bytes);
  if (data === 'tls-client-hello') {
    return [
      'A TLS ClientHello came first: a TCP listener that passes TLS on without the PROXY policy, or an SSL instance protocol.',
    ];
  }
  if (data !== 'http') return [];
  const text = bytes.toString('latin1');
  return [
    ...(isHttpHealthCheck(bytes)
      ? [
          /^User-Agent: ELB-HealthChecker\/2/im.test(text)
            ? 'An HTTP health check without a header: of a Network Load Balancer whose target group has the PROXY protocol off, or of an Application Load Balancer.'
            : 'An HTTP health check of the load balancer: these never carry a PROXY line.',
        ]
      : []),
    ...(/^X-Forwarded-For:/im.test(text)
      ? ['It carries X-Forwarded-For: the listener is HTTP or HTTPS, which sends no PROXY line.']
      : []),
  ];
}
