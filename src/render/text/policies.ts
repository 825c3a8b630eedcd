import type { Attachment, PoliciesDocument, PolicyEntry } from '../json/policies.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { counted } from './counted.js';
import { joinLines } from './join-lines.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { table } from './table.js';

/** More attributes than this are counted rather than listed: an SSL policy has one for each cipher. */
const mostAttributes = 8;
/** A longer value (a public key) is cut. */
const longestValue = 48;

/** A load balancer's policies as a table; the type stands under the name. */
export function renderPolicies(document: PoliciesDocument, style: Style): string {
  const { loadBalancer, policies } = printable(document);
  const heading = loadBalancerHeading(loadBalancer, style);
  if (policies.length === 0) return joinLines([...heading, '', '  no policies']);
  const columns = [
    { heading: 'POLICY AND TYPE', wraps: true },
    { heading: 'ATTRIBUTES', wraps: true },
    { heading: 'ATTACHED TO', wraps: true },
  ];
  const rows = policies.map((policy) => [
    `${policy.name}\n${style.colour.dim(policy.type)}`,
    attributesCell(policy, style),
    attachedCell(policy, style),
  ]);
  return joinLines([...heading, '', ...table(columns, rows, style, 2)]);
}

function attributesCell({ attributes }: PolicyEntry, { colour }: Style): string {
  const pairs = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
  if (pairs.length === 0) return colour.dim('none');
  if (pairs.length <= mostAttributes) return pairs.map(attributeWords).join('\n');
  // Of an SSL policy people look for the reference policy and the protocols; the rest are ciphers, true or false.
  const listed = pairs.filter(
    ({ name, value }) => !isBoolean(value) || (name.startsWith('Protocol-') && isTrue(value)),
  );
  const counts = pairs.filter((pair) => !listed.includes(pair));
  const on = counts.filter(({ value }) => isTrue(value)).length;
  return [
    ...listed.slice(0, mostAttributes).map(attributeWords),
    ...(listed.length > mostAttributes ? [`${listed.length - mostAttributes} more`] : []),
    ...(counts.length === 0
      ? []
      : [colour.dim(`${counted(counts.length, 'other')}: ${on} true, ${counts.length - on} false`)]),
  ].join('\n');
}

function attributeWords({ name, value }: { readonly name: string; readonly value: string }): string {
  if (value.length <= longestValue) return `${name}=${value}`;
  return `${name}=${value.slice(0, 12)}... (${value.length} characters)`;
}

function isBoolean(value: string): boolean {
  return /^(true|false)$/i.test(value);
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

function attachedCell({ attachedTo }: PolicyEntry, { colour }: Style): string {
  if (attachedTo.length === 0) return colour.dim('nothing');
  return attachedTo.map(attachmentWords).join('\n');
}

function attachmentWords({ kind, port }: Attachment): string {
  switch (kind) {
    case 'instance-port':
      return `instance port ${port}`;
    case 'listener':
      return `listener ${port}`;
  }
}
