import { modifyInput } from './network/modify-step.js';
import type { Step } from './step.js';

/** The parameters of a step's API call, under the API's own names. */
export function callInput(loadBalancerName: string, step: Step): Readonly<Record<string, unknown>> {
  const target = { LoadBalancerName: loadBalancerName };
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return {
        ...target,
        PolicyName: step.policyName,
        PolicyTypeName: step.policyTypeName,
        PolicyAttributes: Object.entries(step.attributes).map(([name, value]) => ({
          AttributeName: name,
          AttributeValue: value,
        })),
      };
    case 'SetLoadBalancerPoliciesForBackendServer':
      return { ...target, InstancePort: step.instancePort, PolicyNames: step.after };
    case 'DeleteLoadBalancerPolicy':
      return { ...target, PolicyName: step.policyName };
    case 'ModifyTargetGroupAttributes':
      return modifyInput(step);
  }
}
