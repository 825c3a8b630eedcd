import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Addresses } from '../app/guard/network.js';
import { addressesOf } from './resolve.js';

/** Milliseconds that a name may take. */
const lookupMs = 3000;

/** Every address of a host, within three seconds; IPv6 ones are out of reach without an own one. Never rejects. */
export async function guardAddresses(host: string): Promise<Addresses> {
  const { addresses, why } = await addressesOf(host, lookupMs);
  const far = hasIPv6() ? [] : addresses.filter((address) => isIPv6(address) && address !== '::1');
  const near = addresses.filter((address) => !far.includes(address));
  return near.length === 0 ? { addresses, why, outOfReach: [] } : { addresses: near, why, outOfReach: far };
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(
      ({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80:'),
    ),
  );
}
