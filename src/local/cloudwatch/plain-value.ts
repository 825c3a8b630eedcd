import { members, type XmlElements, type XmlValue } from '../xml.js';

/** A value in an answer, before it is written in a protocol. */
export type PlainValue = string | number | boolean | Date | readonly PlainValue[] | PlainObject;

/** Values by name. */
export interface PlainObject {
  readonly [name: string]: PlainValue;
}

/** A value for the Query protocol: lists with members, times in ISO 8601. */
export function asXml(value: PlainObject): XmlElements {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, xmlValue(item)]));
}

function xmlValue(value: PlainValue): XmlValue {
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return members(value.map(xmlValue));
  return typeof value === 'object' ? asXml(value) : value;
}

/** A value for JSON or CBOR, with times as `timeOf` gives them. */
export function withTimes(value: PlainValue, timeOf: (time: Date) => unknown): unknown {
  if (value instanceof Date) return timeOf(value);
  if (isList(value)) return value.map((item) => withTimes(item, timeOf));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTimes(item, timeOf)]));
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}
