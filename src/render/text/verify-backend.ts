import type { BackendResult, BackendVerdict } from '../../core/verify-result.js';
import type { BackendDocument } from '../json/verify-backend.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { counted } from './counted.js';
import { joinLines } from './join-lines.js';
import { paragraph } from './paragraph.js';
import { evidenceLines } from './verify-evidence.js';

const words: Readonly<Record<BackendVerdict, string>> = {
  'requires-proxy': 'requires the PROXY line',
  'accepts-both': 'works with the PROXY line and without',
  'no-proxy': 'does not take the PROXY line',
  'requires-proxy-v2': 'takes PROXY version 2 only',
  'requires-proxy-inside-tls': 'wants the PROXY line inside TLS',
  inconclusive: 'inconclusive',
};

/** Verdict first, then what to do, then what it rests on. Backends of which the same is known are together. */
export function renderVerifyBackend(document: BackendDocument, style: Style): string {
  const { results, interrupted, notProbed } = printable(document);
  const groups = new Map<string, BackendResult[]>();
  for (const result of results) {
    const { verdict, confidence, reason, notes } = result;
    const key = JSON.stringify([verdict, confidence, seenFromOf(result), reason, notes]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const blocks = [...groups.values()].map((group) => groupLines(group, style));
  const closing = closingLines(results, interrupted, notProbed, style);
  return [...blocks, closing]
    .filter((lines) => lines.length > 0)
    .map(joinLines)
    .join('\n');
}

function groupLines(group: readonly BackendResult[], style: Style): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { verdict, confidence, reason, advice, notes, vantage, evidence } = first;
  const { bold, dim } = style.colour;
  const reached = evidence.some(({ ended }) => ended === 'open' || ended === 'fin' || ended === 'reset');
  const said =
    verdict === 'inconclusive' && !reached
      ? vantage.kind === 'instance' && evidence.length === 0
        ? 'could not be asked'
        : 'could not be reached'
      : words[verdict];
  const paint = verdict === 'inconclusive' || verdict === 'accepts-both' ? style.colour.yellow : bold;
  const seenFrom = seenFromOf(first);
  const from = seenFrom === undefined ? '' : `, as seen from ${seenFrom}`;
  return [
    ...paragraph(`${bold(group.map(nameOf).join(', '))} ${paint(said)}`, style, { hanging: 2 }),
    ...paragraph(`${verdict}, ${confidence}${from}`, style, { indent: 2 }).map((line) => dim(line)),
    ...paragraph(`${capital(reason)}.`, style, { indent: 2 }),
    ...notes.flatMap((note) => paragraph(note, style, { indent: 2 })),
    ...paragraph(`${symbols(style).arrow} ${capital(advice)}${advice.endsWith('.') ? '' : '.'}`, style, {
      indent: 2,
      hanging: 2,
    }),
    ...(evidence.length === 0 ? [] : evidenceOf(group, first, style)),
  ];
}

/** Each instance sees from an address of its own: it is the same place all the same. */
function seenFromOf({ seenFrom, vantage }: BackendResult): string | undefined {
  return seenFrom !== undefined && vantage.kind === 'instance' ? 'the instance itself' : seenFrom;
}

function evidenceOf(
  group: readonly BackendResult[],
  { target, evidence }: BackendResult,
  style: Style,
): readonly string[] {
  return [
    '',
    ...paragraph(
      `What was sent, and what came of it${group.length > 1 ? ` (${target}; the others in --output json)` : ''}:`,
      style,
      { indent: 2 },
    ).map((line) => style.colour.dim(line)),
    ...evidence.flatMap((one, index) => evidenceLines(one, index + 1, style)),
  ];
}

function nameOf({ target, instanceId, address }: BackendResult): string {
  if (instanceId !== undefined) return `${instanceId} (${target})`;
  return address === undefined || target.includes(address) ? target : `${target} (${address})`;
}

function closingLines(
  results: readonly BackendResult[],
  interrupted: boolean,
  notProbed: readonly string[],
  style: Style,
): readonly string[] {
  const verdicts = new Map<BackendVerdict, number>();
  for (const { verdict } of results) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const sum = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const both = verdicts.has('requires-proxy') && verdicts.has('no-proxy');
  return [
    ...(results.length > 1 ? paragraph(`${counted(results.length, 'backend')}: ${sum}.`, style) : []),
    ...(both
      ? paragraph('They differ: with the PROXY policy on or off, one part of them fails.', style).map(
          (line) => style.colour.yellow(line),
        )
      : []),
    ...(interrupted
      ? paragraph(`Interrupted: ${counted(notProbed.length, 'backend')} not probed.`, style)
      : []),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
