import { BlockList, isIP } from 'node:net';

/**
 * Where a Classic Load Balancer in a VPC connects from: the private ranges that a VPC is made of, and this machine. A
 * client that connects to the instance port straight from the internet thus cannot pose as someone else.
 */
export const privateAddresses: readonly string[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
];

/** Verdicts that are remembered: a load balancer's few nodes make all the connections. */
const mostKnown = 256;

/**
 * A test for addresses, as sockets report them, to be within the given addresses and CIDR blocks.
 *
 * @throws TypeError that names the entry, when one is neither an address nor a CIDR block, or there is none.
 */
export function trustedPeers(trusted: readonly string[]): (address: string) => boolean {
  if (!Array.isArray(trusted) || trusted.length === 0) {
    throw new TypeError('trusted must be a list of addresses and CIDR blocks, with at least one');
  }
  const list = new BlockList();
  for (const [index, entry] of trusted.entries()) {
    const [address = '', prefix, ...rest] = String(entry).split('/');
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : /^\d{1,3}$/u.test(prefix) ? Number(prefix) : -1;
    if (version === 0 || address.includes('%') || rest.length > 0 || length < 0 || length > bits) {
      throw new TypeError(
        `trusted[${index}] must be an address or a CIDR block, not ${JSON.stringify(entry)}`,
      );
    }
    list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
  }
  const isListed = (address: string): boolean => {
    const [plain = ''] = address.split('%');
    // A dual-stack server reports IPv4 peers as IPv4-mapped.
    const mapped = /^::ffff:(?<ipv4>[\d.]+)$/iu.exec(plain)?.groups?.['ipv4'];
    const version = isIP(mapped ?? plain);
    return version !== 0 && list.check(mapped ?? plain, version === 6 ? 'ipv6' : 'ipv4');
  };
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const listed = isListed(address);
    if (known.size >= mostKnown) known.clear();
    known.set(address, listed);
    return listed;
  };
}
