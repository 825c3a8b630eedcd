import type { LoadBalancer } from './model.js';
import { forwardedInstancePorts, instancePorts } from './status.js';

/** Which instance ports someone named: some, or every one behind a TCP or SSL listener. */
export type PortChoice = readonly number[] | 'all';

/** A named port that is not an instance port, with what was probably meant. */
export interface NoInstancePort {
  readonly port: number;
  /** The instance ports that a load balancer port of that number forwards to. */
  readonly forwardsTo: readonly number[];
  readonly instancePorts: readonly number[];
}

/** The ports that were meant, ascending and each once, or the first that is not an instance port of the load balancer. */
export function choosePorts(
  loadBalancer: LoadBalancer,
  choice: PortChoice,
): { readonly ports: readonly number[] } | { readonly wrong: NoInstancePort } {
  if (choice === 'all') return { ports: forwardedInstancePorts(loadBalancer) };
  const known = instancePorts(loadBalancer);
  const wrong = choice.find((port) => !known.includes(port));
  if (wrong === undefined) return { ports: [...new Set(choice)].toSorted((a, b) => a - b) };
  const forwardsTo = loadBalancer.listeners
    .filter(({ loadBalancerPort }) => loadBalancerPort === wrong)
    .map(({ instancePort }) => instancePort);
  return { wrong: { port: wrong, forwardsTo, instancePorts: known } };
}
