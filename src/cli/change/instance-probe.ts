import type { ProbeInstances } from '../../app/make-plan.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { OptionValues } from '../option.js';
import type { verifyOption } from '../options.js';
import { tellOfProbing } from '../verify/probing-notice.js';
import { type RunCommandChoice, readRunCommandChoice } from '../verify/run-command-choice.js';

/** From where the instances are asked: this machine, or themselves. */
export type VerifyFrom = 'here' | RunCommandChoice;

/** `--verify-backends` and its options; undefined if it is not given. @throws a usage error */
export function verifyFromOf(options: OptionValues<typeof verifyOption>): VerifyFrom | undefined {
  const { 'verify-backends': from, 'ssm-document': name, 'allow-run-shell-script': script } = options;
  if (from === 'instances') return readRunCommandChoice(options);
  if (name !== undefined || script)
    throw usageError(
      '--ssm-document and --allow-run-shell-script only work with --verify-backends=instances',
    );
  return from === undefined ? undefined : 'here';
}

/**
 * Probes for `--verify-backends` how each registered instance handles the line, at its private address: from here, or
 * from the instances themselves if a choice is given.
 */
export async function instanceProbe(context: Context, from: VerifyFrom): Promise<ProbeInstances> {
  if (from !== 'here') return instancesThemselves(context, from);
  const { verifyBackends } = await import('../../app/verify-backends.js');
  const { backendProber } = await import('../../probe/probe-backend.js');
  const { defaultTimes } = await import('../../probe/settings.js');
  const { registeredTargets, unaddressed } = await import('../verify/verify-targets.js');
  const { signal } = context.io;
  return async (loadBalancer, instancePort) => {
    if ((loadBalancer.instanceIds ?? []).length === 0) return [];
    const targets = await registeredTargets(loadBalancer, instancePort, context);
    const instances = targets.length === 1 ? 'one instance' : `${targets.length} instances`;
    await tellOfProbing(`${instances} of ${loadBalancer.name} on port ${instancePort}`, context);
    const probe = backendProber({ app: 'auto', ...defaultTimes });
    const { results } = await verifyBackends(targets, { probe, signal });
    return [...results, ...unaddressed(loadBalancer, instancePort, targets)];
  };
}

async function instancesThemselves(context: Context, choice: RunCommandChoice): Promise<ProbeInstances> {
  const { askInstances } = await import('../verify/ask-instances.js');
  const { defaultTimes } = await import('../../probe/settings.js');
  return async (loadBalancer, port) => {
    const { instanceIds: { length } = [] } = loadBalancer;
    if (length === 0) return [];
    const instances = length === 1 ? 'one instance' : `${length} instances`;
    await tellOfProbing(
      `${instances} of ${loadBalancer.name} on port ${port}, from the instances themselves`,
      context,
    );
    const settings = { app: 'auto', ...defaultTimes } as const;
    const { results } = await askInstances({ loadBalancer, port, settings, choice }, context);
    return results;
  };
}
