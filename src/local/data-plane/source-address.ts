/** Connections a minute that leave from the load balancer's own address; beyond them the system chooses. */
const mostAMinute = 5000;

let minute = 0;
let left = mostAMinute;

/**
 * The address that a connection to an instance leaves from: the load balancer's own, as in a VPC, so that a backend can
 * distinguish it from a client. Undefined, the system's choice, for an instance elsewhere, which could not answer to a loopback
 * address; and under load: a bound port lingers for a minute, and once some 28,000 linger, no program on the machine
 * can connect any more.
 */
export function sourceAddress(own: string, instance: string): string | undefined {
  if (own === '127.0.0.1' || !instance.startsWith('127.')) return undefined;
  const now = Math.floor(performance.now() / 60_000);
  if (now !== minute) {
    minute = now;
    left = mostAMinute;
  }
  left -= 1;
  return left >= 0 ? own : undefined;
}
