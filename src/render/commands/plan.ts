import { awsCommand } from '../../core/aws-command.js';
import { pendingChanges } from '../../core/change-facts.js';
import { invertSteps } from '../../core/invert.js';
import { type Plan, type PlanChange, standingBlockers } from '../../core/plan.js';
import type { Step } from '../../core/step.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { alreadySo } from '../text/change-place.js';
import { commandLines } from '../text/command-lines.js';
import { joinLines, paragraph } from '../text/paragraph.js';
import { callerWords } from '../text/place-lines.js';
import { planExtent, planGoal } from '../text/plan-words.js';
import { shellWord } from './shell-word.js';

/** A plan as AWS CLI commands for a POSIX shell; the first failure ends it. The way back follows as comments. */
export function renderPlanCommands(plan: Plan, style: Style): string {
  const pending = pendingChanges(plan);
  return joinLines([
    ...heading(plan, pending, style),
    ...plan.changes
      .filter(({ steps }) => steps.length === 0)
      .flatMap((change) => nothing(change, plan, style)),
    ...forward(pending, plan, style),
    ...back(pending, plan, style),
  ]);
}

function heading(plan: Plan, pending: readonly PlanChange[], style: Style): readonly string[] {
  const risk = `These commands do not check again before they write: ${loses(pending)}. elb-proxy would carry out this plan, or refuse if something has changed.`;
  return [
    ...comment(`${plan.tool}: ${planGoal(plan)}, ${planExtent(plan)}`, style),
    ...comment(callerWords(plan), style),
    ...comment(`read at ${plan.createdAt}, ${plan.digest}`, style),
    ...(plan.pending ? comment(risk, style) : []),
  ];
}

/** The risk of a change made after the plan was read: the call for a list replaces it whole. */
function loses(pending: readonly PlanChange[]): string {
  return pending.some(({ targetGroup }) => targetGroup === undefined)
    ? 'a change that someone else makes to a list after that time is lost'
    : 'whatever anyone sets the attribute to after that time is overwritten';
}

function nothing(change: PlanChange, { action }: Plan, style: Style): readonly string[] {
  const { name, region } = change.loadBalancer;
  return ['', ...comment(`${name} (${region}): nothing to do: ${alreadySo(change, action)}`, style)];
}

function forward(pending: readonly PlanChange[], plan: Plan, style: Style): readonly string[] {
  return pending.flatMap((change, index) => [
    '',
    ...comment(`${change.loadBalancer.name} (${change.loadBalancer.region})`, style),
    ...standing(change, style),
    ...chain(commandsOf(change, change.steps, plan), style, index < pending.length - 1),
  ]);
}

/** Blockers stop elb-proxy; these commands they don't. */
function standing(change: PlanChange, style: Style): readonly string[] {
  return standingBlockers(change).flatMap(({ code, message }) =>
    comment(`elb-proxy would refuse: ${code}: ${message}`, style),
  );
}

function back(pending: readonly PlanChange[], plan: Plan, style: Style): readonly string[] {
  if (pending.length === 0) return [];
  const commands = pending
    .toReversed()
    .flatMap((change) => commandsOf(change, invertSteps(change.steps), plan));
  const narrower = { ...style, width: style.width - 2 };
  return [
    '',
    ...comment('The way back, once all of this is done:', style),
    ...chain(commands, narrower, false).map((line) => `# ${line}`),
  ];
}

function commandsOf(
  { loadBalancer }: PlanChange,
  steps: readonly Step[],
  { endpoint }: Plan,
): readonly string[] {
  for (const text of [loadBalancer.region, endpoint ?? '']) shellWord(text);
  return steps.map((step) => awsCommand(loadBalancer, step, endpoint));
}

/** Each runs only if the one before it worked, even in a shell without `set -e`. */
function chain(commands: readonly string[], style: Style, goesOn: boolean): readonly string[] {
  return commands.flatMap((command, index) =>
    commandLines(index < commands.length - 1 || goesOn ? `${command} &&` : command, style, 0),
  );
}

/** Nothing from outside can end a comment: a line break in it is written as an escape. */
function comment(text: string, { width }: Style): readonly string[] {
  return paragraph(printable(text), { width: width - 2 }).map((line) => `# ${line}`);
}
