import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Addresses } from '../app/guard/network.js';

/** Milliseconds that a name may take. */
const lookupMs = 3000;

/**
 * Every address of a host, asked for now, within three seconds. IPv6 ones are out of reach for a machine without an
 * IPv6 address of its own, if there are others. Never rejects.
 */
export async function guardAddresses(host: string): Promise<Addresses> {
  if (isIP(host) !== 0) return { addresses: [host], why: '', outOfReach: [] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Addresses>((resolve) => {
    timer = setTimeout(
      () => resolve(nowhere(`the name ${host} could not be resolved within ${lookupMs / 1000} s`)),
      lookupMs,
    );
  });
  const found = lookup(host, { all: true }).then(
    (all) => reachable([...new Set(all.map(({ address }) => address))], host),
    () => nowhere(`the name ${host} has no address`),
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reachable(all: readonly string[], host: string): Addresses {
  if (all.length === 0) return nowhere(`the name ${host} has no address`);
  const far = hasIPv6() ? [] : all.filter((address) => isIPv6(address) && address !== '::1');
  const near = all.filter((address) => !far.includes(address));
  return near.length === 0
    ? { addresses: all, why: '', outOfReach: [] }
    : { addresses: near, why: '', outOfReach: far };
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(
      ({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80:'),
    ),
  );
}

function nowhere(why: string): Addresses {
  return { addresses: [], why, outOfReach: [] };
}
