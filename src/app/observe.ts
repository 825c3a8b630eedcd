import { sameList } from '../core/merge.js';
import { type LoadBalancer, policyNamesOn } from '../core/model.js';
import { samePolicy } from '../core/policy.js';
import { policyOf, type Step } from '../core/step.js';
import type { Emit } from './events.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';
import { readLoadBalancer } from './read.js';

/** What reading again shows of a step: its goal, its start, something else, or nothing at all. */
export type Sight =
  | { readonly kind: 'after' }
  | { readonly kind: 'before' }
  | { readonly kind: 'other'; readonly fresh: LoadBalancer | undefined }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * Milliseconds between reads while a write does not show yet: about six seconds in all.
 * The service says nothing about how soon a write can be read, so a read that shows the old list proves little.
 */
const slowReadDelays = [100, 200, 400, 800, 1600, 3000];

/** Reads a step's subject until its goal shows, something foreign shows, or patience ends. */
export async function observe(
  api: ElasticLoadBalancing,
  name: string,
  step: Step,
  { clock, emit }: { readonly clock: Clock; readonly emit: Emit },
): Promise<Sight> {
  for (const delay of [...slowReadDelays, undefined]) {
    const sight = await look(api, name, step);
    if (sight.kind === 'after' || sight.kind === 'other' || delay === undefined) return sight;
    emit({ code: 'waiting', why: 'slow-read', ms: delay });
    await clock.sleep(delay);
  }
  throw new Error('the last delay returns');
}

async function look(api: ElasticLoadBalancing, name: string, step: Step): Promise<Sight> {
  try {
    const fresh = await readLoadBalancer(api, name);
    return fresh === undefined ? { kind: 'other', fresh } : sightOf(step, fresh);
  } catch (error) {
    return { kind: 'unreadable', error };
  }
}

/** Judges one reading against a step. */
export function sightOf(step: Step, fresh: LoadBalancer): Sight {
  if (step.call === 'SetLoadBalancerPoliciesForBackendServer') {
    const found = policyNamesOn(fresh, step.instancePort);
    if (sameList(found, step.after)) return { kind: 'after' };
    return sameList(found, step.before) ? { kind: 'before' } : { kind: 'other', fresh };
  }
  const present = fresh.policies?.find((policy) => policy.name === step.policyName);
  const same = present !== undefined && samePolicy(present, policyOf(step));
  if (present !== undefined && !same) return { kind: 'other', fresh };
  const wanted = step.call === 'CreateLoadBalancerPolicy';
  return { kind: same === wanted ? 'after' : 'before' };
}
