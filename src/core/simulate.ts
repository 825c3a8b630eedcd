import type { BackendServer, LoadBalancer } from './model.js';
import { type ClassicStep, policyOf } from './step.js';

/** The load balancer as it would be after one step; like the service, a port without policies is not listed. */
export function simulateStep(loadBalancer: LoadBalancer, step: ClassicStep): LoadBalancer {
  const policies = loadBalancer.policies ?? [];
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return {
        ...loadBalancer,
        policies: [...policies.filter(({ name }) => name !== step.policyName), policyOf(step)],
      };
    case 'DeleteLoadBalancerPolicy':
      return { ...loadBalancer, policies: policies.filter(({ name }) => name !== step.policyName) };
    case 'SetLoadBalancerPoliciesForBackendServer': {
      const others = loadBalancer.backendServers.filter(
        ({ instancePort }) => instancePort !== step.instancePort,
      );
      const own: readonly BackendServer[] =
        step.after.length === 0 ? [] : [{ instancePort: step.instancePort, policyNames: step.after }];
      return {
        ...loadBalancer,
        backendServers: [...others, ...own].toSorted((a, b) => a.instancePort - b.instancePort),
      };
    }
  }
}

/** The same after all steps. */
export function simulate(loadBalancer: LoadBalancer, steps: readonly ClassicStep[]): LoadBalancer {
  return steps.reduce(simulateStep, loadBalancer);
}
