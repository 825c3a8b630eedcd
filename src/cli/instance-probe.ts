import type { ProbeInstances } from '../app/make-plan.js';
import type { Context } from './context.js';
import type { Given } from './define.js';
import { tellOfProbing } from './probing-notice.js';

/** Probes under way at once, as `verify backend` has by default. */
const concurrency = 32;

/** What `--verify-backends` asks: each registered instance, at its private address, what it does with the line. */
export async function instanceProbe(given: Given, context: Context): Promise<ProbeInstances> {
  const { verifyBackends } = await import('../app/verify-backends.js');
  const { probeBackend } = await import('../probe/probe-backend.js');
  const { defaultTimes } = await import('../probe/settings.js');
  const { registeredTargets } = await import('./commands/verify-targets.js');
  const { signal } = context.io;
  return async (loadBalancer, instancePort) => {
    if ((loadBalancer.instanceIds ?? []).length === 0) return [];
    const targets = await registeredTargets(loadBalancer, instancePort, given, context);
    const instances = targets.length === 1 ? 'one instance' : `${targets.length} instances`;
    await tellOfProbing(`${instances} of ${loadBalancer.name} on port ${instancePort}`, context);
    const probe = (target: (typeof targets)[number]) =>
      probeBackend(target, { app: 'auto', ...defaultTimes }, signal);
    return (await verifyBackends(targets, { probe, concurrency, signal })).results;
  };
}
