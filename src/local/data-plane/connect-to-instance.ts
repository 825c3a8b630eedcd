import { connect, type OnReadOpts, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, connect as secureConnect } from 'node:tls';

/** Where to connect to, and how. */
export interface InstanceEnd {
  readonly address: string;
  readonly port: number;
  /** TLS, without asking for a certificate or naming a server. */
  readonly secure: boolean;
  /** The address to connect from; the system's choice when it is left out. */
  readonly localAddress?: string | undefined;
  /** Receives the bytes instead of `data` events; not behind TLS. */
  readonly onread?: OnReadOpts | undefined;
}

/** How many bytes may wait for a slow reader before reading from the other side pauses. */
export const BUFFER_BYTES = 128 * 1024;

/** A listener that sends what was held back. */
export function uncork(this: Socket): void {
  this.uncork();
}

let context: SecureContext | undefined;

/** Begins a connection to an instance. */
export function connectToInstance({ address, port, secure, localAddress, onread }: InstanceEnd): Socket {
  const options = {
    host: address,
    port,
    ...(localAddress === undefined ? {} : { localAddress }),
    allowHalfOpen: true,
    noDelay: true,
    highWaterMark: BUFFER_BYTES,
  };
  if (!secure) return connect(onread === undefined ? options : { ...options, onread });
  context ??= createSecureContext();
  return secureConnect({ ...options, secureContext: context, rejectUnauthorized: false });
}
