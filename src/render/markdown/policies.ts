import type { PoliciesDocument } from '../json/policies.js';
import { printable } from '../printable.js';
import { attachmentWords, attributeWordsOf } from '../text/policies.js';
import { cellLines, joined, tableWithin } from './blocks.js';
import { codeSpan } from './code-span.js';
import { commentLimit } from './fit.js';
import { identityFacts, nameAndRegion } from './identity.js';
import { notKnownBlocks } from './status-words.js';

const reserve = 2000;

/** A load balancer's policies, for a page on GitHub. */
export function renderPoliciesMarkdown(document: PoliciesDocument, limit: number = commentLimit): string {
  const { loadBalancer, policies, notKnown } = printable(document);
  const { table, left } = tableWithin(
    ['policy', 'type', 'attributes', 'attached to'],
    policies.map((policy) => {
      const { listed, counted: more } = attributeWordsOf(policy);
      return [
        codeSpan(policy.name),
        codeSpan(policy.type),
        cellLines([...listed.map((words) => codeSpan(words)), ...more]),
        policy.attachedTo.length === 0 ? 'nothing' : cellLines(policy.attachedTo.map(attachmentWords)),
      ];
    }),
    limit - reserve,
  );
  return joined([
    `### ${policies.length === 1 ? '1 policy' : `${policies.length || 'No'} policies`} on ${nameAndRegion(loadBalancer)}`,
    identityFacts(loadBalancer).join(' · '),
    ...(policies.length === 0 ? [] : [table]),
    ...(left === 0 ? [] : [`${left} more are left out here; \`--output json\` has all of them.`]),
    ...notKnownBlocks(notKnown),
  ]);
}
