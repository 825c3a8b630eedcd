import { groupNameOf } from '../../core/network/modify-step.js';
import type { CreatePolicyStep, DeletePolicyStep, SetPoliciesStep, Step } from '../../core/step.js';
import type { Style } from '../style.js';
import { attributeWords } from './group-words.js';
import { type DifferenceEntry, listDifference } from './list-difference.js';
import { paragraph } from './paragraph.js';

/** One call as a difference; of a port the full list, which the call replaces. `created`: the plan's new policies. */
export function stepDifference(
  step: Step,
  number: number,
  created: readonly string[],
  style: Style,
): readonly string[] {
  const title = (words: string) =>
    paragraph(`${number}. ${style.colour.bold(step.call)}${words}`, style, { indent: 2, hanging: 3 });
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return [...title(''), ...entryLines('added', policyWords(step), style)];
    case 'DeleteLoadBalancerPolicy':
      return [...title(''), ...entryLines('removed', policyWords(step), style)];
    case 'SetLoadBalancerPoliciesForBackendServer':
      return [...title(` for instance port ${step.instancePort}`), ...listLines(step, created, style)];
    case 'ModifyTargetGroupAttributes':
      return [
        ...title(` for target group ${groupNameOf(step.targetGroupArn)}`),
        ...entryLines('removed', attributeWords(step.key, step.before), style),
        ...entryLines('added', attributeWords(step.key, step.after), style),
      ];
  }
}

function policyWords({
  policyName,
  policyTypeName,
  attributes,
}: CreatePolicyStep | DeletePolicyStep): string {
  const values = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return `policy ${policyName} (${[policyTypeName, ...values].join(', ')})`;
}

function listLines(
  { before, after }: SetPoliciesStep,
  created: readonly string[],
  style: Style,
): readonly string[] {
  const entries = listDifference(before, after).flatMap(({ kind, name }) => {
    // A policy that this plan does not make must be there already: the reviewer sees that it is reused.
    const reused = kind === 'added' && !created.includes(name);
    return entryLines(kind, reused ? `${name} (already on the load balancer)` : name, style);
  });
  return after.length === 0 ? [...entries, '      (no policy is left on the port)'] : entries;
}

function entryLines(kind: DifferenceEntry['kind'], text: string, style: Style): readonly string[] {
  const lines = paragraph(`${signs[kind]} ${text}`, style, { indent: 4, hanging: 4 });
  switch (kind) {
    case 'added':
      return lines.map((line) => style.colour.green(line));
    case 'removed':
      return lines.map((line) => style.colour.red(line));
    case 'kept':
      // Built by hand: the sign of what is kept is a space, and wrapping would trim it.
      return paragraph(text, style, { indent: 6, hanging: 2 });
  }
}

const signs = { kept: ' ', added: '+', removed: '-' } as const;
