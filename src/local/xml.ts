import { XMLBuilder } from 'fast-xml-parser';
import type { Pair } from './pairs.js';

/** A value in an answer. Lists are made with {@link members}. */
export type XmlValue = string | number | boolean | undefined | XmlElements | readonly XmlValue[];

/** Elements by name; one that is undefined is left out. */
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

// Text is escaped here, not by the builder: it has no way to keep a CR.
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true, processEntities: false });

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A raw CR would reach the reader as LF (XML 1.0, 2.11), and a key in a policy would come back changed.
  '\r': '&#xD;',
};

// Characters that XML 1.0 has no way to write: control characters, lone surrogates, two non-characters.
// eslint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const escapeText = (text: string): string =>
  text.replace(unfit, '\ufffd').replace(/[&<>"'\r]/g, (found) => escapes[found] ?? found);

function fit(value: XmlValue): XmlValue {
  if (typeof value === 'string') return escapeText(value);
  if (Array.isArray(value)) return value.map(fit);
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => [name, fit(item)]),
    );
  }
  return value;
}

/** XML text for elements, escaped; `@_name` is an attribute. */
export const buildXml = (elements: XmlElements): string => builder.build(fit(elements));

/** A list in the Query protocol's form; an empty one is an empty element, which SDKs read as []. */
export const members = (items: readonly XmlValue[]): XmlValue => (items.length > 0 ? { member: items } : '');

/** Pairs as the API lists them. */
export const describePairs = (pairs: readonly Pair[]): XmlValue =>
  members(pairs.map(({ key, value }) => ({ Key: key, Value: value })));
