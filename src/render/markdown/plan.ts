import { changeFacts, loadBalancerCount, setSteps } from '../../core/change-facts.js';
import { invertSteps } from '../../core/invert.js';
import { nextCommand } from '../../core/next-command.js';
import { type ClassicChange, type Plan, type PlanChange, standingBlockers } from '../../core/plan.js';
import { printable } from '../printable.js';
import { alreadySo, changePlace } from '../text/change-place.js';
import { changeRemarks } from '../text/change-remarks.js';
import { counted } from '../text/counted.js';
import { hazardCount } from '../text/hazard-lines.js';
import { planExtent, planGoal } from '../text/plan-words.js';
import { folded } from './blocks.js';
import { callList } from './calls.js';
import { changePicture } from './change-picture.js';
import { codeSpan } from './code-span.js';
import { commentLimit, makeForms } from './fit.js';
import { fittedPage } from './fitted-page.js';
import { groupIdentity, groupTable } from './group-section.js';
import { hazardSection } from './hazard-items.js';
import { howToApply } from './how-to-apply.js';
import { identityFacts, nameAndRegion, placeFacts } from './identity.js';
import { listTable } from './list-table.js';
import { mostPictures, pictureForms } from './picture.js';

/**
 * A plan for a reviewer on GitHub: what changes, the lists, the hazards, the exact calls, how to apply and undo it.
 *
 * @param limit the most bytes that the text may have; what does not fit is counted
 * @param file the plan file that was written, if any
 */
export function renderPlanMarkdown(plan: Plan, limit: number = commentLimit, file?: string): string {
  const shown = printable(plan);
  const head = heading(shown);
  const tail = shown.pending ? closing(shown, file === undefined ? undefined : printable(file)) : [];
  const forms = makeForms(limit);
  const pieces = shown.changes.map((change, index) => ({
    forms: forms(
      briefly(change, shown),
      change.steps.length === 0 ? undefined : () => richerForms(change, shown, index < mostPictures),
    ),
    calls: change.steps.length,
    blockers: blockersOf(change),
  }));
  return fittedPage({ head, tail }, pieces, limit);
}

function heading(plan: Plan): readonly string[] {
  const facts = [planExtent(plan), ...placeFacts(plan), `digest ${codeSpan(plan.digest)}`];
  return [`### Plan: ${goal(plan)}${where(plan.changes)}`, facts.join(' · ')];
}

function goal({ action, undoes }: Plan): string {
  return action === 'undo' && undoes !== undefined ? `undo change ${codeSpan(undoes)}` : planGoal({ action });
}

function where(changes: readonly PlanChange[]): string {
  const [only, ...others] = changes;
  if (only === undefined || others.length > 0)
    return ` on ${counted(loadBalancerCount(changes), 'load balancer')}`;
  const many = only.targetGroup === undefined && only.affects.instancePorts.length > 20;
  const place = many
    ? 'many instance ports'
    : only.targetGroup === undefined
      ? changePlace(only)
      : `target group ${codeSpan(only.targetGroup.name)}`;
  return ` on ${nameAndRegion(only.loadBalancer)}, ${place}`;
}

function richerForms(change: PlanChange, plan: Plan, draw: boolean): readonly string[] {
  const rest = [...lists(change, plan), ...callBlocks(change)];
  return pictureForms([title(change)], draw ? changePicture(change) : undefined, rest);
}

function blockersOf(change: PlanChange): number {
  return change.steps.length > 0 ? standingBlockers(change).length : 0;
}

function title(change: PlanChange): string {
  const { loadBalancer } = change;
  return [
    `#### ${nameAndRegion(loadBalancer)}`,
    identityFacts(loadBalancer).join(' · '),
    ...(change.targetGroup === undefined ? [] : [groupIdentity(change)]),
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

function briefly(change: PlanChange, { action }: Plan): string {
  const { loadBalancer, steps, hazards } = change;
  if (steps.length === 0)
    return `- ${nameAndRegion(loadBalancer)}: nothing to do: ${alreadySo(change, action)}`;
  const found = hazardCount(hazards);
  return `- ${nameAndRegion(loadBalancer)}: ${counted(steps.length, 'call')}${found === '' ? '' : `; ${found}`}`;
}

function lists(change: PlanChange, { action }: Plan): readonly string[] {
  return [
    ...(change.targetGroup === undefined ? portLists(change, action) : [groupTable(change)]),
    ...hazardSection('Hazards', change.hazards, { action, forced: change.forced }),
  ];
}

function portLists(change: ClassicChange, action: Plan['action']): readonly string[] {
  const sets = setSteps(change.steps);
  const known = changeFacts(change);
  const remarks = [
    ...known.created.map((name) => `Policy ${codeSpan(name)} is created.`),
    ...known.deleted.map((name) => `Policy ${codeSpan(name)} is deleted.`),
    ...changeRemarks(known, action, codeSpan),
  ];
  return [
    ...(sets.length === 0 ? ['No list of an instance port changes.'] : []),
    ...(sets.length === 0 ? [] : [listTable(sets, change.affects.listeners, known.created)]),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `- ${remark}`).join('\n')]),
  ];
}

function callBlocks({ loadBalancer, steps }: PlanChange): readonly string[] {
  return [
    folded(`The exact API calls (${steps.length})`, callList(loadBalancer.name, steps)),
    folded(`The calls that take it back (${steps.length})`, callList(loadBalancer.name, invertSteps(steps))),
  ];
}

function closing(plan: Plan, file: string | undefined): readonly string[] {
  const undo = nextCommand('undo', plan.action === 'undo' ? ['CHANGE-ID'] : [], {
    'endpoint-url': plan.endpoint,
  });
  return [
    '#### Apply it',
    howToApply(plan, file),
    'It is carried out as shown here, or refused if something has changed since.',
    '#### Undo it',
    `Once it is applied, on the machine that applied it: ${codeSpan(undo)}. It shows what it would put back, and asks.`,
    `<sub>${codeSpan(plan.tool)}, read at ${codeSpan(plan.createdAt)}</sub>`,
  ];
}
