import type { BackendResult, Evidence } from '../../core/verify-result.js';
import type { BackendDocument } from '../json/verify.js';
import { printable } from '../printable.js';
import { capital } from '../text/capital.js';
import {
  alikeBackends,
  backendName,
  backendSum,
  differ,
  interruptedWords,
  seenFromOf,
  verdictWords,
} from '../text/verify-backend.js';
import { endWords } from '../text/verify-evidence.js';
import { cellLines, folded, joined, markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import { commentLimit, fit, makeForms, sizeOf } from './fit.js';
import { prose } from './prose.js';

const reserve = 500;
/** Backends of one verdict: more than this are counted. */
const mostNamed = 50;

/** How backends handle the PROXY line, for a page on GitHub: verdicts, advice, evidence. */
export function renderVerifyBackendMarkdown(document: BackendDocument, limit: number = commentLimit): string {
  const { results, interrupted, notProbed } = printable(document);
  const differing = differ(results);
  const head = [
    `### PROXY protocol: ${results.length === 0 ? 'no backend was probed' : prose(backendSum(results))}`,
    ...(differing === undefined ? [] : [`**${differing}**`]),
    ...(interrupted ? [interruptedWords(notProbed)] : []),
  ];
  const forms = makeForms(limit);
  const pieces = alikeBackends(results).map((group) => ({
    forms: forms(briefly(group), () => [atLength(group, true), atLength(group, false)]),
  }));
  const { texts, shortened, left } = fit(pieces, limit - sizeOf(joined(head)) - reserve);
  const remark =
    shortened.length + left.length === 0
      ? []
      : ['**Not everything is here:** `--output json` has all of it, with the evidence.'];
  return joined([...head, ...remark, ...texts]);
}

type Group = readonly [BackendResult, ...BackendResult[]];

function titleOf(group: Group): string {
  const names = group.slice(0, mostNamed).map((one) => codeSpan(backendName(one)));
  const more = group.length - names.length;
  return `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}: ${prose(verdictWords(group[0]))}`;
}

function briefly(group: Group): string {
  return `- ${titleOf(group)}`;
}

function atLength(group: Group, withEvidence: boolean): string {
  const [first] = group;
  const { verdict, confidence, reason, notes, advice, evidence } = first;
  const seenFrom = seenFromOf(first);
  return [
    `#### ${titleOf(group)}`,
    `${codeSpan(verdict)}, ${confidence}${seenFrom === undefined ? '' : `, as seen from ${prose(seenFrom)}`}`,
    prose(`${capital(reason)}.`),
    ...notes.map((note) => prose(note)),
    `→ ${prose(capital(advice))}${advice.endsWith('.') ? '' : '.'}`,
    ...(withEvidence && evidence.length > 0
      ? [folded(`Evidence (${evidence.length})`, evidenceTable(evidence))]
      : []),
  ].join('\n\n');
}

function evidenceTable(evidence: readonly Evidence[]): string {
  return markdownTable(
    ['', 'probe', 'sent', 'came back', 'end'],
    evidence.map(({ what, sent, received, inside, ended, ms }, index) => [
      String(index + 1),
      prose(what),
      sent.bytes === 0 ? 'nothing' : codeSpan(sent.text),
      cellLines([
        received.bytes === 0 ? 'nothing' : codeSpan(received.text),
        ...(inside?.established === true && inside.received.bytes > 0
          ? [`in TLS: ${codeSpan(inside.received.text)}`]
          : []),
      ]),
      prose(endWords(ended, ms, received.bytes > 0)),
    ]),
  );
}
