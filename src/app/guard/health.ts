import type { InstanceState, LoadBalancer } from '../../core/model.js';
import { messageOf } from '../../errors.js';
import type { Clock, ElasticLoadBalancing } from '../ports.js';
import { hintOf } from './hint-of.js';
import { inTime } from './in-time.js';
import type { GuardProbe, GuardWatcher, Looked } from './watcher.js';

/** Milliseconds between two looks: the API's calls are shared with everybody in the account. */
const everyMs = 3000;

/**
 * A guard that asks the service itself: each instance that was in service before stays so. What is out before does not
 * count, and what joins or leaves is said.
 */
export function healthGuard(
  api: (
    region: string,
  ) => Promise<Pick<ElasticLoadBalancing, 'describeLoadBalancers' | 'describeInstanceHealth'>>,
  clock: Clock,
): GuardProbe {
  const watchers = new Map<string, GuardWatcher>();
  return {
    name: 'health',
    watcherOf: ({ loadBalancer }) => {
      const { name, region } = loadBalancer;
      const key = `${region}/${name}`;
      const watcher = watchers.get(key) ?? healthWatcher(name, () => api(region), clock);
      watchers.set(key, watcher);
      return watcher;
    },
  };
}

type Api = Awaited<ReturnType<Parameters<typeof healthGuard>[0]>>;

function healthWatcher(name: string, api: () => Promise<Api>, clock: Clock): GuardWatcher {
  /** In service before the change, and registered since. */
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
        const found = await readOne(open, name);
        const states = await open.describeInstanceHealth(name);
        known = new Set(states.map(({ instanceId }) => instanceId));
        kept = states.filter(isInService).map(({ instanceId }) => instanceId);
        const blind = whyBlind(found, states);
        if (blind !== undefined) return { passed: false, ...blind };
        holdMs = noticedWithin(found?.healthCheck);
        return { passed: true, seen: inServiceWords(kept.length, kept.length) };
      }),
    look: () =>
      timed(async (open) => {
        const states = await open.describeInstanceHealth(name);
        const ids = new Set(states.map(({ instanceId }) => instanceId));
        const left = kept.filter((id) => !ids.has(id));
        const joined = [...ids].filter((id) => !known.has(id));
        const notes = [
          ...left.map((id) => `${id} is no longer registered with ${name}, and no longer watched`),
          ...joined.map(
            (id) => `${id} was registered with ${name}; it was not there before, so it is not watched`,
          ),
        ];
        known = new Set([...known, ...ids]);
        kept = kept.filter((id) => ids.has(id));
        if (kept.length === 0)
          return {
            passed: false,
            seen: 'no instance that was in service before is registered any more',
            notes,
          };
        const out = states.filter((state) => kept.includes(state.instanceId) && !isInService(state));
        const [first] = out;
        if (first === undefined)
          return { passed: true, seen: inServiceWords(kept.length, kept.length), notes };
        const others = out.length === 1 ? '' : ` (${out.length} of ${kept.length} instances are out)`;
        return { passed: false, seen: stateWords(first) + others, notes };
      }),
    everyMs: () => everyMs,
    // The service itself has waited for as many failed checks as its owner wants.
    patient: false,
    holdMs: () => holdMs,
    noticesAfterMs: () => holdMs,
  };
}

interface Verdict {
  readonly passed: boolean;
  readonly seen: string;
}

async function readOne(api: Api, name: string): Promise<LoadBalancer | undefined> {
  for await (const [found] of api.describeLoadBalancers([name])) return found;
  return undefined;
}

/** Why health can't say anything here; undefined where it can. */
function whyBlind(
  found: LoadBalancer | undefined,
  states: readonly InstanceState[],
): { readonly seen: string; readonly hint: string } | undefined {
  if (noticedWithin(found?.healthCheck) === undefined)
    return {
      seen:
        found?.healthCheck === undefined
          ? 'it has no health check that could notice anything'
          : 'the service does not say how often its health check runs, so how long to watch is not known',
      hint: 'configure its health check, or watch with another guard, such as --guard http:/path',
    };
  const hint =
    'watch with another guard, such as --guard http:/path, or bring an instance into service first';
  if (states.length === 0) return { seen: 'no instance is registered with it', hint };
  if (!states.some(isInService)) {
    const [first] = states;
    const example = first === undefined ? '' : `: ${stateWords(first)}`;
    return { seen: `none of its ${states.length} instances is in service${example}`, hint };
  }
  return undefined;
}

/** Milliseconds within which the health check notices a fault: enough failed checks in a row, and one interval more. */
function noticedWithin(check: LoadBalancer['healthCheck']): number | undefined {
  const { interval, unhealthyThreshold } = check ?? {};
  if (interval === undefined || unhealthyThreshold === undefined) return undefined;
  return (interval * unhealthyThreshold + interval) * 1000;
}

function isInService({ state }: InstanceState): boolean {
  return state === 'InService';
}

function inServiceWords(inService: number, total: number): string {
  return `${inService} of ${total} ${total === 1 ? 'instance' : 'instances'} InService`;
}

function stateWords({ instanceId, state, description }: InstanceState): string {
  const why = description === undefined || description === 'N/A' ? '' : `: ${description.replace(/\.$/, '')}`;
  return `${instanceId} is ${state}${why}`;
}
