import type { BackendResult, BackendVerdict, Target } from '../core/verify-result.js';
import { messageOf } from '../errors.js';
import type { Clock } from './ports.js';
import type { Invocation, ManagedInstance, RunCommand, Runnable } from './run-command.js';
import { unlessStopped } from './unless-stopped.js';
import type { VerifiedBackends, VerifyProgress } from './verify-backends.js';

/** A target that its own instance is to probe. */
export interface InstanceTarget {
  readonly target: Target & { readonly instanceId: string };
  /** As the script is given it. */
  readonly address: string;
}

/** The script to send, and the judge of its output. */
export interface InstanceProbing {
  readonly run: (addresses: string) => Runnable;
  /** Beside the addresses. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Seconds that the script may take. */
  readonly runFor: number;
  readonly judge: (one: InstanceTarget, output: string) => BackendResult;
  readonly notAsked: (target: Target, why: string, advice: string) => BackendResult;
}

interface VerifyInstances {
  readonly api: RunCommand;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Called with the commands that were cancelled, or could not be, and what may still run. */
  readonly onCancelled?: ((what: string) => void) | undefined;
}

/** Instances that one command may name. */
const mostInstances = 50;
/** Seconds for an instance to begin; the service takes no less than 30. */
const startWithin = 60;
/** Seconds beyond both, for the service to notice. */
const grace = 30;

const ended: ReadonlySet<string> = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled']);

/** A command that is under way. */
interface Sent {
  readonly id: string;
  readonly targets: readonly InstanceTarget[];
  readonly until: number;
  readonly settled: Map<string, BackendResult>;
}

/**
 * Has each target probed by its own instance; one that can't be asked is inconclusive. If cut off, commands are cancelled.
 * @throws ElbProxyError if Systems Manager refuses
 */
export async function verifyInstances(
  all: readonly InstanceTarget[],
  probing: InstanceProbing,
  { api, clock, signal, onProgress, onCancelled }: VerifyInstances,
): Promise<VerifiedBackends> {
  const known = await knownInstances(api, all);
  const results = new Map<InstanceTarget, BackendResult>();
  for (const one of all) {
    const cannot = whyNot(known.get(one.target.instanceId), api.region);
    if (cannot !== undefined) results.set(one, probing.notAsked(one.target, ...cannot));
  }
  const asked = all.filter((one) => !results.has(one));
  const tell = (): void =>
    onProgress?.({ done: results.size, total: all.length, verdicts: counted(results) });
  const sent: Sent[] = [];
  tell();
  try {
    for (let from = 0; from < asked.length && !signal.aborted; from += mostInstances)
      sent.push(await send(asked.slice(from, from + mostInstances), probing, api, clock));
    for (let pause = 1000; sent.some(isUnderWay) && !signal.aborted; pause = Math.min(pause * 1.5, 5000)) {
      await unlessStopped(clock.sleep(pause), signal);
      for (const command of sent.filter(isUnderWay)) {
        if (signal.aborted) break;
        await look(command, probing, api, clock);
        for (const one of command.targets) {
          const result = command.settled.get(one.target.instanceId);
          if (result !== undefined) results.set(one, result);
        }
      }
      tell();
    }
  } finally {
    for (const command of sent.filter(isUnderWay)) await cancel(command, probing, api, onCancelled);
  }
  return {
    results: all.flatMap((one) => results.get(one) ?? []),
    notProbed: all.filter((one) => !results.has(one)).map(({ target }) => target),
  };
}

async function knownInstances(
  api: RunCommand,
  all: readonly InstanceTarget[],
): Promise<ReadonlyMap<string, ManagedInstance>> {
  const ids = [...new Set(all.map(({ target }) => target.instanceId))];
  const found = await api.describeInstances(ids);
  return new Map(found.map((instance) => [instance.instanceId, instance]));
}

/** Why an instance can't be asked, and what to do. */
function whyNot(
  instance: ManagedInstance | undefined,
  region: string,
): readonly [why: string, advice: string] | undefined {
  if (instance === undefined) {
    return [
      `Systems Manager does not know the instance in ${region}`,
      'check that its agent is running, and that it has an instance profile with AmazonSSMManagedInstanceCore and can reach the ssm endpoints',
    ];
  }
  const { ping, platform } = instance;
  if (ping !== 'Online') {
    return [
      `Systems Manager can't reach the instance's agent (${ping})`,
      'check that the instance and its agent are running and can reach the ssm endpoints',
    ];
  }
  if (platform !== 'Linux') {
    return [
      platform === undefined
        ? 'Systems Manager does not say which platform the instance runs'
        : `the instance runs ${platform}, and the probe is a script for Linux`,
      'probe it from another machine in its network: elb-proxy verify backend HOST:PORT',
    ];
  }
  return undefined;
}

async function send(
  targets: readonly InstanceTarget[],
  { run, parameters, runFor }: InstanceProbing,
  api: RunCommand,
  clock: Clock,
): Promise<Sent> {
  const addresses = [...new Set(targets.map(({ address }) => address))].join(',');
  const id = await api.send({
    instanceIds: [...new Set(targets.map(({ target }) => target.instanceId))],
    run: run(addresses),
    parameters: { ...parameters, Addresses: addresses },
    startWithin,
    runFor,
  });
  const until = clock.now().getTime() + (startWithin + runFor + grace) * 1000;
  return { id, targets, until, settled: new Map() };
}

function isUnderWay({ targets, settled }: Sent): boolean {
  return targets.some(({ target }) => !settled.has(target.instanceId));
}

async function look(
  { id, targets, until, settled }: Sent,
  probing: InstanceProbing,
  api: RunCommand,
  clock: Clock,
): Promise<void> {
  const late = clock.now().getTime() >= until;
  const invocations = await api.invocations(id);
  for (const one of targets) {
    const { instanceId } = one.target;
    if (settled.has(instanceId)) continue;
    const own = invocations.filter((invocation) => invocation.instanceId === instanceId);
    const [invocation, another] = own;
    if (another !== undefined) {
      settled.set(
        instanceId,
        probing.notAsked(one.target, 'the service answered twice for it', 'run it again'),
      );
    } else if (invocation !== undefined && ended.has(invocation.status)) {
      settled.set(instanceId, resultOf(one, invocation, probing));
    } else if (late) {
      const state = invocation === undefined ? 'never showed' : `is still ${invocation.status}`;
      settled.set(
        instanceId,
        probing.notAsked(
          one.target,
          `the command ${state}, ${Math.round(grace + startWithin + probing.runFor)} s after it was sent`,
          'check the agent on the instance, and try again',
        ),
      );
    }
  }
}

function resultOf(one: InstanceTarget, invocation: Invocation, probing: InstanceProbing): BackendResult {
  const { status, details, output } = invocation;
  if (status === 'Success') return probing.judge(one, output);
  const [why, advice] = words[details] ??
    words[status] ?? [`the command ended as ${details}`, 'run it again'];
  const [said = ''] = output.trim().split('\n');
  return probing.notAsked(one.target, said === '' ? why : `${why}: ${said.slice(0, 200)}`, advice);
}

/** The meaning of each end other than success. */
const words: Readonly<Record<string, readonly [why: string, advice: string]>> = {
  'Delivery Timed Out': [
    `the command did not start on the instance within ${startWithin} s`,
    'check its agent (it may be busy with other commands), and try again',
  ],
  'Execution Timed Out': ['the probe took too long on the instance', 'try again with a shorter --timeout'],
  Undeliverable: [
    'the command could not be delivered to the instance',
    'check that it and its agent are running',
  ],
  'Access Denied': [
    'the caller may not send commands to this instance',
    'elb-proxy iam-policy --from instances prints a policy that has it',
  ],
  'Invalid Platform': ['the document does not run on its platform', 'probe it from another machine'],
  Cancelled: ['the command was cancelled', 'run it again'],
  TimedOut: ['the command timed out', 'run it again'],
  Failed: ['the probe failed on the instance', "see the command's output in Systems Manager"],
};

async function cancel(
  { id, targets, settled }: Sent,
  { runFor }: InstanceProbing,
  api: RunCommand,
  onCancelled: VerifyInstances['onCancelled'],
): Promise<void> {
  const left = targets.map(({ target }) => target.instanceId).filter((one) => !settled.has(one));
  const where =
    left.length > 3 ? `${left.slice(0, 3).join(', ')} and ${left.length - 3} more` : left.join(', ');
  const still = `where it had begun, it may still run for up to ${runFor} s: ${where}`;
  try {
    await api.cancel(id);
    onCancelled?.(`command ${id} is cancelled; ${still}`);
  } catch (error) {
    onCancelled?.(
      `command ${id} could not be cancelled (${messageOf(error)}); ${still}. To cancel it: aws ssm cancel-command --region ${api.region} --command-id ${id}`,
    );
  }
}

function counted(
  results: ReadonlyMap<InstanceTarget, BackendResult>,
): Readonly<Partial<Record<BackendVerdict, number>>> {
  const counts: Partial<Record<BackendVerdict, number>> = {};
  for (const { verdict } of results.values()) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
