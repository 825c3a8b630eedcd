import { nextCommand } from '../core/next-command.js';
import { type ElbProxyError, worldError } from '../errors.js';
import { type Hold, lockPolicyName } from './lock-policy.js';
import { lockSight, noLockError } from './lock-sight.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';

/** How often removing a lock is tried. */
const mostTries = 6;

/**
 * Removes another run's lock from a load balancer, but only the one that was shown. Returns whether it still existed.
 * @throws ElbProxyError `concurrent-change` if another run has taken the lock meanwhile
 */
export async function breakLock(
  api: ElasticLoadBalancing,
  name: string,
  { nonce }: Hold,
  clock: Clock,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const sight = await lockSight(api, name);
    if (sight.kind === 'none') return tries > 1;
    if (sight.kind === 'foreign') throw noLockError({ name, region: api.region }, sight.policyTypeName);
    if (sight.hold.nonce !== nonce) throw retaken(name, api.region);
    try {
      await api.deleteLoadBalancerPolicy(name, lockPolicyName);
      return true;
    } catch (error) {
      if (tries === mostTries || api.effectOf(error) === 'no') throw error;
      await clock.sleep(100 * 2 ** tries);
    }
  }
}

function retaken(name: string, region: string): ElbProxyError {
  return worldError(
    `the lock of load balancer ${name} (${region}) is no longer the one that was shown: another run has taken it since. It was left alone`,
    'concurrent-change',
    `look again with: ${nextCommand('unlock', [name], { region })}`,
  );
}
