import { changeFacts, planFacts, writtenPorts } from '../../core/change-facts.js';
import type { Action, ClassicChange, InstanceCount, Plan, PlanChange } from '../../core/plan.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { alreadySo, shortPlace } from './change-place.js';
import { changeRemarks } from './change-remarks.js';
import { counted } from './counted.js';
import { groupFacts, groupTouches } from './group-words.js';
import { hazardSection } from './hazard-lines.js';
import { listenerPicture, pictureColumn } from './listener-picture.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { facts, joinLines, paragraph } from './paragraph.js';
import { placeLines } from './place-lines.js';
import { planExtent, planGoal } from './plan-words.js';
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
    ...hazardSection('Hazards', change.hazards, { action, forced: change.forced }, style),
  ];
}

/** The reach of a change: the listeners' way to the ports whose lists are replaced, and the instances behind. */
function blastRadius(change: PlanChange, style: Style): readonly string[] {
  const lines = change.targetGroup === undefined ? portTouches(change, style) : groupTouches(change, style);
  return [`  ${style.colour.bold('Touches')}`, ...lines.map((line) => `    ${line}`)];
}

function portTouches({ affects, steps }: ClassicChange, style: Style): readonly string[] {
  const { instances, listeners } = affects;
  const ports = writtenPorts(steps);
  const touched = [...new Set(ports)].toSorted((a, b) => a - b);
  const behind = listeners.filter(({ instancePort }) => touched.includes(instancePort));
  const column = pictureColumn(touched, behind);
  const pictures = touched.flatMap((port) =>
    listenerPicture(
      port,
      behind.filter(({ instancePort }) => instancePort === port),
      style,
      column,
    ),
  );
  return touched.length === 0 ? ['no listener: no list changes'] : [...pictures, instanceWords(instances)];
}

function instanceWords(instances: InstanceCount | undefined): string {
  if (instances === undefined) return "instances' health is not known";
  if (instances.total === 0) return 'no instances are registered';
  return `${counted(instances.total, 'instance')}, ${instances.inService} InService`;
}
