import type { LockSight } from '../../app/lock-sight.js';
import type { LockTarget } from '../../app/ports.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import { namesOf, regionOf } from '../options.js';
import { cancelled } from '../prompts/cancelled.js';

/** `elb-proxy unlock`. */
export const unlock = command({
  name: 'unlock',
  positionals: { usage: '<name>', least: 1, most: 1 },
  options: { yes: { type: 'flag', alias: 'y', describe: 'do not ask' } },
  examples: {
    'elb-proxy unlock web': 'show who holds the lock and since when, ask, remove it',
  },
  mutates: true,
  iam: ['DescribeLoadBalancerPolicies', 'DeleteLoadBalancerPolicy'],
  exitCodes: [0, 1, 3, 130],
  run: async (given, context) => {
    const [name = ''] = namesOf(given);
    const api = await context.api(regionOf(given.options));
    const { lockSight, noLockError } = await import('../../app/lock-sight.js');
    const target: LockTarget = { name, region: api.region };
    const sight = await lockSight(api, name).catch(async (error: unknown) => {
      const { networkNamesake } = await import('../network-namesake.js');
      await networkNamesake(error, name, 'groups', api.region, context);
      throw usageError(
        `${name} (${api.region}) is a Network Load Balancer, which can't hold a lock for other machines`,
        'there is nothing to remove: its runs only take turns on their own machine',
      );
    });
    if (sight.kind === 'foreign') throw noLockError(target, sight.policyTypeName);
    if (sight.kind === 'none') return done(target, 'unchanged', undefined, context);

    const { describeHolder } = await import('../../app/lock-wait.js');
    const holder = describeHolder(sight.hold, { clock: context.clock, journal: await context.journal() });
    if (!given.options.yes) await confirm(target, holder, context);
    const { breakLock } = await import('../../app/lock-break.js');
    const broken = await context.untilFinished(breakLock(api, name, sight.hold, context.clock));
    return done(target, broken ? 'unlocked' : 'unchanged', { ...sight, text: holder }, context);
  },
});

async function confirm({ name, region }: LockTarget, holder: string, context: Context): Promise<void> {
  const prompter = await context.prompter();
  const hint = 'if that run is dead, add --yes to remove its lock without a prompt';
  const locked = `load balancer ${name} (${region}) is locked by ${holder}`;
  if (prompter === undefined) {
    throw new ElbProxyError(`${locked}; not confirmed: no terminal to ask on`, {
      code: 'not-confirmed',
      fault: 'world',
      hint,
    });
  }
  if ((await prompter.confirm(`L${locked.slice(1)}. Take the lock off?`)) !== true) throw cancelled(hint);
}

async function done(
  { name, region }: LockTarget,
  outcome: 'unlocked' | 'unchanged',
  found: (Extract<LockSight, { kind: 'hold' }> & { readonly text: string }) | undefined,
  context: Context,
): Promise<0> {
  const { host, pid, since } = found?.hold ?? {};
  const document = {
    formatVersion: 1,
    outcome,
    loadBalancer: { name, region },
    ...(found === undefined ? {} : { holder: { host, pid, since } }),
  };
  const what =
    outcome === 'unlocked'
      ? `unlocked: it was held by ${found?.text ?? 'another run'}`
      : 'not locked, nothing to do';
  await context.print(document, () => `load balancer ${name} (${region}) is ${what}\n`);
  return 0;
}
