import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Sink } from '../../app/verify-listen.js';
import type { ConnectionReport } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { ElbProxyError } from '../../errors.js';
import { type ConnectionEnds, headerWaitMs, judgeConnection, restWaitMs } from './judge-connection.js';

interface SinkOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Marks the connection that we make ourselves. */
  readonly nonce: string;
  /** Ends of the connections that we made, as `address:port`; a line that names one marks its connection as ours, too. */
  readonly ours?: ReadonlySet<string> | undefined;
  readonly onConnection: (report: ConnectionReport) => void;
}

/** The way out by the error's code, unless someone else listens there. */
const hints: Readonly<Record<string, string>> = {
  EACCES: 'ports below 1024 need root here: give a higher --port, or run it as root',
  EADDRNOTAVAIL: 'give an address of this machine with --host; 0.0.0.0 binds them all',
};

/**
 * Listens, judges each connection's first bytes and closes it. An HTTP request is answered 200, so that an HTTP health
 * check does not take this port out of service.
 * @throws ElbProxyError `port-unavailable`
 */
export async function openSink({ host, port, nonce, ours, onConnection }: SinkOptions): Promise<Sink> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    hear(socket, { nonce, ours, onConnection });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, backlog: 1024 }, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new ElbProxyError(`can't listen on ${targetName({ host, port })}: ${error.message}`, {
      code: 'port-unavailable',
      fault: 'user',
      hint: hints[error.code ?? ''] ?? 'stop what is listening there, or give another --port or --host',
      cause: error,
    });
  });
  // Too many descriptors, say: the connections that are open are judged anyway.
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  return {
    host: bound.address,
    port: bound.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function hear(
  socket: Socket,
  { nonce, ours, onConnection }: Pick<SinkOptions, 'nonce' | 'ours' | 'onConnection'>,
): void {
  const at = new Date().toISOString();
  const ends = endsOf(socket);
  const judge = judgeConnection(ends);
  let settled = false;
  const settle = (closed: boolean): void => {
    if (settled) return;
    settled = true;
    clearTimeout(longest);
    clearTimeout(rest);
    const report = judge.report(closed, headerWaitMs);
    const own = judge.kept().includes(nonce) || namesOurs(report, ours);
    onConnection({
      at,
      from: targetName({ host: ends.remote.address, port: ends.remote.port }),
      ...report,
      ...(own ? { own } : {}),
    });
    const answer = judge.data() === 'http' ? httpAnswer(report.verdict) : '';
    socket.end(answer);
    socket.resume();
    setTimeout(() => socket.destroy(), restWaitMs).unref();
  };
  const longest = setTimeout(() => settle(false), headerWaitMs);
  let rest: NodeJS.Timeout | undefined;
  socket.on('data', (chunk: Buffer) => {
    if (settled || !judge.push(chunk)) return;
    const data = judge.data();
    // A whole request, or what no header can are behind: nothing to wait for.
    if (data === 'http' && judge.kept().includes('\r\n\r\n')) return settle(false);
    clearTimeout(rest);
    rest = setTimeout(() => settle(false), restWaitMs);
  });
  socket.once('end', () => settle(true));
  socket.on('error', () => settle(true));
  socket.once('close', () => settle(true));
}

/** With TLS behind the line, the nonce can't be read; but the line still says whose connection it is. */
function namesOurs(
  { source, second }: Pick<ConnectionReport, 'source' | 'second'>,
  ours: SinkOptions['ours'],
): boolean {
  return [source, second?.source].some(
    (end) => end !== undefined && ours?.has(targetName({ host: end.address, port: end.port })) === true,
  );
}

function httpAnswer(verdict: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${verdict.length + 1}\r\nConnection: close\r\n\r\n${verdict}\n`;
}

function endsOf({
  remoteAddress = '',
  remotePort = 0,
  localAddress = '',
  localPort = 0,
}: Socket): ConnectionEnds {
  return {
    remote: { address: plain(remoteAddress), port: remotePort },
    local: { address: plain(localAddress), port: localPort },
  };
}

/** A dual-stack socket's IPv4 address as IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
