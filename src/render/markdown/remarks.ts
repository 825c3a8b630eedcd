import {
  createdPolicies,
  deletedPolicies,
  stayingPolicies,
  unwrittenPorts,
} from '../../core/change-facts.js';
import type { Action, ClassicChange } from '../../core/plan.js';
import { instancePortWords } from '../text/counted.js';
import { codeSpan } from './code-span.js';

/** What the lists alone do not say: ports that need no call, policies that leave a port and still exist. */
export function changeRemarks({ steps, affects }: ClassicChange, action: Action): readonly string[] {
  const unwritten = unwrittenPorts({ steps, affects });
  const items = [
    ...createdPolicies(steps).map((name) => `Policy ${codeSpan(name)} is made.`),
    ...deletedPolicies(steps).map((name) => `Policy ${codeSpan(name)} is deleted.`),
    ...stayingPolicies(steps).map((name) => `Policy ${codeSpan(name)} itself stays on the load balancer.`),
    ...(unwritten.length === 0
      ? []
      : [
          `No call for ${instancePortWords(unwritten)}: ${action === 'undo' ? 'nothing to put back' : 'already so'}.`,
        ]),
  ];
  return items.length === 0 ? [] : [items.map((item) => `- ${item}`).join('\n')];
}
