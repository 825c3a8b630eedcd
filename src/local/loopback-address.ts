import { platform } from 'node:os';

const BLOCK = 256 * 254;

/** How many blocks of addresses there are: 127.0.1.1 begins the first, 127.1.0.1 the second, and so on. */
export const LOOPBACK_BLOCKS = 256;

/** The number of a block's first address. */
export const firstOfBlock = (block: number): number => Math.max(0, block * BLOCK - 254);

/** The block of the n-th address. */
export const blockOf = (n: number): number => Math.floor((n + 254) / BLOCK) % LOOPBACK_BLOCKS;

/**
 * The address of the n-th load balancer (from 0): its DNS name, and where its listeners are opened.
 *
 * Linux answers on all of 127.0.0.0/8, so each load balancer has an address to itself and two of them can
 * listen on the same port. 127.0.0.x is left out: the host itself, systemd-resolved and Docker live there.
 * Other systems have 127.0.0.1 only.
 */
export function loopbackAddress(n: number, system: string = platform()): string {
  if (system !== 'linux') return '127.0.0.1';
  const last = 1 + (n % 254);
  const middle = 1 + Math.floor(n / 254);
  return `127.${Math.floor(middle / 256) % 256}.${middle % 256}.${last}`;
}
