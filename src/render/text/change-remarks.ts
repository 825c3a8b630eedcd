import type { ChangeFacts } from '../../core/change-facts.js';
import type { Action } from '../../core/plan.js';
import { instancePortWords } from './counted.js';

/** Remarks on a difference: policies that leave a port and still exist, ports that need no call. */
export function changeRemarks(
  { staying, unwritten }: ChangeFacts,
  action: Action,
  shown: (name: string) => string = (name) => name,
): readonly string[] {
  return [
    ...staying.map(
      (name) =>
        `Policy ${shown(name)} itself stays on the load balancer${action === 'disable' ? ', ready for reuse' : ''}.`,
    ),
    ...(unwritten.length === 0
      ? []
      : [
          `No call for ${instancePortWords(unwritten)}: ${action === 'undo' ? 'nothing to put back' : 'already so'}.`,
        ]),
  ];
}
