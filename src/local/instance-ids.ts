import { structureList } from './request-lists.js';
import type { Parameters } from './request-parameters.js';
import { ServiceError } from './service-error.js';

/** Whether text has the form of an EC2 instance id: `i-` and 8 or 17 hexadecimal digits. */
export const isInstanceId = (text: string): boolean => /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(text);

/** The ids of a request's `Instances.member.N.InstanceId`, each once. Every well-formed id exists here. */
export function instanceIds(parameters: Parameters): readonly string[] {
  const ids = structureList(parameters, 'Instances').map((one) => one.get('InstanceId') ?? '');
  for (const id of ids) {
    // The real service's text (boto/boto#2274).
    if (!isInstanceId(id)) {
      throw new ServiceError('InvalidInstance', `Could not find EC2 instance ${id}.`);
    }
  }
  return [...new Set(ids)];
}
