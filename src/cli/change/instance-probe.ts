import type { ProbeInstances } from '../../app/make-plan.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { OptionValues, verifyOption } from '../options.js';
import { howMany, sayProbing } from '../verify/probing-words.js';
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

/** Probes for `--verify-backends` how each registered instance handles the line, at its private address. */
export async function instanceProbe(context: Context, from: VerifyFrom): Promise<ProbeInstances> {
  const { defaultTimes } = await import('../../probe/settings.js');
  const settings = { app: 'auto', ...defaultTimes } as const;
  return async (loadBalancer, port) => {
    const { instanceIds: { length } = [] } = loadBalancer;
    if (length === 0) return [];
    const place = `of ${loadBalancer.name} on port ${port}`;
    if (from !== 'here') {
      const { askInstances } = await import('../verify/ask-instances.js');
      await sayProbing(`${howMany(length, 'instance')} ${place}, from the instances themselves`, context);
      return (await askInstances({ loadBalancer, port, settings, choice: from }, context)).results;
    }
    const { verifyBackends } = await import('../../app/verify-backends.js');
    const { backendProber } = await import('../../probe/probe-backend.js');
    const { registeredTargets, unaddressed } = await import('../verify/verify-targets.js');
    const { signal } = context.io;
    const targets = await registeredTargets(loadBalancer, port, context);
    await sayProbing(`${howMany(targets.length, 'instance')} ${place}`, context);
    const { results } = await verifyBackends(targets, { probe: backendProber(settings), signal });
    return [...results, ...unaddressed(loadBalancer, port, targets)];
  };
}
