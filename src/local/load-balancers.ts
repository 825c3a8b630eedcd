import { loadBalancerNotFound, policyNotFound, validationError } from './service-error.js';
import type { LoadBalancer, Policy, State } from './shapes.js';

/** The load balancers of a region, by name. */
export const inRegion = (state: State, region: string): readonly LoadBalancer[] =>
  state.loadBalancers
    .filter((one) => one.region === region)
    .toSorted((a, b) => (a.loadBalancerName < b.loadBalancerName ? -1 : 1));

/** A load balancer, or undefined. Names are unique in a region. */
export const findLoadBalancer = (state: State, region: string, name: string): LoadBalancer | undefined =>
  state.loadBalancers.find((one) => one.region === region && one.loadBalancerName === name);

/** A load balancer that must be there. */
export function getLoadBalancer(state: State, region: string, name: string): LoadBalancer {
  const found = findLoadBalancer(state, region, checkNameCharacters(name));
  if (found === undefined) throw loadBalancerNotFound(name);
  return found;
}

/** The state with one load balancer changed. */
export const replaceLoadBalancer = (state: State, changed: LoadBalancer): State => ({
  ...state,
  loadBalancers: state.loadBalancers.map((one) =>
    one.region === changed.region && one.loadBalancerName === changed.loadBalancerName ? changed : one,
  ),
});

/** A policy that the load balancer must have. */
export function getPolicy(loadBalancer: LoadBalancer, policyName: string): Policy {
  const found = loadBalancer.policies.find((one) => one.policyName === policyName);
  if (found === undefined) throw policyNotFound(policyName, loadBalancer.loadBalancerName);
  return found;
}

/**
 * A load balancer name's characters, by the rule and in the words of the service (jcowley/elb-instance-reboot#1). It
 * holds for names that are only asked for, too: AWS's smoke tests of its SDKs ask for `fake_load_balancer`.
 */
export function checkNameCharacters(name: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
    );
  }
  return name;
}

/** A new load balancer's name by the service's rules, in its own words if they are known. */
export function checkLoadBalancerName(name: string): string {
  // hashicorp/terraform-provider-aws#1754
  if (name.length > 32) throw validationError('LoadBalancer name cannot be longer than 32 characters');
  checkNameCharacters(name);
  if (name.startsWith('-')) throw validationError('LoadBalancer name cannot begin with a dash.');
  if (name.endsWith('-')) throw validationError('LoadBalancer name cannot end with a dash.');
  return name;
}
