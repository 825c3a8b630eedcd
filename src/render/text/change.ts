import { changeFacts } from '../../core/change-facts.js';
import type { Hazard, HazardCode } from '../../core/hazards.js';
import type { JournaledStepState } from '../../core/knowledge.js';
import { nextCommand } from '../../core/next-command.js';
import type { StepOutcome } from '../../core/report.js';
import type { ChangeCall, ChangeDocument, WholeChange } from '../json/change.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { guardLines } from './guard-lines.js';
import { hintLines } from './hint-lines.js';
import { outcomeItem, warningLines } from './history.js';
import { facts, joinLines, paragraph } from './paragraph.js';
import { endpointLines } from './place-lines.js';
import { outcomeMark } from './report.js';
import { stepDifference } from './step-difference.js';
import { timestamp } from './timestamp.js';

/** The journal's states of a step as a report's outcomes. */
export const reportedAs: Readonly<Record<JournaledStepState, StepOutcome>> = {
  'not-run': 'not-run',
  done: 'done',
  none: 'failed',
  unknown: 'unknown',
  'rolled-back': 'rolled-back',
};

/** One change whole: who made it, where and when; each step with its calls; what the guards saw; the way back. */
export function renderChange(document: ChangeDocument, style: Style): string {
  const { change, warnings } = printable(document);
  return joinLines([
    ...heading(change, style),
    ...change.changes.flatMap((one) => loadBalancerLines(one, style)),
    ...guard(change, style),
    ...closing(change, style),
    ...warningLines(warnings, style),
  ]);
}

function heading(change: WholeChange, style: Style): readonly string[] {
  const { changeId, action, at, endedAt, host, pid, caller, tool, digest, error } = change;
  const { bold } = style.colour;
  const { text, paint = (plain: string) => plain } = outcomeItem(change, style);
  const line = (words: string) => paragraph(words, style, { indent: 2, hanging: 2 });
  return [
    ...paragraph(`Change ${bold(changeId)}: ${action}, ${paint(text)}`, style, { hanging: 2 }),
    ...line(timesOf(at, endedAt)),
    ...facts(
      [`process ${pid} on ${host ?? 'an unknown host'}`, ...(tool === undefined ? [] : [tool])],
      style,
    ),
    ...line(caller === undefined ? 'the account was unknown' : `acted as ${caller.arn}`),
    ...endpointLines(change, style).map((words) => `  ${words}`),
    ...line(`plan ${digest}`),
    ...relatives(change).flatMap(([words, id]) => line(`${words} change ${id}`)),
    ...(error === undefined ? [] : ['', ...line(`${error.code}: ${error.message}`)]),
  ];
}

/** The other changes that this one has to do with, each behind what it has. */
export function relatives({
  undoes,
  undoneBy,
  completedBy,
}: WholeChange): readonly (readonly [string, string])[] {
  return [
    ...(undoes === undefined ? [] : [['puts back', undoes] as const]),
    ...(undoneBy === undefined ? [] : [['was put back by', undoneBy] as const]),
    ...(completedBy === undefined ? [] : [['was completed by', completedBy] as const]),
  ];
}

function timesOf(at: string, endedAt: string | undefined): string {
  return endedAt === undefined
    ? `began ${timestamp(at)}, no end was recorded`
    : `${timestamp(at)} to ${timestamp(endedAt)}`;
}

function loadBalancerLines(change: WholeChange['changes'][number], style: Style): readonly string[] {
  const { loadBalancer, targetGroup, steps, hazards, forced } = change;
  const { name, region } = loadBalancer;
  const { created } = changeFacts(change);
  const group = targetGroup === undefined ? '' : `, target group ${targetGroup.name}`;
  return [
    '',
    ...paragraph(`${style.colour.bold(name)} (${region})${group}`, style, { hanging: 2 }),
    ...(steps.length === 0 ? ['  nothing to do'] : []),
    ...steps.flatMap((step, index) => [
      ...stepDifference(step, index + 1, created, style),
      ...paragraph(outcomeMark(reportedAs[step.outcome], style), style, { indent: 4, hanging: 2 }),
      ...step.calls.flatMap((call) => callLines(call, style)),
    ]),
    ...(hazards.length === 0
      ? []
      : paragraph(`hazards: ${hazardWords(hazards, forced)}`, style, { indent: 2, hanging: 2 })),
  ];
}

/** The hazards that a change was made with, by their codes. */
export function hazardWords(hazards: readonly Hazard[], forced: readonly HazardCode[]): string {
  const words = hazards.map(
    ({ level, code }) => `${code} (${level}${forced.includes(code) ? ', overruled' : ''})`,
  );
  return [...new Set(words)].join(', ');
}

function callLines(call: ChangeCall, style: Style): readonly string[] {
  return paragraph(`${timestamp(call.at)} ${callWords(call)}`, style, { indent: 6, hanging: 2 }).map((line) =>
    style.colour.dim(line),
  );
}

/** One call: which way, what became of it, and its request id. */
export function callWords({ direction, effect, errorCode, requestId }: ChangeCall): string {
  return [
    direction === 'back' ? 'sent to take it back' : 'sent',
    effects[effect ?? 'not-recorded'],
    ...(errorCode === undefined ? [] : [errorCode]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ].join(', ');
}

const effects = {
  done: 'in effect',
  none: 'without effect',
  unknown: 'effect not known',
  'not-recorded': 'no answer was recorded',
} as const;

function guard({ guard: seen }: WholeChange, style: Style): readonly string[] {
  if (seen === undefined) return [];
  const { omitted = 0 } = seen;
  return [
    ...guardLines(seen, style),
    ...(omitted === 0
      ? []
      : paragraph(`${symbols(style).note} ${omitted} more were not recorded`, style, { indent: 2 })),
  ];
}

function closing(change: WholeChange, style: Style): readonly string[] {
  const words = wayBackWords(change);
  return words === undefined ? [] : ['', ...hintLines(`${words}: ${wayBackCommand(change)}`, style, 0)];
}

/** The way back from a change; undefined if nothing of it is in effect. */
export function wayBackWords({ outcome, undoneBy, completedBy }: WholeChange): string | undefined {
  if (undoneBy !== undefined || completedBy !== undefined) return undefined;
  switch (outcome) {
    case 'applied':
      return 'Take it back with';
    case 'partial':
    case 'interrupted':
    case 'unknown':
      return 'Parts of it may be in effect; to check, and to put it back';
    case 'unchanged':
    case 'refused':
    case 'rolled-back':
    case 'running':
      return undefined;
  }
}

/** The command that puts a change back. */
export function wayBackCommand({ changeId, endpoint }: WholeChange): string {
  return nextCommand('undo', [changeId], { 'endpoint-url': endpoint });
}
