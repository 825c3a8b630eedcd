import type { VerifiedBackends } from '../../app/verify-backends.js';
import type { InstanceTarget } from '../../app/verify-instances.js';
import type { LoadBalancer } from '../../core/model.js';
import type { BackendResult, Target } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { ProbeSettings } from '../../probe/settings.js';
import type { Context } from '../context.js';
import { progressLine } from '../progress-line.js';
import { probeElsewhere } from './instance-targets.js';
import { probedSoFar } from './probing-words.js';
import { type RunCommandChoice, runnableOf } from './run-command-choice.js';
import { registeredTargets, unaddressed } from './verify-targets.js';

/** The probe that instances run, and the way to have them run it. */
interface Asking {
  readonly settings: ProbeSettings;
  readonly choice: RunCommandChoice;
}

/** An instance port of a Classic Load Balancer. */
export interface AskInstances extends Asking {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
}

/** Targets that are instances, all on one port. */
export interface AskTargets extends Asking {
  readonly region: string;
  readonly targets: readonly Target[];
  readonly port: number;
}

/** Has a load balancer's instances probe themselves through Run Command; each is in the results, or was not probed. */
export async function askInstances(
  { loadBalancer, port, ...asking }: AskInstances,
  context: Context,
): Promise<VerifiedBackends> {
  const targets = await registeredTargets(loadBalancer, port, context);
  const asked = await askTargets({ region: loadBalancer.region, targets, port, ...asking }, context);
  const elsewhere = unaddressed(loadBalancer, port, targets).map(asInstance);
  return { ...asked, results: [...asked.results, ...elsewhere] };
}

/** The same for targets whose addresses are known. */
export async function askTargets(
  { region, targets, port, settings, choice }: AskTargets,
  context: Context,
): Promise<VerifiedBackends> {
  const { encodeBatch } = await import('../../probe/instance/encode-batch.js');
  const { judgeInstance, notAsked } = await import('../../probe/instance/judge-instance.js');
  const { readOutput } = await import('../../probe/instance/read-output.js');
  const { scriptAddress } = await import('../../core/instance-probe/script-address.js');
  const { verifyInstances } = await import('../../app/verify-instances.js');
  const { forNetwork } = await import('../../probe/for-network.js');
  const { app, send, expectReply, sender } = settings;
  const goal = { app, send: send !== undefined, expectReply };
  const batch = await encodeBatch(settings, port);
  if (batch === undefined)
    throw usageError(
      'the bytes to send are too long for Run Command',
      'give a shorter --send, or a shorter path',
    );
  const api = await context.runCommand(region);
  const parameters = { Port: String(port), Exchanges: batch.exchanges };
  const run = await runnableOf(choice, api, parameters);
  const own: InstanceTarget[] = [];
  const left: BackendResult[] = [];
  for (const target of targets) {
    const [{ instanceId }, address] = [target, scriptAddress(target.host)];
    if (instanceId === undefined || address === undefined)
      left.push(notAsked(target, "its address can't be given to the probe", probeElsewhere));
    else own.push({ target: { ...target, instanceId }, address });
  }
  const progress = progressLine(context);
  try {
    const { results, notProbed } = await verifyInstances(
      own,
      {
        run,
        parameters,
        runFor: batch.seconds,
        judge: ({ target, address }, output) => {
          const read = readOutput(output, batch, { address, port });
          const result = judgeInstance(read, { target, address: target.host, goal });
          return sender === 'network' ? forNetwork(result) : result;
        },
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
    return { results: [...results, ...left], notProbed };
  } finally {
    await progress.end();
  }
}

function asInstance(result: BackendResult): BackendResult {
  return { ...result, vantage: { kind: 'instance', instanceId: result.instanceId } };
}
