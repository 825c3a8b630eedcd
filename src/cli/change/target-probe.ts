import type { ProbeTargets } from '../../app/network/make-network-plan.js';
import type { Context } from '../context.js';
import { withoutAddress } from '../verify/instance-targets.js';
import { howMany, sayProbing } from '../verify/probing-words.js';
import type { VerifyFrom } from './instance-probe.js';

/** Probes for `--verify-backends` how each registered target handles a version 2 header, at its own port. */
export async function targetProbe(context: Context, from: VerifyFrom): Promise<ProbeTargets> {
  const { verifyBackends } = await import('../../app/verify-backends.js');
  const { backendProber } = await import('../../probe/probe-backend.js');
  const { defaultTimes } = await import('../../probe/settings.js');
  const { addressesOf } = await import('../verify/group-targets.js');
  const { signal } = context.io;
  return async ({ region }, group) => {
    const { targetType, port: groupPort, arn, name } = group;
    if (targetType !== 'instance' && targetType !== 'ip') return [];
    const found = group.targets ?? (await (await context.networkApi(region)).describeTargetHealth(arn));
    const registered = found.flatMap(({ id, port = groupPort }) =>
      port === undefined ? [] : [{ id, port }],
    );
    if (registered.length === 0) return [];
    const inside = from === 'here' ? '' : ', from the instances themselves';
    await sayProbing(`${howMany(registered.length, 'target')} of ${name}${inside}`, context);
    const asked = { region, group, registered };
    const settings = { app: 'auto', ...defaultTimes, sender: 'network' } as const;
    if (from !== 'here') {
      const { askGroup } = await import('../verify/ask-group.js');
      return (await askGroup(asked, { settings, choice: from }, context)).results;
    }
    const targets = await addressesOf(asked, context);
    const { results } = await verifyBackends(targets, { probe: backendProber(settings), signal });
    const reached = new Set(targets.map(({ host, port, instanceId }) => `${instanceId ?? host}:${port}`));
    const others = registered.filter(({ id, port }) => !reached.has(`${id}:${port}`));
    return [
      ...results,
      ...others.map(({ id, port }) => withoutAddress({ target: `${id}:${port}`, confidence: 'weak' })),
    ];
  };
}
