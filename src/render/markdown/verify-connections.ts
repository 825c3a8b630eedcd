import type { ConnectionReport, ThroughReport } from '../../core/verify-connection.js';
import type { CaptureClosing, CaptureDocument, ListenDocument } from '../json/verify.js';
import { printable } from '../printable.js';
import { capital } from '../text/capital.js';
import { captureNotes, captureSum } from '../text/verify-capture.js';
import {
  arrivedWords,
  connectionSum,
  followedBy,
  headerWords,
  helloMeanwhile,
  namesAnother,
  ownConnection,
  senderOf,
  sentBy,
} from '../text/verify-listen.js';
import { cellLines, joined, tableWithin } from './blocks.js';
import { codeSpan } from './code-span.js';
import { commentLimit, sizeOf } from './fit.js';
import { prose } from './prose.js';

const reserve = 500;
const mostNotes = 40;

/** The connections that arrived at a port, for a page on GitHub. */
export function renderListenMarkdown(document: ListenDocument, limit: number = commentLimit): string {
  const shown = printable(document);
  const { through, connections } = shown;
  const hello = helloMeanwhile(shown);
  const head = [
    `### ${prose(connectionSum(shown, connections))}`,
    ...(through === undefined ? [] : throughBlocks(through, ownConnection(shown))),
    ...(hello === undefined ? [] : [prose(hello)]),
  ];
  return page(head, connections, connections.length, limit);
}

/** A capture's connections for a page on GitHub, gathered while it is read: no more are kept than the page has room for. */
export interface CapturePage {
  readonly add: (connection: ConnectionReport) => void;
  readonly render: (closing: CaptureClosing & Pick<CaptureDocument, 'ports'>) => string;
}

/** An empty page. */
export function capturePage(limit: number = commentLimit): CapturePage {
  const kept: ConnectionReport[] = [];
  let size = 0;
  let count = 0;
  return {
    add: (connection) => {
      count++;
      if (size > limit) return;
      const shown = printable(connection);
      size += sizeOf(rowOf(shown).join(' | '));
      kept.push(shown);
    },
    render: (document) => {
      const closing = printable(document);
      const notes = captureNotes(closing);
      const head = [
        `### ${prose(captureSum(closing))}`,
        ...(notes.length === 0
          ? []
          : [
              notes
                .slice(0, mostNotes)
                .map((note) => `- ${prose(note)}`)
                .join('\n'),
            ]),
      ];
      return page(head, kept, count, limit);
    },
  };
}

function page(
  head: readonly string[],
  connections: readonly ConnectionReport[],
  count: number,
  limit: number,
): string {
  if (count === 0) return joined(head);
  const { table, left } = tableWithin(
    ['from', 'verdict', 'what came', 'first bytes'],
    connections.map(rowOf),
    limit - sizeOf(joined(head)) - reserve,
  );
  const more = left + count - connections.length;
  return joined([
    ...head,
    table,
    ...(more === 0 ? [] : [`${more} more are left out here; \`--output json\` has all of them.`]),
  ]);
}

function rowOf(connection: ConnectionReport): readonly string[] {
  const { to, at, verdict, field, reason, offset, second, notes, text } = connection;
  const header = headerWords(connection);
  const followed = followedBy(connection);
  const next = second === undefined ? undefined : headerWords(second);
  return [
    cellLines([
      codeSpan(senderOf(connection)),
      ...(to === undefined ? [] : [`to ${codeSpan(to)}`, codeSpan(at)]),
    ]),
    codeSpan(verdict),
    cellLines([
      prose(sentBy(connection)),
      ...(verdict === 'malformed' ? [prose(`${field}: ${reason}, at byte ${offset}`)] : []),
      ...[header, followed].flatMap((words) => (words === undefined ? [] : [prose(words)])),
      ...(next === undefined ? [] : [prose(`then a second header: ${next}`)]),
      ...notes.map((note) => prose(note)),
    ]),
    text === '' ? 'none' : codeSpan(text),
  ];
}

function throughBlocks(
  { target, outcome, reason, advice, next, seenFrom }: ThroughReport,
  own: ConnectionReport | undefined,
): readonly string[] {
  if (outcome !== 'arrived' || own === undefined)
    return [
      prose(`${capital(reason)}.`),
      `→ ${prose(capital(advice))}${next === undefined ? '.' : `: ${codeSpan(next)}`}`,
    ];
  const other = namesAnother(own, seenFrom);
  return [
    `Through ${codeSpan(target)}: ${prose(arrivedWords(own))}${next === undefined ? '' : ` See whether it is on: ${codeSpan(next)}`}`,
    ...(other === undefined ? [] : [prose(other)]),
  ];
}
