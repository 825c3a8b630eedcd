import type { ModifyAttributeStep } from '../../core/network/modify-step.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import type { ReportedNetworkChange, StepOutcome } from '../../core/report.js';
import { attributeWords } from '../text/group-words.js';
import { cellLines, markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import type { PictureSide } from './picture.js';

/** The attribute that a change of a target group sets, before and after. */
export function groupTable({ affects, targetGroup, steps }: NetworkChange): string {
  return markdownTable(
    ['listeners', 'target group', 'before', 'after'],
    steps.map(({ key, before, after }) => [
      cellLines(affects.listeners.map(({ protocol, port }) => codeSpan(`${protocol} ${port}`))),
      codeSpan(targetGroup.name),
      codeSpan(attributeWords(key, before)),
      codeSpan(attributeWords(key, after)),
    ]),
  );
}

/** A target group's name, protocol and ARN. */
export function groupIdentity({ targetGroup: { arn, name, protocol, port } }: NetworkChange): string {
  const speaks = port === undefined ? protocol : `${protocol} ${port}`;
  return `Target group ${codeSpan(name)} (${codeSpan(speaks)}), ${codeSpan(arn)}`;
}

/** The picture of a change of a target group; nothing where it was not carried out. */
export function groupSides(change: NetworkChange | ReportedNetworkChange): readonly PictureSide[] {
  const [step] = change.steps as readonly (ModifyAttributeStep & { readonly outcome?: StepOutcome })[];
  if (step === undefined) return [];
  const { outcome } = step;
  if (outcome !== undefined && outcome !== 'done' && outcome !== 'unknown') return [];
  const side = (title: string, instead: string): PictureSide => ({
    title,
    ports: [
      {
        place: `target group ${change.targetGroup.name}`,
        listeners: change.affects.listeners.map(({ protocol, port }) => `${protocol} ${port}`),
        policies: [],
        instead,
      },
    ],
  });
  return [
    side('Before', stateWords(step.before === 'true')),
    side(
      outcome === undefined ? 'After' : 'Now',
      outcome === 'unknown' ? 'not known' : stateWords(step.after === 'true'),
    ),
  ];
}

function stateWords(on: boolean): string {
  return on ? 'PROXY version 2' : 'no PROXY header';
}
