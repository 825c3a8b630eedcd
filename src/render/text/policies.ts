import type { Attachment, PoliciesDocument, PolicyEntry } from '../json/policies.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { counted } from './counted.js';
import { leftOut } from './left-out.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { joinLines } from './paragraph.js';
import { type Cell, type Column, naturalWidth, table } from './table.js';

/** More attributes than this are counted rather than listed: an SSL policy has one for each cipher. */
const mostAttributes = 8;
/** A longer value (a public key) is cut. */
const longestValue = 48;

/** A load balancer's policies as a table; where it is too wide, type and attributes go under the name. */
export function renderPolicies(document: PoliciesDocument, style: Style): string {
  const { loadBalancer, policies, notKnown } = printable(document);
  const heading = loadBalancerHeading(loadBalancer, style);
  const shown = policies.length === 0 ? ['  no policies'] : policyTable(policies, style);
  return joinLines([...heading, '', ...shown, ...leftOut(notKnown, style)]);
}

function policyTable(policies: readonly PolicyEntry[], style: Style): readonly string[] {
  const indent = 2;
  const { dim } = style.colour;
  const wide = ['POLICY', 'TYPE', 'ATTRIBUTES', 'ATTACHED TO'].map(wrapping);
  const wideRows = policies.map((policy) => [
    [{ text: policy.name }],
    [{ text: policy.type, paint: dim }],
    attributesCell(policy, style),
    attachedCell(policy, style),
  ]);
  if (indent + naturalWidth(wide, wideRows) <= style.width) return table(wide, wideRows, style, indent);
  const narrow = [wrapping('POLICY, TYPE, ATTRIBUTES'), { heading: 'ATTACHED TO', wraps: false }];
  const narrowRows = policies.map((policy) => [
    [
      { text: policy.name },
      { text: `  ${policy.type}`, paint: dim },
      ...attributesCell(policy, style).map(({ text, paint }) => ({ text: `  ${text}`, paint })),
    ],
    attachedCell(policy, style),
  ]);
  return table(narrow, narrowRows, style, indent);
}

function wrapping(heading: string): Column {
  return { heading, wraps: true };
}

function attributesCell(policy: PolicyEntry, { colour }: Style): Cell {
  const { listed, counted: more } = attributeWordsOf(policy);
  if (listed.length + more.length === 0) return [{ text: 'no attributes', paint: colour.dim }];
  return [...listed.map((text) => ({ text })), ...more.map((text) => ({ text, paint: colour.dim }))];
}

/** A policy's attributes in words; of many, those that say something, and the others counted. */
export function attributeWordsOf({ attributes }: PolicyEntry): {
  readonly listed: readonly string[];
  readonly counted: readonly string[];
} {
  const pairs = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
  if (pairs.length <= mostAttributes) return { listed: pairs.map(attributeWords), counted: [] };
  // People look for an SSL policy's reference policy and protocols; the rest are ciphers, true or false.
  const listed = pairs.filter(
    ({ name, value }) => !isBoolean(value) || (name.startsWith('Protocol-') && isTrue(value)),
  );
  const counts = pairs.filter((pair) => !listed.includes(pair));
  const on = counts.filter(({ value }) => isTrue(value)).length;
  const unlisted = listed.length - mostAttributes;
  return {
    listed: listed.slice(0, mostAttributes).map(attributeWords),
    counted: [
      ...(unlisted > 0 ? [`${unlisted} more`] : []),
      ...(counts.length > 0
        ? [`${counted(counts.length, 'other')}: ${on} true, ${counts.length - on} false`]
        : []),
    ],
  };
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

function attachedCell({ attachedTo }: PolicyEntry, { colour }: Style): Cell {
  if (attachedTo.length === 0) return [{ text: 'nothing', paint: colour.dim }];
  return attachedTo.map((attachment) => ({ text: attachmentWords(attachment) }));
}

/** A port that has a policy. */
export function attachmentWords({ kind, port }: Attachment): string {
  switch (kind) {
    case 'instance-port':
      return `instance port ${port}`;
    case 'listener':
      return `listener ${port}`;
  }
}
