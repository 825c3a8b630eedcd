import type { Moved } from '../core/drift.js';
import type { Hazard } from '../core/hazards.js';
import { statusCommand } from '../core/next-command.js';
import type { Action, PlanChange } from '../core/plan.js';
import { type ElbProxyError, worldError } from '../errors.js';
import type { Progress, Verdict } from './objection.js';

/** The objections to a change for one kind of load balancer, judged by a read. */
interface Against<F> {
  /** Differences from the plan. */
  readonly moved: () => readonly Moved[];
  /** This run's writes that are no longer in effect. */
  readonly undone: (fresh: F) => readonly Moved[];
  /** Who is affected, if that no longer matches the plan: a reviewer has agreed to them. */
  readonly touched: (fresh: F) => readonly Moved[];
  /** Effects other than switching the PROXY protocol. */
  readonly beyond: (fresh: F) => readonly string[];
  /** Effects that contradict the plan's action. */
  readonly against: (fresh: F) => readonly string[];
  /** The hazards of the ports or groups that it switches on. */
  readonly hazards: (fresh: F) => readonly Hazard[];
  /** The limit of what this tool ever does, in words. */
  readonly only: string;
  /** The option that chooses the port or group. */
  readonly option: string;
}

/** The last check before a write: everything is as planned, the plan does what its action says, and no blocker is left. */
export function objectionToChange<F>(
  change: PlanChange,
  fresh: F | undefined,
  progress: Progress,
  kind: Against<F>,
): Verdict<ElbProxyError> | undefined {
  const { done } = progress;
  const moved = kind.moved();
  if (fresh === undefined) return { stop: movedError(change, moved, progress), maybeOld: done.length > 0 };
  const undone = kind.undone(fresh);
  if (moved.length > 0 || undone.length > 0) {
    // If one of this run's own writes does not show, the read is probably stale; any other difference is a real change.
    const behind = moved.every(({ own }) => own === true) && undone.every(({ own }) => own === true);
    return { stop: movedError(change, [...moved, ...undone], progress), maybeOld: done.length > 0 && behind };
  }
  const stop = otherObjection(change, fresh, progress, kind);
  return stop && { stop };
}

function otherObjection<F>(
  change: PlanChange,
  fresh: F,
  progress: Progress,
  kind: Against<F>,
): ElbProxyError | undefined {
  const { forced, action } = progress;
  const touched = kind.touched(fresh);
  if (touched.length > 0) return movedError(change, touched, progress);
  const beyond = kind.beyond(fresh);
  if (beyond.length > 0) return outOfScopeError(change, beyond, kind.only);
  const against = kind.against(fresh);
  if (against.length > 0) return notThatError(change, action, against, kind.option);
  const overruled = new Set([...change.forced, ...forced]);
  const standing = kind
    .hazards(fresh)
    .filter(({ level, code }) => level === 'blocker' && !overruled.has(code));
  return standing.length === 0 ? undefined : blockedError(change.loadBalancer.name, standing);
}

/** The refusal that names the blockers that were not overruled, and the way past. */
export function blockedError(name: string, blockers: readonly Hazard[]): ElbProxyError {
  const codes = [...new Set(blockers.map(({ code }) => code))];
  return worldError(
    `refused on load balancer ${name}: ${blockers.map(({ code, message }) => `${code}: ${message}`).join('; ')}`,
    'blocked',
    `${blockers[0]?.advice ?? ''}; or, if you are sure, overrule it with ${codes.map((code) => `--force ${code}`).join(' ')}`,
  );
}

/** The differences from the plan, as the error that ends the run. */
export function movedError(
  { loadBalancer: { name, region } }: PlanChange,
  moved: readonly Moved[],
  { wrote, remaining }: Pick<Progress, 'wrote' | 'remaining'>,
): ElbProxyError {
  const what = moved.map((item) => `${item.what} was ${item.expected}, is ${item.found}`).join('; ');
  const next = remaining.length === 0 ? 'Every step was written.' : 'The next step was not written.';
  const extent = wrote ? next : 'Nothing was written.';
  return worldError(
    `load balancer ${name} (${region}) no longer matches the plan: ${what}. ${extent}`,
    wrote ? 'concurrent-change' : 'stale-plan',
    `look at what is there now, then plan again: ${statusCommand({ name, region })}`,
  );
}

function notThatError(
  { loadBalancer: { name } }: PlanChange,
  action: Action,
  against: readonly string[],
  option: string,
): ElbProxyError {
  return worldError(
    `refused on load balancer ${name}: the plan says ${action}, but would ${against.join('; ')}`,
    'plan-out-of-scope',
    `make a new plan with: elb-proxy ${action} NAME ${option} --dry-run --out FILE`,
  );
}

function outOfScopeError(
  { loadBalancer: { name } }: PlanChange,
  beyond: readonly string[],
  only: string,
): ElbProxyError {
  return worldError(
    `refused on load balancer ${name}: the plan would ${beyond.join('; ')}`,
    'plan-out-of-scope',
    `${only}; make a new plan with elb-proxy enable or disable --dry-run --out`,
  );
}
