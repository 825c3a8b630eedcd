import { type Parameters, pathOf } from './request-parameters.js';
import { constraintError } from './service-error.js';

/** The structures of a list parameter (`Name.member.N.Field`), in the order of N, with their own names. */
export function structureList(parameters: Parameters, name: string): readonly Parameters[] {
  const prefix = `${name}.member.`;
  const byIndex = new Map<number, Map<string, string>>();
  for (const [key, value] of parameters) {
    if (!key.startsWith(prefix)) continue;
    const match = /^(\d{1,9})(?:\.(.+))?$/.exec(key.slice(prefix.length));
    if (match === null) continue;
    const index = Number(match[1]);
    const fields = byIndex.get(index) ?? new Map<string, string>();
    byIndex.set(index, fields.set(match[2] ?? '', value));
  }
  return [...byIndex].toSorted(([a], [b]) => a - b).map(([, fields]) => fields);
}

/**
 * The strings of a list parameter (`Name.member.N`), in the order of N.
 * A bare `Name=` is how the SDKs send an empty list; a list that was left out gives undefined.
 */
export function optionalStringList(parameters: Parameters, name: string): readonly string[] | undefined {
  const items = structureList(parameters, name)
    .map((fields) => fields.get(''))
    .filter((value) => value !== undefined);
  return items.length > 0 || parameters.has(name) ? items : undefined;
}

/** A list of strings that must be there, though it may be empty. */
export function requiredStringList(parameters: Parameters, name: string): readonly string[] {
  const items = optionalStringList(parameters, name);
  if (items === undefined) throw constraintError(null, pathOf(name), 'not be null');
  return items;
}

/** A list of 1 to 20 strings, as much as both APIs take of names or ARNs. */
export function fewStrings(parameters: Parameters, name: string): readonly string[] {
  const items = requiredStringList(parameters, name);
  const shown = `[${items.join(', ')}]`;
  if (items.length === 0)
    throw constraintError(shown, pathOf(name), 'have length greater than or equal to 1');
  if (items.length > 20) throw constraintError(shown, pathOf(name), 'have length less than or equal to 20');
  return items;
}

/** A list of structures that must have at least one. */
export function requiredStructureList(parameters: Parameters, name: string): readonly Parameters[] {
  const items = structureList(parameters, name);
  if (items.length === 0) throw constraintError(null, pathOf(name), 'not be null');
  return items;
}

/** A structure parameter (`Name.Field`), with its own names; undefined when none of it was sent. */
export function optionalStructure(parameters: Parameters, name: string): Parameters | undefined {
  const prefix = `${name}.`;
  const fields = new Map<string, string>();
  for (const [key, value] of parameters) {
    if (key.startsWith(prefix)) fields.set(key.slice(prefix.length), value);
  }
  return fields.size > 0 ? fields : undefined;
}

/** Request parameters for a value, as an SDK would send it. */
export function encodeParameters(value: unknown, name = ''): Parameters {
  if (Array.isArray(value)) {
    if (value.length === 0) return new Map([[name, '']]);
    return new Map(
      value.flatMap((item, index) => [...encodeParameters(item, `${name}.member.${index + 1}`)]),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return new Map(
      Object.entries(value).flatMap(([key, item]) => [
        ...encodeParameters(item, name === '' ? key : `${name}.${key}`),
      ]),
    );
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return new Map([[name, String(value)]]);
  }
  return new Map();
}
