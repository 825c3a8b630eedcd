import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The addresses under which a listening address can be reached from elsewhere; none where it is loopback. */
export function reachableAddresses(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return isLoopback(host) ? [] : [host];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
    .filter((address) => (host === '0.0.0.0' ? isIPv4(address) : isIPv4(address) || isIPv6(address)));
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}
