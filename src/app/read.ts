import { type LoadBalancer, missingFields } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { notKnownOf } from '../core/status.js';
import { ElbProxyError } from '../errors.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';

/** What was read of a load balancer, and how old that is. */
export interface Reading {
  /** Undefined where none of that name exists, as the service says. */
  readonly loadBalancer: LoadBalancer | undefined;
  /** When the answer with the lists arrived: milliseconds of the wall clock, which goes on while a process is suspended. */
  readonly at: number;
  /** How long both answers took to come, in milliseconds. */
  readonly tookMs: number;
}

/**
 * One load balancer as it is now, with its policies. Two calls: the policies' types, then the lists. A list is what a
 * write replaces, so it is read last: whatever somebody else writes until then is seen.
 * @throws ElbProxyError of code `incomplete-answer` where the service left out what a write rests on
 */
export async function readLoadBalancer(
  api: ElasticLoadBalancing,
  name: string,
  clock: Pick<Clock, 'now'>,
): Promise<Reading> {
  const began = clock.now().getTime();
  const reading = (loadBalancer: LoadBalancer | undefined): Reading => {
    const at = clock.now().getTime();
    return { loadBalancer, at, tookMs: at - began };
  };
  try {
    const policies = await api.describeLoadBalancerPolicies(name);
    for await (const page of api.describeLoadBalancers([name])) {
      const found = page.find((loadBalancer) => loadBalancer.name === name);
      if (found !== undefined) {
        const read = reading({ ...found, policies });
        requireWhole({ ...found, policies });
        return read;
      }
    }
    return reading(undefined);
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound') return reading(undefined);
    throw error;
  }
}

/**
 * Complains about what the service left out of a load balancer: a field that is missing is not an empty one, and
 * nothing is planned or written on a list that was not read.
 */
export function requireWhole(loadBalancer: LoadBalancer): void {
  const missing = missingFields(loadBalancer);
  if (missing.length > 0) throw incompleteError(loadBalancer, missing, 'nothing is written on it');
}

/** The same for a configuration that is to do what the load balancer does; a policy that is not described counts, too. */
export function requireKnown(loadBalancer: LoadBalancer): void {
  const notKnown = notKnownOf(loadBalancer);
  if (notKnown !== undefined)
    throw incompleteError(loadBalancer, notKnown.fields, 'no configuration is made of it');
}

function incompleteError(
  { name, region }: LoadBalancer,
  missing: readonly string[],
  so: string,
): ElbProxyError {
  return new ElbProxyError(
    `the service left ${missing.join(', ')} out of its answer for load balancer ${name} (${region}): what that says is not known, so ${so}`,
    {
      code: 'incomplete-answer',
      fault: 'service',
      hint: `see what it answers now with: ${nextCommand('status', [name], { region })}`,
    },
  );
}
