import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { encodeV1 } from '../../proxy-protocol/index.js';
import type { Protocol } from '../shapes.js';
import { limitCheck } from './check-again.js';
import { connectToInstance } from './connect-to-instance.js';

/** The target of a health check. */
export interface HealthTarget {
  readonly protocol: Protocol;
  readonly port: number;
  /** HTTP and HTTPS only. */
  readonly path: string;
}

/** A health check's target (`TCP:8443`, `HTTP:80/health`) in its parts; it was checked when it was set. */
export function healthTarget(target: string): HealthTarget {
  const [, protocol = 'TCP', port = '0', path = ''] = /^(\w+):(\d+)(.*)$/s.exec(target) ?? [];
  return { protocol: protocol as Protocol, port: Number(port), path };
}

/** One check of one instance. */
export interface InstanceCheck {
  readonly target: HealthTarget;
  readonly address: string;
  /** Where the check comes from: the load balancer's address, where it leads to the instance. */
  readonly localAddress: string | undefined;
  /** Whether the target's port has the PROXY policy. */
  readonly proxy: boolean;
  readonly timeoutMs: number;
  /** Ends the check, which has failed then. */
  readonly signal: AbortSignal;
}

/**
 * The bare line that a TCP check sends to a port with the policy: the load balancer's own address twice, its
 * source port, and the instance port, where a client's line has the listener's (checkr/codeflow#117).
 */
function checkLine(socket: Socket, port: number): Uint8Array | undefined {
  const { localAddress: address, localPort } = socket;
  if (address === undefined || localPort === undefined) return undefined;
  return encodeV1({ source: { address, port: localPort }, destination: { address, port } });
}

// Passed as soon as there is a connection, or for SSL a handshake, even if the instance then closes it. An SSL check
// sends no line: AWS does not publish whether the real one does.
function connects(check: InstanceCheck): Promise<boolean> {
  const { target, address, localAddress, proxy } = check;
  const secure = target.protocol === 'SSL';
  const socket = connectToInstance({ address, port: target.port, secure, localAddress });
  return new Promise((resolve) => {
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      resolve(true);
      socket.resume();
      const line = proxy && !secure ? checkLine(socket, target.port) : undefined;
      if (line !== undefined) socket.write(line);
      socket.end();
    });
    limitCheck(socket, check, () => resolve(false));
  });
}

// Passed with exactly 200. No PROXY line, even if the port has the policy (komoju/barcelona#173).
function answers(check: InstanceCheck): Promise<boolean> {
  const { target, address, localAddress } = check;
  const request = (target.protocol === 'HTTPS' ? secureRequest : plainRequest)({
    host: address,
    port: target.port,
    path: target.path,
    localAddress,
    headers: { 'user-agent': 'ELB-HealthChecker/1.0', accept: '*/*' },
    agent: false,
    rejectUnauthorized: false,
    servername: '',
  });
  return new Promise((resolve) => {
    request.once('response', (response) => {
      resolve(response.statusCode === 200);
      response.on('error', () => undefined).resume();
    });
    limitCheck(request, check, () => resolve(false));
    request.end();
  });
}

/** Whether an instance passes a health check. Never rejects, and takes no longer than the timeout. */
export async function checkInstance(check: InstanceCheck): Promise<boolean> {
  switch (check.target.protocol) {
    case 'TCP':
    case 'SSL':
      return connects(check);
    case 'HTTP':
    case 'HTTPS':
      return answers(check);
  }
}
