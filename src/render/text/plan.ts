import { changeFacts, planFacts } from '../../core/change-facts.js';
import type { Hazard } from '../../core/hazards.js';
import type { Action, Plan, PlanChange } from '../../core/plan.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { alreadySo } from './already-so.js';
import { blastRadius } from './blast-radius.js';
import { shortPlace } from './change-place.js';
import { changeRemarks } from './change-remarks.js';
import { counted } from './counted.js';
import { facts } from './facts.js';
import { groupFacts } from './group-words.js';
import { hazardCount, hazardLines } from './hazard-lines.js';
import { joinLines } from './join-lines.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { paragraph } from './paragraph.js';
import { placeLines } from './place-lines.js';
import { planExtent } from './plan-extent.js';
import { planGoal } from './plan-goal.js';
import { stepDifference } from './step-difference.js';
import { wayBack } from './way-back.js';

/** A plan for review: for each load balancer who is touched, each call as a difference, the hazards; then the way back. */
export function renderPlan(plan: Plan, style: Style): string {
  const shown = printable(plan);
  return joinLines([
    ...planHeading(shown, style),
    ...shown.changes.flatMap((change) => ['', ...changeLines(change, shown.action, style)]),
    ...(shown.pending ? ['', ...wayBack(shown.changes, shown.action, style)] : []),
  ]);
}

/** A plan that was reviewed elsewhere, in one line: what a reviewer compares, and what it is about. */
export function renderPlanLine(plan: Plan, style: Style): string {
  const { action, digest, changes, endpoint } = printable(plan);
  const { pending, loadBalancers } = planFacts({ changes });
  const [only] = pending;
  const where =
    only !== undefined && pending.length === 1
      ? [only.loadBalancer.name, shortPlace(only)].filter((part) => part !== '').join(':')
      : counted(loadBalancers, 'load balancer');
  const at = endpoint === undefined ? '' : ` at ${endpoint}`;
  return joinLines(
    paragraph(`${style.colour.bold('Plan')} ${digest}: ${action} ${where}${at}`, style, { hanging: 2 }),
  );
}

function planHeading(plan: Plan, style: Style): readonly string[] {
  return [
    ...paragraph(`${style.colour.bold(`Plan: ${planGoal(plan)}`)}, ${planExtent(plan)}`, style, {
      hanging: 2,
    }),
    ...placeLines(plan, style),
    ...paragraph(`digest ${plan.digest}`, style).map((line) => style.colour.dim(line)),
  ];
}

function changeLines(change: PlanChange, action: Action, style: Style): readonly string[] {
  const heading = [
    ...loadBalancerHeading(change.loadBalancer, style),
    ...(change.targetGroup === undefined ? [] : facts(groupFacts(change.targetGroup), style)),
  ];
  if (change.steps.length === 0)
    return [...heading, ...paragraph(`nothing to do: ${alreadySo(change, action)}`, style, { indent: 2 })];
  const known = changeFacts(change);
  return [
    ...heading,
    '',
    ...blastRadius(change, style),
    '',
    ...change.steps.flatMap((step, index) => stepDifference(step, index + 1, known.created, style)),
    ...changeRemarks(known, action).flatMap((remark) => paragraph(remark, style, { indent: 4 })),
    ...hazardSection(change, action, style),
  ];
}

function hazardSection(change: PlanChange, action: Action, style: Style): readonly string[] {
  if (change.hazards.length === 0) return [];
  return [
    '',
    ...paragraph(`${style.colour.bold('Hazards:')} ${hazardCount(change.hazards)}`, style, { indent: 2 }),
    ...change.hazards.flatMap((hazard) =>
      hazardLines(hazard, style, 4, blockerWords(hazard, change, action)),
    ),
  ];
}

function blockerWords(
  { level, code }: Hazard,
  { forced }: PlanChange,
  action: Action,
): { readonly remark?: string; readonly more?: string } {
  if (level !== 'blocker') return {};
  if (action === 'undo') return { remark: '(does not stop an undo)' };
  if (forced.includes(code)) return { remark: `(overruled by --force ${code})` };
  return { remark: '(stops this plan)', more: `or go ahead anyway with --force ${code}` };
}
