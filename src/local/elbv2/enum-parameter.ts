import { optionalString, type Parameters, pathOf } from '../request-parameters.js';
import { constraintError } from '../service-error.js';

/** One of several texts, or nothing where it was left out. @throws ServiceError */
export function enumParameter<Text extends string>(
  parameters: Parameters,
  name: string,
  values: readonly Text[],
  at = pathOf(name),
): Text | undefined {
  const text = optionalString(parameters, name);
  if (text === undefined || text === '') return undefined;
  const found = values.find((value) => value === text);
  if (found === undefined) throw constraintError(text, at, `satisfy enum value set: [${values.join(', ')}]`);
  return found;
}
