import type { ChangeDocument, ChangeStep, WholeChange } from '../json/change.js';
import { printable } from '../printable.js';
import {
  callWords,
  hazardWords,
  relatives,
  reportedAs,
  wayBackCommand,
  wayBackWords,
} from '../text/change.js';
import { outcomeWordsOf } from '../text/history.js';
import { timestamp } from '../text/timestamp.js';
import { cellLines, fenced, markdownTable } from './blocks.js';
import { stepSentence } from './calls.js';
import { codeSpan } from './code-span.js';
import { commentLimit, makeForms } from './fit.js';
import { fittedPage } from './fitted-page.js';
import { guardTable } from './guard-table.js';
import { warningItems } from './history.js';
import { nameAndRegion, placeFacts } from './identity.js';
import { prose } from './prose.js';
import { stepOutcomes } from './report.js';

const mostChecks = 50;

/** One change whole, for a page on GitHub: each step with its calls, what the guards saw, the way back. */
export function renderChangeMarkdown(document: ChangeDocument, limit: number = commentLimit): string {
  const { change, warnings } = printable(document);
  const head = [
    `### Change ${codeSpan(change.changeId)}: ${change.action}, ${prose(outcomeWordsOf(change))}`,
    ...facts(change),
  ];
  const tail = [...guardTable(change.guard, mostChecks), ...wayBack(change), ...warningItems(warnings)];
  const forms = makeForms(limit);
  const pieces = change.changes.map((one) => ({
    forms: forms(`- ${nameAndRegion(one.loadBalancer)}: ${one.steps.length} steps`, () => [whole(one)]),
    calls: one.steps.length,
  }));
  return fittedPage({ head, tail }, pieces, limit);
}

function facts(change: WholeChange): readonly string[] {
  const { at, endedAt, pid, host, tool, digest, error } = change;
  const items = [
    endedAt === undefined
      ? `began ${codeSpan(timestamp(at))}, no end was recorded`
      : `${codeSpan(timestamp(at))} to ${codeSpan(timestamp(endedAt))}`,
    placeFacts(change).join(' · '),
    `process ${pid}${host === undefined ? '' : ` on ${codeSpan(host)}`}${tool === undefined ? '' : ` · ${codeSpan(tool)}`}`,
    `plan ${codeSpan(digest)}`,
    ...relatives(change).map(([words, id]) => `${words} change ${codeSpan(id)}`),
  ];
  return [
    items.map((item) => `- ${item}`).join('\n'),
    ...(error === undefined ? [] : [`${codeSpan(error.code)}: ${prose(error.message)}`]),
  ];
}

function whole({
  loadBalancer,
  targetGroup,
  steps,
  hazards,
  forced,
}: WholeChange['changes'][number]): string {
  return [
    `#### ${nameAndRegion(loadBalancer)}${targetGroup === undefined ? '' : `, target group ${codeSpan(targetGroup.name)}`}`,
    steps.length === 0
      ? 'Nothing to do.'
      : markdownTable(
          ['', 'step', 'outcome', 'calls'],
          steps.map((step, index) => [
            String(index + 1),
            stepSentence(step),
            stepOutcomes[reportedAs[step.outcome]],
            callCell(step),
          ]),
        ),
    ...(hazards.length === 0 ? [] : [`Hazards: ${prose(hazardWords(hazards, forced))}`]),
  ].join('\n\n');
}

function callCell({ calls }: ChangeStep): string {
  return cellLines(calls.map((call) => `${codeSpan(timestamp(call.at))} ${prose(callWords(call))}`));
}

function wayBack(change: WholeChange): readonly string[] {
  const words = wayBackWords(change);
  return words === undefined ? [] : [`${words}:`, fenced('sh', [wayBackCommand(change)])];
}
