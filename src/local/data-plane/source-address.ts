/** Connections a minute that leave from the load balancer's own address; beyond them the system chooses. */
const mostAMinute = 5000;

/** The address that a connection to an instance leaves from; undefined leaves the choice to the system. */
export type SourceAddress = (own: string, instance: string) => string | undefined;

/**
 * Connections leave from the load balancer's own address, as in a VPC, so that a backend can distinguish it from a
 * client. The system chooses for an instance elsewhere, which could not answer to a loopback address; and under load: a
 * bound port lingers for a minute, and once some 28,000 linger, no program on the machine can connect any more.
 */
export function sourceAddresses(): SourceAddress {
  let minute = 0;
  let left = mostAMinute;
  return (own, instance) => {
    if (own === '127.0.0.1' || !instance.startsWith('127.')) return undefined;
    const now = Math.floor(performance.now() / 60_000);
    if (now !== minute) {
      minute = now;
      left = mostAMinute;
    }
    left -= 1;
    return left >= 0 ? own : undefined;
  };
}
