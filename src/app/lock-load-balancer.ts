import { nextCommand } from '../core/next-command.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import { type Hold, holdOf, lockPolicy, lockPolicyName } from './lock-policy.js';
import { type LockSight, lockSight, noLockError } from './lock-sight.js';
import type { Clock, ElasticLoadBalancing, Lock, LockAttempt, LockedAs, LockTarget } from './ports.js';
import { asElbProxyError } from './stop.js';

/** Milliseconds between reads of a lock that does not show yet, or no longer shows. */
const slowReadDelays = [100, 300, 900];

/** How often removing the lock is tried. */
const mostTries = 5;

/**
 * A lock in the load balancer itself, for runs on different machines: making a policy of a fixed name is this API's one
 * test-and-set. After a lost answer the same policy is sent again, so that a late one is still this run's own.
 */
export function loadBalancerLock(
  api: ElasticLoadBalancing,
  name: string,
  newHold: () => Hold,
  { clock, emit }: { readonly clock: Clock; readonly emit: Emit },
): Lock {
  const target: LockTarget = { name, region: api.region };
  let hold = newHold();
  let mayBeOurs = false;
  let seenHeld = false;

  const isOurs = (sight: LockSight): boolean => sight.kind === 'hold' && sight.hold.nonce === hold.nonce;

  async function attempt(): Promise<LockAttempt> {
    // Asking costs a write, which the service meters more narrowly than a read.
    if (seenHeld) {
      const sight = await lockSight(api, name);
      if (sight.kind !== 'none') return judged(sight);
    }
    if (!mayBeOurs) hold = newHold();
    try {
      await api.createLoadBalancerPolicy(name, lockPolicy(hold));
    } catch (error) {
      return notMade(asElbProxyError(error), api.effectOf(error));
    }
    mayBeOurs = true;
    // A service that silently accepts a second policy of the same name would let two runs in.
    const sight = await settled(({ kind }) => kind !== 'none');
    return sight.kind === 'none' ? taken : judged(sight);
  }

  async function notMade(
    error: ElbProxyError,
    effect: ReturnType<ElasticLoadBalancing['effectOf']>,
  ): Promise<LockAttempt> {
    if (effect === 'throttled') return { kind: 'held', error };
    if (effect === 'unknown') mayBeOurs = true;
    if (effect === 'no' && error.code !== 'DuplicatePolicyName') throw error;
    const sight = await lockSight(api, name);
    return sight.kind === 'none' ? { kind: 'held', error } : judged(sight);
  }

  function judged(sight: Exclude<LockSight, { kind: 'none' }>): LockAttempt {
    if (sight.kind === 'foreign') throw noLockError(target, sight.policyTypeName);
    if (isOurs(sight)) return taken;
    seenHeld = true;
    return { kind: 'held', holder: sight.hold };
  }

  /** Reads until the expected state shows, or patience ends. */
  async function settled(expected: (sight: LockSight) => boolean): Promise<LockSight> {
    for (const delay of slowReadDelays) {
      const sight = await lockSight(api, name);
      if (expected(sight)) return sight;
      await clock.sleep(delay);
    }
    return lockSight(api, name);
  }

  /** Removes the lock if it is still this run's own. */
  async function takeOff(): Promise<'gone' | 'not-ours' | ElbProxyError> {
    let failure: ElbProxyError | undefined;
    for (let tries = 1; tries <= mostTries; tries++) {
      if (tries > 1) await clock.sleep(200 * 2 ** tries);
      try {
        const sight = await settled(({ kind }) => kind !== 'none');
        if (!isOurs(sight)) return failure === undefined ? 'not-ours' : 'gone';
        await api.deleteLoadBalancerPolicy(name, lockPolicyName);
        return 'gone';
      } catch (error) {
        failure = asElbProxyError(error);
        if (api.effectOf(error) === 'no') return failure;
      }
    }
    return failure ?? 'not-ours';
  }

  function left(failure: ElbProxyError): void {
    const command = nextCommand('unlock', [name], { region: api.region });
    emit({
      code: 'warning',
      message: `the lock of this run on ${name} (${api.region}) could not be removed: ${failure.message}. Remove it with: ${command}`,
    });
  }

  async function release(): Promise<void> {
    const ended = await takeOff();
    if (ended instanceof ElbProxyError) left(ended);
    else if (ended === 'not-ours')
      emit({
        code: 'warning',
        message: `the lock of this run on ${name} (${api.region}) was removed by someone else before the run had ended`,
      });
  }

  async function giveUp(): Promise<void> {
    if (!mayBeOurs) return;
    const ended = await takeOff();
    if (ended instanceof ElbProxyError && ended.code !== 'LoadBalancerNotFound') left(ended);
  }

  const taken = {
    kind: 'taken',
    release,
    stillHeld: ({ policies }: LockedAs) => {
      const found = policies?.find((policy) => policy.name === lockPolicyName);
      return found !== undefined && holdOf(found)?.nonce === hold.nonce;
    },
  } as const;
  return { target, attempt, giveUp };
}
