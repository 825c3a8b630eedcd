import { doneChanges, loadBalancerCount } from '../../core/change-facts.js';
import { nextCommand } from '../../core/next-command.js';
import type { Action } from '../../core/plan.js';
import type { Leftover, Report, ReportedChange, ReportedStep, StepOutcome } from '../../core/report.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { alreadySo, writtenOfOne } from './change-place.js';
import { commandLines } from './command-lines.js';
import { counted } from './counted.js';
import { errorDetails } from './error-details.js';
import { guardLines } from './guard-lines.js';
import { hintLines } from './hint-lines.js';
import { isComplete, outcomeWords, stepOutcomeWords } from './outcome-words.js';
import { joinLines, paragraph } from './paragraph.js';
import { endpointLines } from './place-lines.js';
import { stepWords } from './step-words.js';

/** How a run ended: the outcome in plain words, why, each step, what is left, and the way back. */
export function renderReport(report: Report, style: Style): string {
  const shown = printable(report);
  return joinLines([
    ...paragraph(headline(shown, style), style, { hanging: 2 }),
    ...(shown.caller === undefined ? [] : paragraph(`acted as ${shown.caller.arn}`, style, { hanging: 2 })),
    ...endpointLines(shown, style),
    ...why(shown, style),
    ...shown.changes.flatMap((change) => changeLines(change, shown.action, style)),
    ...guardLines(shown.guard, style),
    ...leftoverLines(shown.leftovers, style),
    ...closing(shown, style),
  ]);
}

/** The same, as short as possible: only that all went as planned, what the guard saw, and the way back. */
export function renderOutcome(report: Report, style: Style): string {
  const asPlanned = report.outcome === 'applied' && report.leftovers.length === 0;
  if (!asPlanned) return renderReport(report, style);
  const shown = printable(report);
  return joinLines([
    ...paragraph(headline(shown, style), style, { hanging: 2 }),
    ...endpointLines(shown, style),
    ...[...guardLines(shown.guard, style), ...closing(shown, style)].filter((line) => line !== ''),
  ]);
}

function headline(report: Report, { colour }: Style): string {
  const { label, words } = outcomeWords(report, whereDone(report));
  const paint = {
    applied: colour.green,
    unchanged: colour,
    refused: colour.yellow,
    'rolled-back': colour.yellow,
    partial: colour.red,
  };
  return `${paint[report.outcome].bold(`${label}:`)} ${words}.`;
}

function whereDone(report: Report): string {
  const written = doneChanges(report);
  return writtenOfOne(written) ?? counted(loadBalancerCount(written), 'load balancer');
}

function why({ reason, error }: Report, style: Style): readonly string[] {
  const indents = { indent: 2, hanging: 2 };
  return [
    ...(reason === undefined || reason === error?.message ? [] : paragraph(`why: ${reason}`, style, indents)),
    ...(error === undefined
      ? []
      : [
          ...paragraph(error.message, style, indents),
          ...(error.hint === undefined ? [] : hintLines(error.hint, style, 2)),
          ...errorDetails(error, style),
        ]),
  ];
}

function changeLines(change: ReportedChange, action: Action, style: Style): readonly string[] {
  const { name, region } = change.loadBalancer;
  const steps: readonly ReportedStep[] = change.steps;
  return [
    '',
    ...paragraph(`${style.colour.bold(name)} (${region})`, style, { hanging: 2 }),
    ...(steps.length === 0
      ? paragraph(`nothing to do: ${alreadySo(change, action)}`, style, { indent: 2, hanging: 2 })
      : steps.flatMap((step) => stepLines(step, style))),
  ];
}

function stepLines(step: ReportedStep, style: Style): readonly string[] {
  const { requestId } = step;
  return [
    ...paragraph(`${outcomeMark(step.outcome, style)}: ${stepWords(step)}`, style, { indent: 2, hanging: 4 }),
    ...(requestId === undefined ? [] : [style.colour.dim(`      request id ${requestId}`)]),
  ];
}

/** The outcome of a step, with its sign. */
export function outcomeMark(outcome: StepOutcome, style: Style): string {
  const { colour } = style;
  const { done, failed, notRun, rolledBack, unknown } = symbols(style);
  const signs = { done, failed, 'not-run': notRun, 'rolled-back': rolledBack, unknown };
  const paints = {
    done: colour.green,
    failed: colour.red,
    'not-run': colour.dim,
    'rolled-back': colour.yellow,
    unknown: colour.red,
  };
  return paints[outcome](`${signs[outcome]} ${stepOutcomeWords[outcome]}`);
}

function leftoverLines(leftovers: readonly Leftover[], style: Style): readonly string[] {
  if (leftovers.length === 0) return [];
  return [
    '',
    style.colour.bold('Left behind'),
    ...leftovers.flatMap(({ loadBalancer, region, message, harmless, look, command }) => [
      ...paragraph(`${harmlessMark(harmless, style)} ${loadBalancer} (${region}): ${message}`, style, {
        indent: 2,
        hanging: 2,
      }),
      ...(harmless ? ['    harmless: it changes no traffic'] : []),
      ...commandToRun('look', look, style),
      ...commandToRun('take back', command, style),
    ]),
  ];
}

function commandToRun(what: string, command: string | undefined, style: Style): readonly string[] {
  return command === undefined ? [] : [`    ${what}:`, ...commandLines(command, style, 6)];
}

function harmlessMark(harmless: boolean, style: Style): string {
  const signs = symbols(style);
  return harmless ? signs.note : style.colour.red(signs.failed);
}

function closing(report: Report, style: Style): readonly string[] {
  const { outcome, changeId } = report;
  if (changeId === null) return [];
  const change = ['', ...paragraph(`Change ${style.colour.bold(changeId)}`, style)];
  switch (outcome) {
    case 'applied':
    case 'partial': {
      const what = isComplete(report) ? 'Take it back' : 'Put back what is left';
      return [...change, ...hintLines(`${what} with: ${nextCommand('undo', [changeId])}`, style, 0)];
    }
    case 'unchanged':
    case 'refused':
    case 'rolled-back':
      return change;
  }
}
