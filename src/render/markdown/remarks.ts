import type { Action, PlanChange } from '../../core/plan.js';
import { instancePortWords } from '../text/counted.js';
import { codeSpan } from './code-span.js';

/** What the lists alone do not say: ports that need no call, policies that leave a port and still exist. */
export function changeRemarks({ steps, affects }: PlanChange, action: Action): readonly string[] {
  const sets = steps.filter((step) => step.call === 'SetLoadBalancerPoliciesForBackendServer');
  const written = sets.map(({ instancePort }) => instancePort);
  const unwritten = affects.instancePorts.filter((port) => !written.includes(port));
  const deleted = steps.flatMap((step) =>
    step.call === 'DeleteLoadBalancerPolicy' ? [step.policyName] : [],
  );
  const created = steps.flatMap((step) =>
    step.call === 'CreateLoadBalancerPolicy' ? [step.policyName] : [],
  );
  const staying = new Set(
    sets
      .flatMap(({ before, after }) => before.filter((name) => !after.includes(name)))
      .filter((name) => !deleted.includes(name)),
  );
  const items = [
    ...created.map((name) => `Policy ${codeSpan(name)} is made.`),
    ...deleted.map((name) => `Policy ${codeSpan(name)} is deleted.`),
    ...[...staying].map((name) => `Policy ${codeSpan(name)} itself stays on the load balancer.`),
    ...(unwritten.length === 0
      ? []
      : [
          `No call for ${instancePortWords(unwritten)}: ${action === 'undo' ? 'nothing to put back' : 'already so'}.`,
        ]),
  ];
  return items.length === 0 ? [] : [items.map((item) => `- ${item}`).join('\n')];
}
