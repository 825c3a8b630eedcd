import type { PlanChange } from '../core/plan.js';
import { ElbProxyError } from '../errors.js';
import type { WriteDependencies } from './ports.js';
import type { Switched } from './switched.js';

/** The thing that a change of a plan switches; only the code of its kind is loaded. */
export async function switchedBy(
  change: PlanChange,
  { api, networkApi }: Pick<WriteDependencies, 'api' | 'networkApi'>,
): Promise<Switched> {
  const { region } = change.loadBalancer;
  if (change.targetGroup === undefined) {
    const { switchedPorts } = await import('./switched-ports.js');
    return switchedPorts(change, await api(region));
  }
  if (networkApi === undefined)
    throw new ElbProxyError('the plan is about a Network Load Balancer, and no API for them was given', {
      code: 'no-network-api',
      fault: 'user',
    });
  const { switchedGroup } = await import('./network/switched-group.js');
  return switchedGroup(change, await networkApi(region));
}
