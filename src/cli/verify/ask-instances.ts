import type { VerifiedBackends } from '../../app/verify-backends.js';
import type { LoadBalancer } from '../../core/model.js';
import type { BackendResult, Target } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { ProbeSettings } from '../../probe/settings.js';
import type { Context } from '../context.js';
import { progressLine } from '../progress-line.js';
import { probedSoFar } from './probed-so-far.js';
import { type RunCommandChoice, runnableOf } from './run-command-choice.js';
import { registeredTargets, unaddressed } from './verify-targets.js';

/** What the instances of a load balancer are asked, and how. */
export interface AskInstances {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
  readonly settings: ProbeSettings;
  readonly choice: RunCommandChoice;
}

/**
 * Has a load balancer's instances probe themselves, through Systems Manager Run Command. Every registered instance is in
 * the results, or in what was not probed.
 */
export async function askInstances(
  { loadBalancer, port, settings, choice }: AskInstances,
  context: Context,
): Promise<VerifiedBackends> {
  const { encodeBatch } = await import('../../probe/instance/encode-batch.js');
  const { judgeInstance, notAsked } = await import('../../probe/instance/judge-instance.js');
  const { readOutput } = await import('../../probe/instance/read-output.js');
  const { scriptAddress } = await import('../../core/instance-probe/script-address.js');
  const { verifyInstances } = await import('../../app/verify-instances.js');
  const { app, send, expectReply } = settings;
  const goal = { app, send: send !== undefined, expectReply };
  const batch = await encodeBatch(settings, port);
  if (batch === undefined)
    throw usageError(
      'what is to be sent is too long for Run Command',
      'give a shorter --send, or a shorter path',
    );
  const api = await context.runCommand(loadBalancer.region);
  const parameters = { Port: String(port), Exchanges: batch.exchanges };
  const run = await runnableOf(choice, api, parameters);
  const targets = await registeredTargets(loadBalancer, port, context);
  const own = targets.flatMap((target) => {
    const [{ instanceId }, address] = [target, scriptAddress(target.host)];
    return instanceId === undefined || address === undefined
      ? []
      : [{ target: { ...target, instanceId }, address }];
  });
  const progress = progressLine(context);
  try {
    const { results, notProbed } = await verifyInstances(
      own,
      {
        run,
        parameters,
        runFor: batch.seconds,
        judge: ({ target, address }, output) =>
          judgeInstance(readOutput(output, batch, { address, port }), { target, address: target.host, goal }),
        notAsked,
      },
      {
        api,
        clock: context.clock,
        signal: context.io.signal,
        onProgress: (made) => progress.show(() => probedSoFar(made)),
        onCancelled: (message) => context.emit({ code: 'warning', message }),
      },
    );
    return { results: [...results, ...elsewhere(loadBalancer, port, targets, own)], notProbed };
  } finally {
    await progress.end();
  }
}

/** Instances whose address is not known, or cannot be given to the script. */
function elsewhere(
  loadBalancer: LoadBalancer,
  port: number,
  targets: readonly Target[],
  asked: readonly { readonly target: Target }[],
): readonly BackendResult[] {
  const left = targets.filter(
    ({ instanceId }) => !asked.some(({ target }) => target.instanceId === instanceId),
  );
  return [
    ...unaddressed(loadBalancer, port, targets),
    ...unaddressed(
      { ...loadBalancer, instanceIds: left.flatMap(({ instanceId }) => instanceId ?? []) },
      port,
      [],
    ),
  ].map((result) => ({ ...result, vantage: { kind: 'instance', instanceId: result.instanceId } }));
}
