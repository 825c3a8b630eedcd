import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** No more addresses of one name are tried. */
const addressesAtMost = 3;

/** The addresses of a host, in the system's order; none where the name leads nowhere in time. Never rejects. */
export async function resolve(host: string, timeoutMs: number): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((done) => {
    timer = setTimeout(() => done([]), timeoutMs);
  });
  const found = lookup(host, { all: true }).then(
    (all) => [...new Set(all.map(({ address }) => address))].slice(0, addressesAtMost),
    () => [],
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}
