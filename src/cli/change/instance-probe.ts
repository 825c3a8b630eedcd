import type { ProbeInstances } from '../../app/make-plan.js';
import type { LoadBalancer } from '../../core/model.js';
import type { BackendResult, Target } from '../../core/verify-result.js';
import type { Context } from '../context.js';
import { tellOfProbing } from '../verify/probing-notice.js';

/** What `--verify-backends` asks: each registered instance, at its private address, what it does with the line. */
export async function instanceProbe(context: Context): Promise<ProbeInstances> {
  const { verifyBackends } = await import('../../app/verify-backends.js');
  const { backendProber } = await import('../../probe/probe-backend.js');
  const { defaultTimes } = await import('../../probe/settings.js');
  const { registeredTargets } = await import('../verify/verify-targets.js');
  const { signal } = context.io;
  return async (loadBalancer, instancePort) => {
    if ((loadBalancer.instanceIds ?? []).length === 0) return [];
    const targets = await registeredTargets(loadBalancer, instancePort, context);
    const instances = targets.length === 1 ? 'one instance' : `${targets.length} instances`;
    await tellOfProbing(`${instances} of ${loadBalancer.name} on port ${instancePort}`, context);
    const probe = backendProber({ app: 'auto', ...defaultTimes });
    const { results } = await verifyBackends(targets, { probe, signal });
    return [...results, ...unasked(loadBalancer, instancePort, targets)];
  };
}

/** Instances whose address is not known count as well: the plan must not look as if all had been asked. */
function unasked(
  { instanceIds = [] }: LoadBalancer,
  instancePort: number,
  targets: readonly Target[],
): readonly BackendResult[] {
  return instanceIds
    .filter((id) => !targets.some(({ instanceId }) => instanceId === id))
    .map((instanceId) => ({
      target: `${instanceId}:${instancePort}`,
      instanceId,
      verdict: 'inconclusive',
      confidence: 'strong',
      reason: 'EC2 knows no private address of it',
      advice: 'probe it where it can be reached: elb-proxy verify backend HOST:PORT',
      notes: [],
      evidence: [],
    }));
}
