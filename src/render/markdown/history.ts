import type { HistoryDocument, HistoryEntry } from '../json/history.js';
import { printable } from '../printable.js';
import { counted } from '../text/counted.js';
import { outcomeWordsOf } from '../text/history.js';
import { timestamp } from '../text/timestamp.js';
import { cellLines, joined, tableWithin } from './blocks.js';
import { codeSpan } from './code-span.js';
import { commentLimit } from './fit.js';
import { nameAndRegion } from './identity.js';
import { prose } from './prose.js';

const reserve = 2000;
const mostWarnings = 10;

/** The changes made from this machine (`directory`), for a page on GitHub. */
export function renderHistoryMarkdown(
  document: HistoryDocument,
  { limit = commentLimit, directory }: { readonly limit?: number; readonly directory?: string } = {},
): string {
  const { changes, warnings, older } = printable(document);
  const { table, left } = tableWithin(
    ['change', 'began', 'what', 'outcome', 'by'],
    changes.map((change) => [
      codeSpan(change.changeId),
      codeSpan(timestamp(change.at)),
      whatCell(change),
      prose(outcomeWordsOf(change)),
      byCell(change),
    ]),
    limit - reserve,
  );
  const more = [
    ...(left === 0 ? [] : [`${left} older ones are left out here; \`--output json\` has all of them.`]),
    ...(older ? ['Older changes are shown with `elb-proxy history --all`.'] : []),
  ];
  return joined([
    `### ${changes.length === 0 ? 'No change was made by this user on this machine' : `${counted(changes.length, 'change')} made from this machine`}`,
    ...(changes.length > 0
      ? [table]
      : directory === undefined
        ? []
        : [`There is none in ${codeSpan(printable(directory))}.`]),
    ...more,
    ...warningItems(warnings),
  ]);
}

/** Parts of the journal that could not be read. */
export function warningItems(warnings: readonly string[]): readonly string[] {
  return warnings.slice(0, mostWarnings).map((warning) => `Warning: ${prose(warning)}`);
}

function whatCell({ action, undoes, loadBalancers }: HistoryEntry): string {
  const verb = undoes === undefined ? action : `${action} ${codeSpan(undoes)}`;
  const where = loadBalancers.map((one) =>
    `${nameAndRegion(one)} ${[...one.instancePorts, ...(one.targetGroups ?? []).map(codeSpan)].join(', ')}`.trimEnd(),
  );
  const shown = where.slice(0, mostNamed);
  const left = where.length - shown.length;
  return cellLines([verb, ...shown, ...(left === 0 ? [] : [`and ${left} more`])]);
}

const mostNamed = 10;

function byCell({ caller, endpoint, host }: HistoryEntry): string {
  return cellLines([
    ...(caller === undefined ? [] : [codeSpan(caller.arn)]),
    ...(endpoint === undefined ? [] : [codeSpan(endpoint)]),
    ...(host === undefined ? [] : [`on ${codeSpan(host)}`]),
  ]);
}
