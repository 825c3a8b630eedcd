import {
  type ConnectionReport,
  type ConnectionVerdict,
  isTraffic,
  type ThroughReport,
} from '../core/verify-connection.js';

/** A port that is listened on. */
export interface Sink extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** The dependencies of a listening run. */
export interface ListenPorts {
  /** Rejects with an ElbProxyError if the port cannot be bound. */
  readonly openSink: (onConnection: (report: ConnectionReport) => void) => Promise<Sink>;
  /** Connects through the load balancer, again and again, until `arrived` gives true or its time is over. */
  readonly reach?: ((arrived: () => boolean, signal: AbortSignal) => Promise<ThroughReport>) | undefined;
}

/** How long to listen. */
export interface ListenBounds {
  /** Connections that count; undefined: any number. */
  readonly count?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly onListening: (sink: Sink) => void;
  readonly onConnection: (report: ConnectionReport) => void;
}

/** The result of listening. */
export interface Heard {
  readonly listening: { readonly host: string; readonly port: number };
  readonly ended: 'count' | 'timeout' | 'interrupted' | 'through';
  readonly through?: ThroughReport | undefined;
  readonly connections: readonly ConnectionReport[];
  /** Connections that came after the ten thousand that are kept. */
  readonly omitted: number;
}

/** No more reports are kept than these: a port may be listened on for days. */
const keptAtMost = 10_000;

/** Listens and judges until there were enough connections, or time is over, or the signal ends it. */
export async function verifyListen(ports: ListenPorts, bounds: ListenBounds): Promise<Heard> {
  const { count, timeoutMs, signal } = bounds;
  const connections: ConnectionReport[] = [];
  let [omitted, counted, arrived] = [0, 0, false];
  let end: ((why: Heard['ended']) => void) | undefined;
  const ending = new Promise<Heard['ended']>((resolve) => {
    end = resolve;
  });
  await using sink = await ports.openSink((report) => {
    if (connections.length < keptAtMost) connections.push(report);
    else omitted += 1;
    if (report.own === true) arrived = true;
    bounds.onConnection(report);
    if (isTraffic(report)) counted += 1;
    if (count !== undefined && counted >= count) end?.('count');
  });
  bounds.onListening(sink);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end?.('timeout'), timeoutMs);
  const abort = (): void => end?.('interrupted');
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const reached = ports.reach?.(() => arrived, signal);
    if (reached !== undefined) void reached.then(() => end?.('through'));
    const ended = await ending;
    const through = ended === 'through' ? await reached : undefined;
    return {
      listening: { host: sink.host, port: sink.port },
      ended,
      ...(through === undefined ? {} : { through }),
      connections: [...connections],
      omitted,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Why an expectation is not met; undefined if it is. Health checks do not count, unless `empty` is expected. */
export function unmetExpectation(
  { connections, through }: Heard,
  expected: ConnectionVerdict,
): string | undefined {
  if (through !== undefined) {
    if (through.outcome !== 'arrived') return through.reason;
    const own = connections.find((report) => report.own === true);
    return own === undefined || own.verdict === expected ? undefined : `it is ${own.verdict}`;
  }
  const counting = expected === 'empty' ? connections : connections.filter(isTraffic);
  if (counting.length === 0) return 'no connection arrived';
  const wrong = counting.filter(({ verdict }) => verdict !== expected);
  const [first] = wrong;
  if (first === undefined) return undefined;
  return `${wrong.length} of ${counting.length} connections differ; the first is ${first.verdict}`;
}
