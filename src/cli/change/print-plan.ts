import type { Plan } from '../../core/plan.js';
import type { Report } from '../../core/report.js';
import type { Style } from '../../render/style.js';
import type { Context } from '../context.js';
import { addToSummary } from '../summary.js';
import type { ChangeOptions } from './change-options.js';

/** Prints a plan as the result, and adds it to the summary, if one is wanted; `out` is the written plan file, if any. */
export async function printPlan(
  plan: Plan,
  { summary, out }: { readonly summary: string | undefined; readonly out: string | undefined },
  context: Context,
): Promise<void> {
  await context.print(plan, await planRenderer(context, out));
  await addToSummary(summary, context, async (limit) =>
    (await import('../../render/markdown/plan.js')).renderPlanMarkdown(plan, limit, out),
  );
}

/** Prints a report as the result. */
export async function printReport(
  done: Report,
  { summary, quiet }: Pick<ChangeOptions, 'summary' | 'quiet'>,
  context: Context,
): Promise<void> {
  await context.print(done, await reportRenderer(context, quiet));
  await addToSummary(summary, context, async (limit) =>
    (await import('../../render/markdown/report.js')).renderReportMarkdown(done, limit),
  );
}

async function planRenderer(
  { output }: Context,
  out: string | undefined,
): Promise<(plan: Plan, style: Style) => string> {
  switch (output) {
    case 'markdown': {
      const { renderPlanMarkdown } = await import('../../render/markdown/plan.js');
      return (plan) => renderPlanMarkdown(plan, undefined, out);
    }
    case 'commands':
      return (await import('../../render/commands/plan.js')).renderPlanCommands;
    case 'json':
    case 'text':
      return (await import('../../render/text/plan.js')).renderPlan;
  }
}

async function reportRenderer(
  { output }: Context,
  quiet: boolean,
): Promise<(done: Report, style: Style) => string> {
  if (output !== 'markdown') {
    const { renderOutcome, renderReport } = await import('../../render/text/report.js');
    return quiet ? renderOutcome : renderReport;
  }
  const { renderReportMarkdown } = await import('../../render/markdown/report.js');
  return (done) => renderReportMarkdown(done);
}
