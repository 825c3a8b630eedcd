import { checkNameCharacters } from './load-balancer-name.js';
import { loadBalancerNotFound, policyNotFound } from './service-error.js';
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
