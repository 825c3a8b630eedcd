import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as secureConnect } from 'node:tls';
import { hostAndPort } from '../../../core/host-and-port.js';
import { codeOf } from '../../../errors.js';
import { limitCheck } from '../../data-plane/check-again.js';
import type { TargetHealthCheck } from '../shapes.js';
import { healthCheckHeader } from './proxy-header.js';

/** One check of one target. */
export interface TargetCheck {
  readonly settings: TargetHealthCheck;
  readonly address: string;
  readonly port: number;
  /** Where the check comes from; the system's choice when it is left out. */
  readonly localAddress: string | undefined;
  /** Whether the group has the PROXY protocol on: then every check carries a header, on any port. */
  readonly proxy: boolean;
  /** Ends the check, which has failed then. */
  readonly signal: AbortSignal;
}

/** The result of a check, with the reason of a failure as DescribeTargetHealth gives it. */
export type CheckResult =
  | { readonly passed: true }
  | { readonly passed: false; readonly reason: string; readonly description: string };

const passed: CheckResult = { passed: true };
const failed: CheckResult = {
  passed: false,
  reason: 'Target.FailedHealthChecks',
  description: 'Health checks failed',
};
const timedOut: CheckResult = { passed: false, reason: 'Target.Timeout', description: 'Request timed out' };

/** Whether a status is one of a matcher's (`200-399`, `200,301`). */
export const matches = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [from = '', to = from] = part.split('-');
    return status >= Number(from) && status <= Number(to);
  });

function open({ address, port, localAddress, proxy }: TargetCheck): Socket {
  const socket = connect({
    host: address,
    port,
    ...(localAddress === undefined ? {} : { localAddress }),
    noDelay: true,
  });
  // In a segment of its own, as in the capture: the request is another write.
  if (proxy) socket.write(healthCheckHeader);
  return socket;
}

// Passed as soon as there is a connection, even if the target then rejects the header.
const connects = (socket: Socket, done: (result: CheckResult) => void): void => {
  socket.once('connect', () => {
    done(passed);
    socket.resume().end();
  });
};

function answers(
  socket: Socket,
  { settings, address, port }: TargetCheck,
  done: (result: CheckResult) => void,
): void {
  const { path, matcher = '200-399', protocol } = settings;
  // The header is in clear in front of the handshake.
  const stream =
    protocol === 'HTTPS'
      ? secureConnect({ socket, rejectUnauthorized: false }).on('error', () => undefined)
      : socket;
  const asked = request({
    createConnection: () => stream,
    path,
    headers: {
      host: hostAndPort(address, port),
      connection: 'close',
      'user-agent': 'ELB-HealthChecker/2.0',
      'accept-encoding': 'gzip, compressed',
    },
  });
  asked.once('response', (response: IncomingMessage) => {
    const { statusCode = 0 } = response;
    done(
      matches(matcher, statusCode)
        ? passed
        : {
            passed: false,
            reason: 'Target.ResponseCodeMismatch',
            description: `Health checks failed with these codes: [${statusCode}]`,
          },
    );
    socket.destroy();
  });
  asked.on('error', (error) => done(codeOf(error) === 'ETIMEDOUT' ? timedOut : failed));
  asked.end();
}

/** Makes one check. Never rejects, and takes no longer than the check's timeout. */
export function checkTarget(check: TargetCheck): Promise<CheckResult> {
  const { settings, signal } = check;
  return new Promise((resolve) => {
    const socket = open(check);
    limitCheck(socket, { timeoutMs: settings.timeout * 1000, signal }, (how) =>
      resolve(how === 'timeout' ? timedOut : failed),
    );
    if (settings.protocol === 'TCP') connects(socket, resolve);
    else answers(socket, check, resolve);
  });
}
