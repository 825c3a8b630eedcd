import { type Parameters, requiredString } from '../request-parameters.js';
import { validationError } from '../service-error.js';

/** The name of a new resource, by the service's rules. @throws ServiceError */
export function parseName(parameters: Parameters, what: 'load balancer' | 'target group'): string {
  const name = requiredString(parameters, 'Name');
  const named = `The ${what} name '${name}'`;
  if (name.length > 32) throw validationError(`${named} cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      `${named} can only contain characters that are alphanumeric characters or hyphens(-)`,
    );
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    throw validationError(`${named} cannot begin or end with '-'`);
  }
  if (what === 'load balancer' && name.startsWith('internal-')) {
    throw validationError(`${named} cannot begin with 'internal-'`);
  }
  return name;
}
