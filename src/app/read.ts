import { type LoadBalancer, type LoadBalancerIdentity, missingFields } from '../core/model.js';
import { statusCommand } from '../core/next-command.js';
import { notKnownOf, undescribedOn } from '../core/status.js';
import { ElbProxyError } from '../errors.js';
import { findIn } from './pages.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';
import type { Reading, ReadOrder } from './reading.js';

/**
 * One load balancer as it is now, with its policies. Two calls: the policies' types, and the lists.
 * @throws ElbProxyError of code `incomplete-answer` if the service left out a field that a write depends on
 */
export async function readLoadBalancer(
  api: ElasticLoadBalancing,
  name: string,
  clock: Pick<Clock, 'now'>,
  order: ReadOrder = 'replaced-last',
): Promise<Reading<LoadBalancer>> {
  const began = clock.now().getTime();
  const reading = (fresh: LoadBalancer | undefined): Reading<LoadBalancer> => {
    const at = clock.now().getTime();
    return { fresh, at, tookMs: at - began };
  };
  const readLists = async () =>
    reading(await findIn(api.describeLoadBalancers([name]), (loadBalancer) => loadBalancer.name === name));
  try {
    const asked = api.describeLoadBalancerPolicies(name);
    const [policies, lists] =
      order === 'replaced-last' ? [await asked, await readLists()] : await Promise.all([asked, readLists()]);
    if (lists.fresh === undefined) return lists;
    const fresh = { ...lists.fresh, policies };
    requireWhole(fresh);
    return { ...lists, fresh };
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound') return reading(undefined);
    throw error;
  }
}

/** Refuses a load balancer with fields left out: a list that was not read is neither planned for nor written. */
export function requireWhole(loadBalancer: LoadBalancer): void {
  const missing = missingFields(loadBalancer);
  if (missing.length > 0) throw incompleteError(loadBalancer, missing, 'nothing is written to it');
}

/** The same for some ports: a policy that is not described may be the one that switches the PROXY protocol. */
export function requireDescribed(loadBalancer: LoadBalancer, ports: readonly number[]): void {
  const undescribed = undescribedOn(loadBalancer, ports).map((policy) => `PolicyDescriptions[${policy}]`);
  if (undescribed.length > 0) throw incompleteError(loadBalancer, undescribed, 'nothing is written to it');
}

/** The same for a configuration that replaces the load balancer; a policy that is not described counts, too. */
export function requireKnown(loadBalancer: LoadBalancer): void {
  const notKnown = notKnownOf(loadBalancer);
  if (notKnown !== undefined)
    throw incompleteError(loadBalancer, notKnown.fields, 'no configuration is generated');
}

/** The error for an answer that lacks fields: `subject` as the end of "its answer for". */
export function incompleteError(
  { name, region }: LoadBalancerIdentity,
  missing: readonly string[],
  so: string,
  subject = `load balancer ${name} (${region})`,
): ElbProxyError {
  return new ElbProxyError(
    `the service left ${missing.join(', ')} out of its answer for ${subject}, so ${so}`,
    {
      code: 'incomplete-answer',
      fault: 'service',
      hint: `see what it answers now with: ${statusCommand({ name, region })}`,
    },
  );
}
