import { constraintError } from './service-error.js';

/** The parameters of one Query API request, by their full name (`Listeners.member.1.Protocol`). */
export type Parameters = ReadonlyMap<string, string>;

/** Decodes a form body or a query string. Never throws: invalid escapes stay as they are. */
export function parseParameters(encoded: string): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(encoded)) {
    // The first one wins, so that a repeated name cannot override a value.
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** `LoadBalancerName` → `loadBalancerName`, as validation messages name a parameter. */
export const pathOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** A parameter that must be there; an empty value counts as missing. */
export function requiredString(parameters: Parameters, name: string, at = pathOf(name)): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') throw constraintError(null, at, 'not be null');
  return value;
}

/** The least and the greatest value that a number may have. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** The range of a port. */
export const portBounds: Bounds = { min: 1, max: 65535 };

/** A whole number within bounds, or nothing when it was left out. */
export function optionalInteger(
  parameters: Parameters,
  name: string,
  bounds: Bounds = {},
  at = pathOf(name),
): number | undefined {
  const text = parameters.get(name);
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw constraintError(text, at, 'be an integer');
  const value = Number(text);
  if (bounds.min !== undefined && value < bounds.min) {
    throw constraintError(text, at, `have value greater than or equal to ${bounds.min}`);
  }
  if (bounds.max !== undefined && value > bounds.max) {
    throw constraintError(text, at, `have value less than or equal to ${bounds.max}`);
  }
  return value;
}

/** A whole number that must be there. */
export function requiredInteger(
  parameters: Parameters,
  name: string,
  bounds: Bounds = {},
  at = pathOf(name),
): number {
  const value = optionalInteger(parameters, name, bounds, at);
  if (value === undefined) throw constraintError(null, at, 'not be null');
  return value;
}

/** A true or false that may be left out. */
export function optionalBoolean(
  parameters: Parameters,
  name: string,
  at = pathOf(name),
): boolean | undefined {
  const text = parameters.get(name)?.toLowerCase();
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false')
    throw constraintError(text, at, 'satisfy enum value set: [true, false]');
  return text === 'true';
}

/** One of several texts, or nothing where it was left out. @throws ServiceError */
export function enumParameter<Text extends string>(
  parameters: Parameters,
  name: string,
  values: readonly Text[],
  at = pathOf(name),
): Text | undefined {
  const text = parameters.get(name);
  if (text === undefined || text === '') return undefined;
  const found = values.find((value) => value === text);
  if (found === undefined) throw constraintError(text, at, `satisfy enum value set: [${values.join(', ')}]`);
  return found;
}
