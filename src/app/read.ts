import { type LoadBalancer, missingFields } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { notKnownOf } from '../core/status.js';
import type { Step } from '../core/step.js';
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

/** In which order policies and lists are read. */
export type ReadOrder =
  /** A list is what a write replaces, so it is read last: whatever someone else writes until then is seen. */
  | 'list-last'
  /** Both at once: where no list is to be written on it. */
  | 'side-by-side';

/** In which order to read what a step is to rest on; undefined where none is to come. */
export function orderFor(step: Step | undefined): ReadOrder {
  return step?.call === 'SetLoadBalancerPoliciesForBackendServer' ? 'list-last' : 'side-by-side';
}

/**
 * One load balancer as it is now, with its policies. Two calls: the policies' types, and the lists.
 * @throws ElbProxyError of code `incomplete-answer` where the service left out what a write rests on
 */
export async function readLoadBalancer(
  api: ElasticLoadBalancing,
  name: string,
  clock: Pick<Clock, 'now'>,
  order: ReadOrder = 'list-last',
): Promise<Reading> {
  const began = clock.now().getTime();
  const reading = (loadBalancer: LoadBalancer | undefined): Reading => {
    const at = clock.now().getTime();
    return { loadBalancer, at, tookMs: at - began };
  };
  const readLists = async (): Promise<Reading> => {
    for await (const page of api.describeLoadBalancers([name])) {
      const found = page.find((loadBalancer) => loadBalancer.name === name);
      if (found !== undefined) return reading(found);
    }
    return reading(undefined);
  };
  try {
    const asked = api.describeLoadBalancerPolicies(name);
    const [policies, lists] =
      order === 'list-last' ? [await asked, await readLists()] : await Promise.all([asked, readLists()]);
    if (lists.loadBalancer === undefined) return lists;
    const loadBalancer = { ...lists.loadBalancer, policies };
    requireWhole(loadBalancer);
    return { ...lists, loadBalancer };
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
