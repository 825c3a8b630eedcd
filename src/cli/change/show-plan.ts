import { pendingChanges } from '../../core/change-facts.js';
import { type Plan, standingBlockers } from '../../core/plan.js';
import type { Report } from '../../core/report.js';
import type { Style } from '../../render/style.js';
import type { Context } from '../context.js';
import type { ChangeOptions } from './change-options.js';
import { codesOf } from './confirm-plan.js';

/** The streams that show the whole plan, with its hazards. */
export interface Shown {
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** On neither stream. */
export const nowhere: Shown = { stdout: false, stderr: false };

/**
 * Shows the plan before it is carried out: with the results, or on stderr if those are JSON. A user who is asked about
 * it sees all of it; otherwise one line identifies a plan that was reviewed.
 */
export async function showPlan(
  plan: Plan,
  reviewed: boolean,
  options: Pick<ChangeOptions, 'quiet' | 'yes'>,
  { io, output, print, say }: Context,
): Promise<Shown> {
  const asked = !options.yes && io.stdin.isTerminal;
  if (options.quiet && !asked) return nowhere;
  const { renderPlan, renderPlanLine } = await import('../../render/text/plan.js');
  const whole = asked || !reviewed;
  const render = (shown: Plan, style: Style): string => {
    if (whole) return renderPlan(shown, style);
    return renderPlanLine(
      shown,
      io.stdout.isTerminal ? style : { ...style, width: Number.POSITIVE_INFINITY },
    );
  };
  const onStdout = output === 'text';
  const onStderr = io.stderr.isTerminal && !(onStdout && (io.stdout.isTerminal || !asked));
  if (onStdout) await print(plan, (shown, style) => `${render(shown, style)}\n`);
  if (onStderr) await say((style) => render(plan, style));
  return { stdout: whole && onStdout, stderr: whole && onStderr };
}

/** A refused plan's report without what its blockers do: the plan above it says that already. */
export function refersToPlan(report: Report): Report {
  if (report.error?.code !== 'blocked') return report;
  const first = pendingChanges(report).find((change) => standingBlockers(change).length > 0);
  if (first === undefined) return report;
  const codes = codesOf(first);
  const message = `refused on load balancer ${first.loadBalancer.name}: ${codes.join(', ')} (see the plan above)`;
  const hint = `remove the cause, or overrule it with ${codes.map((code) => `--force ${code}`).join(' ')}`;
  return { ...report, reason: message, error: { ...report.error, message, hint } };
}
