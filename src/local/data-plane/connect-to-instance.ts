import { connect, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, connect as secureConnect } from 'node:tls';

/** Where to connect to, and how. */
export interface InstanceEnd {
  readonly address: string;
  readonly port: number;
  /** TLS, with no certificate asked for and no server name told. */
  readonly secure: boolean;
  /** The load balancer's address. */
  readonly from: string;
}

/** How much may wait for a slow reader, in bytes, before the other side is not read from any more. */
export const BUFFER_BYTES = 128 * 1024;

let context: SecureContext | undefined;

const isLoopback = (address: string): boolean => address.startsWith('127.');

/**
 * The address that a connection to an instance comes from: the load balancer's own, as in a VPC, so that a
 * backend can tell it from other clients. An instance elsewhere could not answer to a loopback address.
 */
export const localAddressFor = (from: string, address: string): string | undefined =>
  from !== '127.0.0.1' && isLoopback(from) && isLoopback(address) ? from : undefined;

/** Begins a connection to an instance. */
export function connectToInstance({ address, port, secure, from }: InstanceEnd): Socket {
  const localAddress = localAddressFor(from, address);
  const options = {
    host: address,
    port,
    ...(localAddress === undefined ? {} : { localAddress }),
    allowHalfOpen: true,
    noDelay: true,
    highWaterMark: BUFFER_BYTES,
  };
  if (!secure) return connect(options);
  context ??= createSecureContext();
  return secureConnect({ ...options, secureContext: context, rejectUnauthorized: false });
}
