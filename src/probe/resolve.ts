import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** No more addresses of one name are tried. */
const addressesAtMost = 3;

/** Where a host leads, or why that is not known. */
export interface Resolved {
  /** In the system's order; the first few. */
  readonly addresses: readonly string[];
  /** How many there are of the first one's family. */
  readonly alike: number;
  /** In words, if there is no address. */
  readonly why: string;
}

/** The addresses of a host, looked up in time. Never rejects. */
export async function resolve(host: string, timeoutMs: number): Promise<Resolved> {
  const { addresses, why } = await addressesOf(host, timeoutMs);
  const alike = addresses.filter((address) => isIP(address) === isIP(addresses[0] ?? '')).length;
  return { addresses: addresses.slice(0, addressesAtMost), alike, why };
}

/** Every address of a host, each once, in the system's order; or, in words, why there is none. Never rejects. */
export async function addressesOf(
  host: string,
  timeoutMs: number,
): Promise<Pick<Resolved, 'addresses' | 'why'>> {
  if (isIP(host) !== 0) return { addresses: [host], why: '' };
  const late = `the name ${host} could not be resolved within ${timeoutMs / 1000} s`;
  const none = { addresses: [], why: `the name ${host} has no address` };
  const over = new AbortController();
  const found = lookup(host, { all: true }).then(
    (all) =>
      all.length === 0 ? none : { addresses: [...new Set(all.map(({ address }) => address))], why: '' },
    () => none,
  );
  try {
    return await Promise.race([
      found,
      delay(timeoutMs, { addresses: [], why: late }, { signal: over.signal }),
    ]);
  } finally {
    over.abort();
  }
}
