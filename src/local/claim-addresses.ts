import { createServer, type Server } from 'node:net';
import { platform } from 'node:os';
import { blockOf, firstOfBlock, LOOPBACK_BLOCKS } from './loopback-address.js';

/** Addresses that no other service on this machine gives out, until they are released. */
export interface AddressClaim {
  /** The number of the first one, as {@link loopbackAddress} counts them. */
  readonly first: number;
  readonly release: () => void;
}

/**
 * A socket with a name and no file, in Linux's abstract namespace: one process at a time can have it, and a killed
 * one no longer has it. Undefined if another process has it.
 */
async function claimBlock(block: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy()).unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path: `\0elb-proxy-local-${block}`, exclusive: true }, () => resolve(server));
  });
}

/**
 * Claims a block of addresses, so that two services side by side (two test files, say) can have a listener on the
 * same port, and neither gets the other's clients. Where addresses were `used` already, as in a state file, the
 * block is theirs; in either case those load balancers keep their addresses.
 */
export async function claimAddresses(used: number): Promise<AddressClaim> {
  const unclaimed = { first: used, release: () => undefined };
  if (platform() !== 'linux') return unclaimed;
  const blocks =
    used > 0 ? [blockOf(used - 1)] : Array.from({ length: LOOPBACK_BLOCKS }, (_, block) => block);
  try {
    for (const block of blocks) {
      const server = await claimBlock(block);
      if (server) return { first: used || firstOfBlock(block), release: () => void server.close() };
    }
  } catch {
    // A system without such sockets: as if this were the only service.
  }
  return unclaimed;
}
