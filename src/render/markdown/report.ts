import { doneChanges, loadBalancerCount, pendingChanges } from '../../core/change-facts.js';
import { nextCommand } from '../../core/next-command.js';
import { standingBlockers } from '../../core/plan.js';
import type { Report, ReportedChange, ReportedStep, StepOutcome } from '../../core/report.js';
import { printable } from '../printable.js';
import { alreadySo } from '../text/change-place.js';
import { counted } from '../text/counted.js';
import { isComplete, outcomeWords, stepOutcomeWords } from '../text/outcome-words.js';
import { cellLines, fenced, markdownTable } from './blocks.js';
import { stepSentence } from './calls.js';
import { changePicture } from './change-picture.js';
import { codeSpan } from './code-span.js';
import { commentLimit, makeForms } from './fit.js';
import { fittedPage } from './fitted-page.js';
import { guardTable } from './guard-table.js';
import { hazardSection } from './hazard-items.js';
import { nameAndRegion, placeFacts } from './identity.js';
import { mostPictures, pictureForms } from './picture.js';
import { hintWords, prose } from './prose.js';

/** Leftovers, guard checks: more of them than this are counted. */
const mostItems = 50;

/** How a run ended, for a reviewer on GitHub: the outcome in one line, why, each call, what is left, the way back. */
export function renderReportMarkdown(report: Report, limit: number = commentLimit): string {
  const shown = printable(report);
  const head = [`### ${headline(shown)}`, placeFacts(shown).join(' · '), ...why(shown)];
  const tail = [...guardTable(shown.guard, mostItems), ...leftovers(shown), ...closing(shown)];
  const forms = makeForms(limit);
  const pieces = shown.changes.map((change, index) => ({
    forms: forms(
      briefly(change, shown.action),
      change.steps.length === 0 ? undefined : () => richerForms(change, shown, index < mostPictures),
    ),
    calls: change.steps.length,
  }));
  return fittedPage({ head, tail }, pieces, limit);
}

function headline(report: Report): string {
  const written = doneChanges(report);
  const [only] = written;
  const where =
    only === undefined || loadBalancerCount(written) > 1
      ? counted(loadBalancerCount(written), 'load balancer')
      : nameAndRegion(only.loadBalancer);
  const { label, words } = outcomeWords(report, where);
  return `${label}: ${words}`;
}

function why({ reason, error, changes }: Report): readonly string[] {
  const { code, message, hint, requestId } = error ?? {};
  const blocked = pendingChanges({ changes }).find((change) => standingBlockers(change).length > 0);
  if (code === 'blocked' && blocked !== undefined) {
    // What each does, and the way out, is among its hazards.
    const codes = new Set(standingBlockers(blocked).map((hazard) => codeSpan(hazard.code)));
    return [`${codeSpan(code)}: refused on ${nameAndRegion(blocked.loadBalancer)}: ${[...codes].join(', ')}`];
  }
  return [
    ...(reason === undefined || reason === message ? [] : [`Why: ${prose(reason)}`]),
    ...(code === undefined || message === undefined ? [] : [`${codeSpan(code)}: ${prose(message)}`]),
    ...(requestId === undefined ? [] : [`Request id ${codeSpan(requestId)}`]),
    ...(hint === undefined ? [] : [`What to do: ${hintWords(hint)}`]),
  ];
}

function richerForms(change: ReportedChange, { action, outcome }: Report, draw: boolean): readonly string[] {
  const { loadBalancer, steps, hazards, forced } = change;
  const table = markdownTable(
    ['', 'call', 'outcome', 'request id'],
    steps.map((step, index) => [
      String(index + 1),
      stepSentence(step),
      stepOutcomes[step.outcome],
      step.requestId === undefined ? '' : codeSpan(step.requestId),
    ]),
  );
  // A plan that was carried out was not stopped.
  const stopped = outcome === 'unchanged' || outcome === 'refused';
  const rest = [table, ...hazardSection('Hazards', hazards, stopped ? { action, forced } : { forced })];
  const title = `#### ${nameAndRegion(loadBalancer)}`;
  return pictureForms([title], draw ? changePicture(change) : undefined, rest);
}

/** The outcome of a step, with its sign. */
export const stepOutcomes: Readonly<Record<StepOutcome, string>> = {
  done: `✓ ${stepOutcomeWords.done}`,
  failed: `✗ ${stepOutcomeWords.failed}`,
  'not-run': stepOutcomeWords['not-run'],
  'rolled-back': `↩ ${stepOutcomeWords['rolled-back']}`,
  unknown: `? ${stepOutcomeWords.unknown}`,
};

function briefly(change: ReportedChange, action: Report['action']): string {
  const name = nameAndRegion(change.loadBalancer);
  const steps: readonly ReportedStep[] = change.steps;
  if (steps.length === 0) return `- ${name}: nothing to do: ${alreadySo(change, action)}`;
  const kinds = [...new Set(steps.map(({ outcome }) => outcome))];
  const counts = kinds.map(
    (kind) => `${steps.filter(({ outcome }) => outcome === kind).length} ${stepOutcomes[kind]}`,
  );
  return `- ${name}: ${counts.join(', ')}`;
}

function leftovers({ leftovers: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const items = all.slice(0, mostItems).map(({ loadBalancer, region, message, harmless, look, command }) => {
    const remark = harmless ? ['harmless: it changes no traffic'] : [];
    const text = [`${nameAndRegion({ name: loadBalancer, region })}: ${prose(message)}`, ...remark];
    const commands = [
      ...(look === undefined ? [] : [`look: ${codeSpan(look)}`]),
      ...(command === undefined ? [] : [`take back: ${codeSpan(command)}`]),
    ];
    return `- ${cellLines([...text, ...commands])}`;
  });
  const more = all.length - items.length;
  return [
    '#### Left behind',
    items.join('\n'),
    ...(more === 0 ? [] : [`And ${more} more: \`--output json\` has all of them.`]),
  ];
}

function closing(report: Report): readonly string[] {
  const { outcome, changeId, endpoint } = report;
  if (changeId === null) return [];
  const command = fenced('sh', [nextCommand('undo', [changeId], { 'endpoint-url': endpoint })]);
  switch (outcome) {
    case 'applied':
    case 'partial':
      if (isComplete(report)) return ['#### Undo it', 'On the machine that applied it:', command];
      return ['#### Put back what is left', 'On the machine that ran it:', command];
    case 'unchanged':
    case 'refused':
    case 'rolled-back':
      return [`Change ${codeSpan(changeId)}`];
  }
}
