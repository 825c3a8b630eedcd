import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

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
  if (isIP(host) !== 0) return { addresses: [host], alike: 1, why: '' };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Resolved>((done) => {
    timer = setTimeout(
      () => done(nowhere(`the name ${host} could not be resolved within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
  });
  const found = lookup(host, { all: true }).then(
    (all): Resolved => {
      const addresses = [...new Set(all.map(({ address }) => address))];
      const alike = addresses.filter((address) => isIP(address) === isIP(addresses[0] ?? '')).length;
      return { addresses: addresses.slice(0, addressesAtMost), alike, why: '' };
    },
    () => nowhere(`the name ${host} has no address`),
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}

function nowhere(why: string): Resolved {
  return { addresses: [], alike: 0, why };
}
