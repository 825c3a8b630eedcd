import type { VerifiedBackends } from '../../app/verify-backends.js';
import type { BackendResult, Target } from '../../core/verify-result.js';
import type { ProbeSettings } from '../../probe/settings.js';
import type { Context } from '../context.js';
import { askTargets } from './ask-instances.js';
import { addressesOf, type RegisteredGroup } from './group-targets.js';
import { noAddress, probeElsewhere } from './instance-targets.js';
import type { RunCommandChoice } from './run-command-choice.js';

/** Has a group's targets probe themselves through Run Command, a command for each port; others are inconclusive. */
export async function askGroup(
  found: RegisteredGroup,
  asking: { readonly settings: ProbeSettings; readonly choice: RunCommandChoice },
  context: Context,
): Promise<VerifiedBackends> {
  const { notAsked } = await import('../../probe/instance/judge-instance.js');
  const { region, registered, group } = found;
  if (group.targetType === 'ip') {
    const why = 'it is registered by its address, and Systems Manager only reaches instances';
    return {
      results: registered.map(({ id, port }) => notAsked({ host: id, port }, why, probeElsewhere)),
      notProbed: [],
    };
  }
  const targets = await addressesOf(found, context);
  const results: BackendResult[] = [];
  const notProbed: Target[] = [];
  for (const port of new Set(targets.map((target) => target.port))) {
    const ofPort = targets.filter((target) => target.port === port);
    const asked = await askTargets({ region, targets: ofPort, port, ...asking }, context);
    results.push(...asked.results);
    notProbed.push(...asked.notProbed);
  }
  for (const { id, port } of registered) {
    if (targets.some((target) => target.instanceId === id && target.port === port)) continue;
    results.push(notAsked({ host: id, port, instanceId: id }, noAddress, probeElsewhere));
  }
  return { results, notProbed };
}
