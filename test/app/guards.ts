import { networkGuard } from '../../src/app/guard/network.js';
import type { GuardProbe } from '../../src/app/guard/watcher.js';
import type { Clock } from '../../src/app/ports.js';
import { fakeClock } from './run.js';

/** A guard that connects nowhere: each name is its own only address, and `look` says what is seen there. */
export function fakeGuard(
  name: string,
  look: (at: { readonly host: string; readonly port: number; readonly secure: boolean }) => boolean,
  {
    tls,
    eitherWay = true,
    clock = fakeClock(),
    addresses = (host) => [host],
  }: {
    readonly tls?: boolean | undefined;
    readonly eitherWay?: boolean;
    readonly clock?: Clock;
    readonly addresses?: (host: string) => readonly string[];
  } = {},
): GuardProbe {
  return networkGuard(
    {
      name,
      tls,
      eitherWay,
      resolve: async (host) => ({ addresses: addresses(host), why: 'no address', outOfReach: [] }),
      look: async ({ address, port, secure }) => {
        const passed = look({ host: address, port, secure });
        return { passed, seen: passed ? 'HTTP 200' : 'HTTP 400', ms: 1 };
      },
    },
    clock,
  );
}
