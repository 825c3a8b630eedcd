import { isIP, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { ThroughReport } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { httpRequest } from '../applications.js';
import { openConnection } from '../open-connection.js';
import { resolve } from '../resolve.js';

interface ReachOptions {
  readonly host: string;
  readonly port: number;
  readonly nonce: string;
  /** Gains the address and port of each connection that is made: a line that names one is about ours. */
  readonly ours: Set<string>;
  /** For all attempts together. */
  readonly timeoutMs: number;
  /** Whether the listener wants TLS; undefined: plain first, TLS where that did not arrive. */
  readonly tls?: boolean | undefined;
  readonly arrived: () => boolean;
  readonly signal: AbortSignal;
}

/** One attempt: a load balancer with several instances may send it to another one. */
const attemptMs = 1500;
const pauseMs = 100;
const looksEveryMs = 10;

/** Connects through a load balancer, with a GET, until the request comes out at our own port. Never rejects. */
export async function reachThrough(options: ReachOptions): Promise<ThroughReport> {
  const { host, port, timeoutMs, arrived, signal } = options;
  const target = targetName({ host, port });
  const deadline = performance.now() + timeoutMs;
  const { addresses, why } = await resolve(host, timeoutMs);
  if (addresses.length === 0)
    return notThere(target, 0, why, 'check the name, and that this machine can resolve it');
  let attempts = 0;
  let seenFrom: string | undefined;
  let tls = options.tls ?? false;
  while (performance.now() < deadline && !signal.aborted) {
    const address = addresses[attempts % addresses.length] ?? '';
    attempts += 1;
    const left = deadline - performance.now();
    // A load balancer has an address in each zone, and one of them may be out of reach.
    const openMs = addresses.length > 1 ? Math.min(attemptMs, left) : left;
    const opened = await openConnection(address, port, openMs, signal);
    if ('failed' in opened) {
      const { failed } = opened;
      if (failed !== 'reset' && seenFrom === undefined && attempts >= addresses.length && !signal.aborted)
        return notThere(target, attempts, refusals[failed] ?? 'it could not be reached', advice.notThere);
    } else {
      // This attempt's address: what arrives is compared with it.
      const { source } = opened.ends;
      seenFrom = targetName({ host: source.address, port: source.port });
      options.ours.add(seenFrom);
      await attempt(opened.socket, tls, options, Math.min(attemptMs, left));
      if (arrived()) {
        return {
          target,
          outcome: 'arrived',
          attempts,
          seenFrom,
          reason: `it came out here${attempts === 1 ? '' : `, at attempt ${attempts}`}`,
          advice: '',
        };
      }
    }
    if (options.tls === undefined) tls = !tls;
    await pause(pauseMs);
  }
  return {
    target,
    outcome: 'nothing-arrived',
    attempts,
    ...(seenFrom === undefined ? {} : { seenFrom }),
    reason: `${target} accepted the connection, but nothing arrived here (${attempts} attempts)`,
    advice: advice.nothingArrived,
  };
}

const refusals: Readonly<Record<string, string>> = {
  refused: 'it refused the connection: nothing listens there',
  timeout: 'the connection was not established in time',
};

const advice = {
  notThere:
    "check the load balancer's DNS name, its listener's port and its security group; UDP and QUIC listeners take no TCP connection",
  nothingArrived:
    'check that this machine is registered and in service, that the listener forwards to this port, and that the security group lets the load balancer in; with other instances registered, give it a longer --timeout',
} as const;

function notThere(target: string, attempts: number, why: string, advise: string): ThroughReport {
  return { target, outcome: 'not-there', attempts, reason: `${target}: ${why}`, advice: advise };
}

/** Sends the request, and waits until it has arrived, the connection is closed, or the time is over. */
async function attempt(
  socket: Socket,
  tls: boolean,
  { nonce, host, port, arrived, signal }: ReachOptions,
  ms: number,
): Promise<void> {
  const request = httpRequest(`/elb-proxy-verify-${nonce}`, targetName({ host, port }));
  const stream = tls
    ? connectTls({
        socket,
        rejectUnauthorized: false,
        minVersion: 'TLSv1',
        ...(isIP(host) === 0 ? { servername: host } : {}),
      })
    : socket;
  let closed = false;
  stream.on('error', () => (closed = true));
  stream.once('close', () => (closed = true));
  stream.resume();
  // Written at once in TLS, too: Node.js keeps it until the session is established.
  stream.write(request);
  const until = performance.now() + ms;
  let closedFor = 0;
  while (!arrived() && !signal.aborted && performance.now() < until && closedFor < 20) {
    await pause(looksEveryMs);
    // The relayed request may be judged a moment after the load balancer closed our side.
    if (closed) closedFor += 1;
  }
  stream.destroy();
  socket.destroy();
}
