import type { Plan } from '../../core/plan.js';
import { usageError } from '../../errors.js';
import { carryOutIam, carryOutOptions, readChangeOptions } from '../change/change-options.js';
import { warnOfInterrupted } from '../change/warn-of-interrupted.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import { forceOption, regionOf, reviewOutputs } from '../options.js';

/** `elb-proxy apply`. */
export const apply = command({
  name: 'apply',
  positionals: { usage: '<plan.json>', least: 1, most: 1 },
  options: { ...forceOption, ...carryOutOptions },
  examples: {
    'elb-proxy apply plan.json': 'show the plan, ask, do exactly that',
    'elb-proxy apply plan.json --yes -o json': 'in a pipeline',
    'elb-proxy apply plan.json --yes --summary=report.md --expect-digest "$DIGEST"':
      'only the plan that was reviewed; the report as Markdown, too',
    'elb-proxy apply plan.json --yes --lock': 'with several pipelines: they take turns',
    'elb-proxy apply - --yes': 'the plan from standard input: what a dry run with -o json printed',
  },
  mutates: true,
  iam: carryOutIam,
  outputs: reviewOutputs,
  exitCodes: [0, 1, 3, 4, 5, 130],
  run: async (given, context) => {
    const { carryOut, pendingIn } = await import('../change/carry-out.js');
    const options = await readChangeOptions(given.options, context);
    const region = regionOf(given.options);
    const [file = ''] = given.positionals;
    const plan = await readPlan(file, context);
    const other = plan.changes.find(
      ({ loadBalancer }) => region !== undefined && loadBalancer.region !== region,
    );
    if (other !== undefined) {
      throw usageError(
        `--region ${region} is not the region of the plan: ${other.loadBalancer.name} is in ${other.loadBalancer.region}`,
        'leave --region out: a plan carries its regions',
      );
    }
    const { elsewhereNote, planRefusedAt } = await import('../../app/held-to-endpoint.js');
    const { refusedAs } = await import('../../app/held-to-account.js');
    const { endpointOf } = await import('../place.js');
    const asked = await endpointOf(plan, context);
    const elsewhere = planRefusedAt(asked, plan, file);
    const message = elsewhere === undefined ? elsewhereNote(asked, plan, 'the plan') : undefined;
    if (message !== undefined) context.emit({ code: 'warning', message });
    const verdict = context
      .caller(plan.changes[0]?.loadBalancer.region)
      .then((who) => refusedAs(who, plan.caller, { subject: 'the plan', argv: ['apply', file] }));
    await warnOfInterrupted(context);
    return carryOut(
      { targets: pendingIn(plan), makePlan: async () => plan, verdict, elsewhere, reviewed: true },
      options,
      context,
    );
  },
});

/** `-` is standard input, where nothing can be answered then: that takes `--yes`. */
async function readPlan(file: string, { io }: Context): Promise<Plan> {
  if (file === '-' && io.stdin.isTerminal)
    throw usageError(
      'standard input is a terminal, not a plan',
      'name the plan file, or pipe one in: elb-proxy apply - --yes <plan.json',
    );
  const { readPlanFile } = await import('../../plan-file/plan-file.js');
  return readPlanFile(file, file === '-' ? io.stdin.stream : undefined);
}
