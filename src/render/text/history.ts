import { placeWords } from '../../core/caller.js';
import { nextCommand } from '../../core/next-command.js';
import type { ChangedLoadBalancer, HistoryDocument, HistoryEntry } from '../json/history.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { commandLines } from './command-lines.js';
import { joinLines } from './join-lines.js';
import { paragraph } from './paragraph.js';
import { type CellItem, table } from './table.js';
import { timestamp } from './timestamp.js';

/** The changes made from this machine, newest first, and what to do about one that was cut off. */
export function renderHistory(document: HistoryDocument, style: Style): string {
  const { changes, warnings, older } = printable(document);
  return joinLines([
    ...(changes.length === 0 ? ['No change was made from this machine.'] : changeTable(changes, style)),
    ...interrupted(changes, style),
    ...(older
      ? [
          '',
          ...paragraph('Older changes are there as well:', style),
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

/** That it was undone is said here; by which change is in that change's own row. */
function outcomeItem({ outcome, undoneBy, host }: HistoryEntry, { colour }: Style): CellItem {
  const undone = undoneBy === undefined ? '' : ', undone';
  switch (outcome) {
    case 'applied':
      return { text: `applied${undone}`, paint: colour.green };
    case 'unchanged':
    case 'refused':
      return { text: `${outcome}${undone}` };
    case 'rolled-back':
      return { text: `rolled back${undone}`, paint: colour.yellow };
    case 'partial':
      return { text: `partly applied${undone}`, paint: colour.red };
    case 'interrupted':
      return { text: `interrupted${undone}`, paint: colour.red };
    case 'unknown':
      return { text: `running or interrupted, on ${host ?? 'another host'}${undone}`, paint: colour.yellow };
    case 'running':
      return { text: 'running', paint: colour.cyan };
  }
}

function interrupted(changes: readonly HistoryEntry[], style: Style): readonly string[] {
  const standing = changes.filter(
    ({ outcome, undoneBy }) =>
      (outcome === 'interrupted' || outcome === 'unknown' || outcome === 'partial') && undoneBy === undefined,
  );
  if (standing.length === 0) return [];
  return [
    '',
    ...paragraph('May be in effect in part; to see what is, and put it back:', style),
    ...standing.flatMap(({ changeId, endpoint }) =>
      commandLines(nextCommand('undo', [changeId], { 'endpoint-url': endpoint }), style, 2),
    ),
  ];
}

function warningLines(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  const mark = style.colour.yellow(`${symbols(style).warning} warning:`);
  return ['', ...warnings.flatMap((warning) => paragraph(`${mark} ${warning}`, style, { hanging: 2 }))];
}
