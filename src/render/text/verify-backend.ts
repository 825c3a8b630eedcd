import type { BackendResult, BackendVerdict } from '../../core/verify-result.js';
import type { BackendDocument } from '../json/verify.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { capital } from './capital.js';
import { counted } from './counted.js';
import { joinLines, paragraph } from './paragraph.js';
import { evidenceLines } from './verify-evidence.js';

const words: Readonly<Record<BackendVerdict, string>> = {
  'requires-proxy': 'requires the PROXY line',
  'accepts-both': 'works with and without the PROXY line',
  'no-proxy': 'does not accept the PROXY line',
  'requires-proxy-v2': 'requires the PROXY header, version 2',
  'requires-proxy-inside-tls': 'wants the PROXY line inside TLS',
  inconclusive: 'inconclusive',
};

/** Verdict first, then what to do, then what it rests on. Backends of which the same is known are together. */
export function renderVerifyBackend(document: BackendDocument, style: Style): string {
  const { results, interrupted, notProbed } = printable(document);
  const blocks = alikeBackends(results).map((group) => groupLines(group, style));
  const closing = closingLines(results, interrupted, notProbed, style);
  return [...blocks, closing]
    .filter((lines) => lines.length > 0)
    .map(joinLines)
    .join('\n');
}

/** Backends of which the same is known, together. */
export function alikeBackends(
  results: readonly BackendResult[],
): readonly (readonly [BackendResult, ...BackendResult[]])[] {
  const groups = new Map<string, [BackendResult, ...BackendResult[]]>();
  for (const result of results) {
    const { verdict, confidence, reason, notes } = result;
    const key = JSON.stringify([verdict, confidence, seenFromOf(result), reason, notes]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()];
}

/** The verdict on a backend, behind its name. */
export function verdictWords({ verdict, vantage, evidence }: BackendResult): string {
  const reached = evidence.some(({ ended }) => ended === 'open' || ended === 'fin' || ended === 'reset');
  if (verdict !== 'inconclusive' || reached) return words[verdict];
  return vantage.kind === 'instance' && evidence.length === 0 ? 'could not be asked' : 'could not be reached';
}

function groupLines(group: readonly [BackendResult, ...BackendResult[]], style: Style): readonly string[] {
  const [first] = group;
  const { verdict, confidence, reason, advice, notes, evidence } = first;
  const { bold, dim } = style.colour;
  const said = verdictWords(first);
  const paint = verdict === 'inconclusive' || verdict === 'accepts-both' ? style.colour.yellow : bold;
  const seenFrom = seenFromOf(first);
  const from = seenFrom === undefined ? '' : `, as seen from ${seenFrom}`;
  return [
    ...paragraph(`${bold(group.map(backendName).join(', '))} ${paint(said)}`, style, { hanging: 2 }),
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

/** Instances probe from addresses of their own, yet they count as one place. */
export function seenFromOf({ seenFrom, vantage }: BackendResult): string | undefined {
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
      `What was sent, and what happened${group.length > 1 ? ` (${target}; the others in --output json)` : ''}:`,
      style,
      { indent: 2 },
    ).map((line) => style.colour.dim(line)),
    ...evidence.flatMap((one, index) => evidenceLines(one, index + 1, style)),
  ];
}

/** A backend as it is named to people. */
export function backendName({ target, instanceId, address }: BackendResult): string {
  if (instanceId !== undefined) return `${instanceId} (${target})`;
  return address === undefined || target.includes(address) ? target : `${target} (${address})`;
}

function closingLines(
  results: readonly BackendResult[],
  interrupted: boolean,
  notProbed: readonly string[],
  style: Style,
): readonly string[] {
  const differing = differ(results);
  return [
    ...(results.length > 1 ? paragraph(`${backendSum(results)}.`, style) : []),
    ...(differing === undefined ? [] : paragraph(differing, style).map((line) => style.colour.yellow(line))),
    ...(interrupted ? paragraph(interruptedWords(notProbed), style) : []),
  ];
}

/** The number of backends with each verdict. */
export function backendSum(results: readonly BackendResult[]): string {
  const verdicts = new Map<BackendVerdict, number>();
  for (const { verdict } of results) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const sum = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  return `${counted(results.length, 'backend')}: ${sum}`;
}

/** A note if backends need opposite settings; undefined if they do not. */
export function differ(results: readonly BackendResult[]): string | undefined {
  const has = (sought: BackendVerdict): boolean => results.some(({ verdict }) => verdict === sought);
  return has('requires-proxy') && has('no-proxy')
    ? 'They differ: whether the PROXY policy is on or off, some of them fail.'
    : undefined;
}

/** A note on the backends that an interruption left out. */
export function interruptedWords(notProbed: readonly string[]): string {
  return `Interrupted: ${counted(notProbed.length, 'backend')} not probed.`;
}
