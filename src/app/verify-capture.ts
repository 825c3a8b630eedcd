import type { CaptureEnding, CaptureRead, NotJudged, NotJudgedCode } from '../core/verify-capture.js';
import { type ConnectionReport, type ConnectionVerdict, isTraffic } from '../core/verify-connection.js';

interface CaptureListener {
  readonly onConnection: (report: ConnectionReport) => void;
  readonly onNotJudged: (connection: NotJudged) => void;
}

/** Reads a capture to its end, or until the signal stops it. */
type ReadCapture = (listener: CaptureListener, signal: AbortSignal) => Promise<CaptureRead>;

interface CaptureBounds {
  /** Connections that count; undefined: any number. */
  readonly count?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  /** After the signal, for what the writer of a pipe still has when it ends by the same Ctrl-C. */
  readonly lingerMs: number;
  readonly onConnection: (report: ConnectionReport) => void;
}

/** The findings in a capture; the connections themselves are handed on one by one. */
export interface JudgedCapture extends Omit<CaptureRead, 'ended'> {
  readonly ended: CaptureEnding;
  /** How many connections have each verdict, in the order in which they first came. */
  readonly verdicts: ReadonlyMap<ConnectionVerdict, number>;
  /** The same without health checks. */
  readonly traffic: ReadonlyMap<ConnectionVerdict, number>;
  /** Lines and headers that a load balancer sends of its own accord. */
  readonly healthChecks: number;
  /** The first thousand that are not judged. */
  readonly notJudged: readonly NotJudged[];
  readonly notJudgedCounts: ReadonlyMap<NotJudgedCode, number>;
}

/** No more are named: a busy port has thousands of connections when a capture begins. */
const namedAtMost = 1000;

/** Reads and judges until the end of the capture, enough connections, the end of the time, or the signal. */
export async function verifyCapture(read: ReadCapture, bounds: CaptureBounds): Promise<JudgedCapture> {
  const { count, timeoutMs, signal, lingerMs } = bounds;
  const stop = new AbortController();
  let why: 'count' | 'timeout' | 'interrupted' | undefined;
  const end = (reason: typeof why): void => {
    why ??= reason;
    stop.abort();
  };
  const verdicts = new Map<ConnectionVerdict, number>();
  const traffic = new Map<ConnectionVerdict, number>();
  const notJudgedCounts = new Map<NotJudgedCode, number>();
  const notJudged: NotJudged[] = [];
  let healthChecks = 0;
  let counted = 0;
  const listener: CaptureListener = {
    onConnection: (report) => {
      if (why === 'count') return;
      add(verdicts, report.verdict);
      if (report.healthCheck === true) healthChecks += 1;
      bounds.onConnection(report);
      if (!isTraffic(report)) return;
      add(traffic, report.verdict);
      counted += 1;
      if (counted === count) end('count');
    },
    onNotJudged: (connection) => {
      if (why === 'count') return;
      add(notJudgedCounts, connection.code);
      if (notJudged.length < namedAtMost) notJudged.push(connection);
    },
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), timeoutMs);
  let linger: ReturnType<typeof setTimeout> | undefined;
  let interrupted = false;
  const abort = (): void => {
    interrupted = true;
    linger = setTimeout(() => end('interrupted'), lingerMs);
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const { ended, ...rest } = await read(listener, stop.signal);
    const stopped = why ?? (interrupted ? 'interrupted' : undefined);
    return {
      ...rest,
      ended: ended === 'stopped' || interrupted ? (stopped ?? 'interrupted') : ended,
      verdicts,
      traffic,
      healthChecks,
      notJudged,
      notJudgedCounts,
    };
  } finally {
    clearTimeout(timer);
    clearTimeout(linger);
    signal.removeEventListener('abort', abort);
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Why an expectation is not met; undefined if it is. Health checks do not count, unless `empty` is expected. */
export function unmetInCapture(
  { verdicts, traffic, ended, notJudged }: JudgedCapture,
  expected: ConnectionVerdict,
): string | undefined {
  if (ended === 'damaged') return 'the capture is damaged, so the rest is unknown';
  const counting = expected === 'empty' ? verdicts : traffic;
  const total = [...counting.values()].reduce((sum, one) => sum + one, 0);
  if (total === 0) return notJudged.length === 0 ? 'no connection arrived' : 'no connection could be judged';
  const [first] = [...counting.keys()].filter((verdict) => verdict !== expected);
  if (first === undefined) return undefined;
  return `${total - (counting.get(expected) ?? 0)} of ${total} connections differ; the first is ${first}`;
}
