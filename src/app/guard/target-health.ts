import type { Target, TargetGroupHealthCheck } from '../../core/network-load-balancer.js';
import { messageOf } from '../../errors.js';
import type { Clock, ElasticLoadBalancingV2 } from '../ports.js';
import { hintOf } from './hint-of.js';
import { inTime } from './in-time.js';
import type { GuardProbe, GuardWatcher, Looked } from './watcher.js';

/** Milliseconds between two looks: the API's calls are shared with everybody in the account. */
const everyMs = 3000;

type Api = Pick<ElasticLoadBalancingV2, 'describeTargetGroups' | 'describeTargetHealth'>;

/**
 * The `health` guard of a target group: each target that was healthy before stays so, as the service says. What is not
 * healthy before does not count, and what joins or leaves is said.
 */
export function targetHealthGuard(api: (region: string) => Promise<Api>, clock: Clock): GuardProbe {
  const watchers = new Map<string, GuardWatcher>();
  return {
    name: 'health',
    watcherOf: ({ loadBalancer: { region }, targetGroup }) => {
      const { arn = '', name = '' } = targetGroup ?? {};
      const watcher = watchers.get(arn) ?? targetWatcher(arn, name, () => api(region), clock);
      watchers.set(arn, watcher);
      return watcher;
    },
  };
}

interface Verdict {
  readonly passed: boolean;
  readonly seen: string;
}

function targetWatcher(arn: string, name: string, api: () => Promise<Api>, clock: Clock): GuardWatcher {
  /** Healthy before the change, and registered since. */
  let kept: readonly string[] = [];
  let known: ReadonlySet<string> = new Set();
  let holdMs: number | undefined;

  const timed = async (work: (api: Api) => Promise<Omit<Looked, 'sights'> & Verdict>): Promise<Looked> => {
    const began = clock.now().getTime();
    const { passed, seen, ...rest } = await inTime(api().then(work), clock).catch(
      (error: unknown): Verdict & { hint?: string | undefined } => ({
        passed: false,
        seen: messageOf(error),
        hint: hintOf(error),
      }),
    );
    return { sights: [{ target: name, passed, seen, ms: clock.now().getTime() - began }], ...rest };
  };

  return {
    before: () =>
      timed(async (open) => {
        const [check, targets] = await Promise.all([
          healthCheckOf(open, arn),
          open.describeTargetHealth(arn),
        ]);
        known = new Set(targets.map(nameOf));
        kept = targets.filter(isHealthy).map(nameOf);
        const blind = whyBlind(check, targets);
        if (blind !== undefined) return { passed: false, ...blind };
        holdMs = noticedWithin(check);
        return { passed: true, seen: healthyWords(kept.length) };
      }),
    look: () =>
      timed(async (open) => {
        const targets = await open.describeTargetHealth(arn);
        const names = new Set(targets.map(nameOf));
        const notes = [
          ...kept
            .filter((one) => !names.has(one))
            .map((one) => `${one} is no longer registered in ${name}, and no longer watched`),
          ...[...names]
            .filter((one) => !known.has(one))
            .map((one) => `${one} was registered in ${name}; it was not there before, so it is not watched`),
        ];
        known = new Set([...known, ...names]);
        kept = kept.filter((one) => names.has(one));
        if (kept.length === 0)
          return { passed: false, seen: 'no target that was healthy before is registered any more', notes };
        const out = targets.filter((target) => kept.includes(nameOf(target)) && !isHealthy(target));
        const [first] = out;
        if (first === undefined) return { passed: true, seen: healthyWords(kept.length), notes };
        const others = out.length === 1 ? '' : ` (${out.length} of ${kept.length} targets are not healthy)`;
        return { passed: false, seen: stateWords(first) + others, notes };
      }),
    everyMs: () => everyMs,
    // The service itself has waited for as many failed checks as its owner wants.
    patient: false,
    holdMs: () => holdMs,
    noticesAfterMs: () => holdMs,
  };
}

async function healthCheckOf(api: Api, arn: string): Promise<TargetGroupHealthCheck | undefined> {
  for await (const page of api.describeTargetGroups({ arns: [arn] })) {
    const found = page.find((group) => group.arn === arn);
    if (found !== undefined) return found.healthCheck;
  }
  return undefined;
}

/** Why health can't say anything here; undefined where it can. */
function whyBlind(
  check: TargetGroupHealthCheck | undefined,
  targets: readonly Target[],
): { readonly seen: string; readonly hint: string } | undefined {
  if (check?.enabled === false)
    return {
      seen: 'its health check is switched off, so nothing could be noticed',
      hint: 'switch its health check on, or watch with another guard, such as --guard http:/path',
    };
  if (noticedWithin(check) === undefined)
    return {
      seen: 'the service does not say how often its health check runs, so how long to watch is not known',
      hint: 'watch with another guard, such as --guard http:/path',
    };
  const hint = 'watch with another guard, such as --guard http:/path, or bring a target into service first';
  if (targets.length === 0) return { seen: 'no target is registered in it', hint };
  if (targets.some(isHealthy)) return undefined;
  const [first] = targets;
  const example = first === undefined ? '' : `: ${stateWords(first)}`;
  return { seen: `none of its ${targets.length} targets is healthy${example}`, hint };
}

/** Milliseconds within which the health check notices a fault: enough failed checks in a row, and one interval more. */
function noticedWithin(check: TargetGroupHealthCheck | undefined): number | undefined {
  const { interval, unhealthyThreshold } = check ?? {};
  if (interval === undefined || unhealthyThreshold === undefined) return undefined;
  return (interval * unhealthyThreshold + interval) * 1000;
}

function isHealthy({ state }: Target): boolean {
  return state === 'healthy';
}

/** An id may be registered several times, with other ports. */
function nameOf({ id, port }: Target): string {
  return port === undefined ? id : `${id}:${port}`;
}

function healthyWords(count: number): string {
  return `${count} of ${count} ${count === 1 ? 'target' : 'targets'} healthy`;
}

function stateWords(target: Target): string {
  const { state = 'of a state that is not known', reason, description } = target;
  const why = [reason, description?.replace(/\.$/, '')].filter((part) => part !== undefined).join(', ');
  return `${nameOf(target)} is ${state}${why === '' ? '' : `: ${why}`}`;
}
