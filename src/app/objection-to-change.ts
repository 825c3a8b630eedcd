import { writtenPorts } from '../core/change-facts.js';
import { drift, type Moved, movedListeners, movedWritten } from '../core/drift.js';
import { type Hazard, type HazardCode, hazards } from '../core/hazards.js';
import type { LoadBalancer } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import type { Action, PlanChange } from '../core/plan.js';
import { againstAction, outOfScope } from '../core/scope.js';
import { type Step, switchesOn } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import type { Verdict } from './last-read.js';

/** How far a run has come with a change. */
export interface Progress {
  /** The steps that are still to be done, the next one first. */
  readonly remaining: readonly Step[];
  /** Blockers that are overruled besides those of the plan. */
  readonly forced: readonly HazardCode[];
  /**
   * The steps that this run has done on this load balancer: what they wrote must still be so, and a read that does not
   * show it may be old.
   */
  readonly done: readonly Step[];
  /** Whether this run has written before, anywhere: decides how the objection is worded. */
  readonly wrote: boolean;
  /** What the plan calls itself; what it does must be that. */
  readonly action: Action;
}

/**
 * The last question before a write: is everything still as the plan says, does the plan keep to PROXY policies,
 * and is nothing in the way that no one overruled? Gives the objection, or nothing.
 */
export function objectionToChange(
  change: PlanChange,
  fresh: LoadBalancer | undefined,
  progress: Progress,
): Verdict<ElbProxyError> | undefined {
  const { remaining, done } = progress;
  const moved = drift(change, remaining, fresh);
  if (fresh === undefined) return { stop: movedError(change, moved, progress), maybeOld: done.length > 0 };
  const undone = movedWritten(done, remaining, fresh);
  if (moved.length > 0 || undone.length > 0) {
    // A policy or a list of this run's own that does not show is likely to be behind; anything else has moved.
    const behind = moved.every(({ own }) => own === true) && undone.every(({ own }) => own === true);
    return { stop: movedError(change, [...moved, ...undone], progress), maybeOld: done.length > 0 && behind };
  }
  const stop = otherObjection(change, fresh, progress);
  return stop && { stop };
}

function otherObjection(
  change: PlanChange,
  fresh: LoadBalancer,
  progress: Progress,
): ElbProxyError | undefined {
  const { remaining, forced, action } = progress;
  const listeners = movedListeners(change, fresh);
  if (listeners.length > 0) return movedError(change, listeners, progress);
  const beyond = outOfScope(change, fresh, remaining);
  if (beyond.length > 0) return outOfScopeError(change, beyond);
  const against = againstAction(action, change, fresh, remaining);
  if (against.length > 0) return notThatError(change, action, against);
  // Whatever the plan calls itself: what can go wrong follows from what it does.
  if (!switchesOn(change.steps)) return undefined;
  const overruled = new Set([...change.forced, ...forced]);
  const ports = writtenPorts(change.steps);
  const standing = hazards(fresh, { purpose: 'on', instancePorts: ports, asked: false }).filter(
    ({ level, code }) => level === 'blocker' && !overruled.has(code),
  );
  return standing.length === 0 ? undefined : blockedError(change.loadBalancer.name, standing);
}

/** Blockers that no one overruled, as the refusal that names them and the way past. */
export function blockedError(name: string, blockers: readonly Hazard[]): ElbProxyError {
  const codes = [...new Set(blockers.map(({ code }) => code))];
  return new ElbProxyError(
    `refused on load balancer ${name}: ${blockers.map(({ code, message }) => `${code}: ${message}`).join('; ')}`,
    {
      code: 'blocked',
      fault: 'world',
      hint: `${blockers[0]?.advice ?? ''}; or, if you know better, overrule with ${codes.map((code) => `--force ${code}`).join(' ')}`,
    },
  );
}

function movedError(
  { loadBalancer: { name, region } }: PlanChange,
  moved: readonly Moved[],
  { wrote, remaining }: Progress,
): ElbProxyError {
  const what = moved.map((item) => `${item.what} was ${item.expected}, is ${item.found}`).join('; ');
  const next = remaining.length === 0 ? 'Every step was written.' : 'The step that was next was not written.';
  const extent = wrote ? next : 'Nothing was written.';
  return new ElbProxyError(`load balancer ${name} (${region}) is not as the plan says: ${what}. ${extent}`, {
    code: wrote ? 'concurrent-change' : 'stale-plan',
    fault: 'world',
    hint: `look at what is there now, then plan again: ${nextCommand('status', [name], { region })}`,
  });
}

function notThatError(
  { loadBalancer: { name } }: PlanChange,
  action: Action,
  against: readonly string[],
): ElbProxyError {
  return new ElbProxyError(
    `refused on load balancer ${name}: the plan calls itself ${action}, and would ${against.join('; ')}`,
    {
      code: 'plan-out-of-scope',
      fault: 'world',
      hint: `make a new plan with: elb-proxy ${action} NAME --port N --dry-run --out FILE`,
    },
  );
}

function outOfScopeError({ loadBalancer: { name } }: PlanChange, beyond: readonly string[]): ElbProxyError {
  return new ElbProxyError(`refused on load balancer ${name}: the plan would ${beyond.join('; ')}`, {
    code: 'plan-out-of-scope',
    fault: 'world',
    hint: 'this tool only puts PROXY policies on and takes them off; make a new plan with elb-proxy enable or disable --dry-run --out',
  });
}
