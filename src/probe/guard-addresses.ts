import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Addresses } from '../app/guard/network.js';
import { addressesOf } from './resolve.js';

/** Milliseconds that a name may take. */
const lookupMs = 3000;

/** Every address of a host, within three seconds; IPv6 addresses are out of reach if this machine has none of its own. Never rejects. */
export async function guardAddresses(host: string): Promise<Addresses> {
  const { addresses, why } = await addressesOf(host, lookupMs);
  const six = addresses.filter((address) => isIPv6(address) && address !== '::1');
  const near = addresses.filter((address) => !six.includes(address));
  return six.length === 0 || near.length === 0 || hasIPv6()
    ? { addresses, why, outOfReach: [] }
    : { addresses: near, why, outOfReach: six };
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(
      ({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80:'),
    ),
  );
}
