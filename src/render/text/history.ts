import { placeWords } from '../../core/caller.js';
import { nextCommand } from '../../core/next-command.js';
import type { ChangedLoadBalancer, HistoryDocument, HistoryEntry } from '../json/history.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { commandLines } from './command-lines.js';
import { joinLines, paragraph } from './paragraph.js';
import { type CellItem, table } from './table.js';
import { timestamp } from './timestamp.js';

/** The changes made from this machine (`directory`), newest first, and what to do about one that was cut off. */
export function renderHistory(document: HistoryDocument, style: Style, directory?: string): string {
  const { changes, warnings, older } = printable(document);
  return joinLines([
    ...(changes.length === 0
      ? paragraph(
          `No change was made by this user on this machine${directory === undefined ? '' : `: there is none in ${printable(directory)}`}. Other users have a history of their own, unless they share ELB_PROXY_STATE_DIR.`,
          style,
        )
      : changeTable(changes, style)),
    ...interrupted(changes, style),
    ...(older
      ? [
          '',
          ...paragraph('There are older changes:', style),
          ...commandLines(nextCommand('history', [], { all: true }), style, 2),
        ]
      : []),
    ...warningLines(warnings, style),
  ]);
}

function changeTable(changes: readonly HistoryEntry[], style: Style): readonly string[] {
  const columns = [
    { heading: 'CHANGE', wraps: false },
    { heading: 'WHAT', wraps: true },
    { heading: 'OUTCOME', wraps: true },
  ];
  return table(
    columns,
    changes.map((change) => [
      [
        { text: change.changeId, paint: style.colour.bold },
        { text: timestamp(change.at), paint: style.colour.dim },
      ],
      [
        { text: actionWords(change) },
        ...change.loadBalancers.map((where) => ({ text: whereWords(where) })),
        ...(placeWords(change) === '' ? [] : [{ text: placeWords(change), paint: style.colour.dim }]),
      ],
      [outcomeItem(change, style)],
    ]),
    style,
    0,
  );
}

function actionWords({ action, undoes }: HistoryEntry): string {
  return undoes === undefined ? action : `${action} ${undoes}`;
}

function whereWords({ name, region, instancePorts, targetGroups }: ChangedLoadBalancer): string {
  const places = targetGroups ?? instancePorts;
  return `${name}${places.length === 0 ? '' : `:${places.join(',')}`} (${region})`;
}

/** A change's outcome, painted. */
export function outcomeItem(change: Outcome, { colour }: Style): CellItem {
  const paints = {
    applied: colour.green,
    unchanged: undefined,
    refused: undefined,
    'rolled-back': colour.yellow,
    partial: colour.red,
    interrupted: colour.red,
    unknown: colour.yellow,
    running: colour.cyan,
  };
  return { text: outcomeWordsOf(change), paint: paints[change.outcome] };
}

type Outcome = Pick<HistoryEntry, 'outcome' | 'undoneBy' | 'completedBy' | 'host'>;

/** A change's outcome, and whether it was undone or completed since; by which change is in that change's own row. */
export function outcomeWordsOf({ outcome, undoneBy, completedBy, host }: Outcome): string {
  const since = undoneBy !== undefined ? ', undone' : completedBy !== undefined ? ', completed since' : '';
  return `${wordsOf(outcome, host)}${since}`;
}

function wordsOf(outcome: HistoryEntry['outcome'], host = 'another host'): string {
  switch (outcome) {
    case 'rolled-back':
      return 'rolled back';
    case 'partial':
      return 'partly applied';
    case 'unknown':
      return `running or interrupted, on ${host}`;
    default:
      return outcome;
  }
}

function interrupted(changes: readonly HistoryEntry[], style: Style): readonly string[] {
  const standing = changes.filter(
    ({ outcome, undoneBy, completedBy }) =>
      (outcome === 'interrupted' || outcome === 'unknown' || outcome === 'partial') &&
      undoneBy === undefined &&
      completedBy === undefined,
  );
  if (standing.length === 0) return [];
  return [
    '',
    ...paragraph('Parts may be in effect; to check, and to put it back:', style),
    ...standing.flatMap(({ changeId, endpoint }) =>
      commandLines(nextCommand('undo', [changeId], { 'endpoint-url': endpoint }), style, 2),
    ),
  ];
}

/** Parts of the journal that could not be read. */
export function warningLines(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  const mark = style.colour.yellow(`${symbols(style).warning} warning:`);
  return ['', ...warnings.flatMap((warning) => paragraph(`${mark} ${warning}`, style, { hanging: 2 }))];
}
