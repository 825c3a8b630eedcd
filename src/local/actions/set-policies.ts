import { isSecure } from '../../core/status.js';
import { type Action, write } from '../action.js';
import { withDefaultSecurityPolicy } from '../listener-rules.js';
import { getLoadBalancer, getPolicy, replaceLoadBalancer } from '../load-balancers.js';
import { findPolicyType } from '../policy-types.js';
import { requiredStringList } from '../request-lists.js';
import { portBounds, requiredInteger, requiredString } from '../request-parameters.js';
import { cannotBeEnabled, listenerNotFound } from '../service-error.js';
import type { Listener, Policy } from '../shapes.js';
import { DEFAULT_SECURITY_POLICY } from '../ssl-policies.js';

function belongs(policy: Policy, listener: Listener): boolean {
  switch (findPolicyType(policy.policyTypeName)?.place) {
    case 'secure-listener':
      return isSecure(listener.protocol);
    case 'http-listener':
      return listener.protocol === 'HTTP' || listener.protocol === 'HTTPS';
    case 'instance-port':
    case 'nowhere':
    case undefined:
      return false;
  }
}

/** The actions that replace the policies of a listener or an instance port. */
export const policySettingActions: Readonly<Record<string, Action>> = {
  /** Replaces the whole list of an instance port; an empty list clears it. */
  SetLoadBalancerPoliciesForBackendServer: write((state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const instancePort = requiredInteger(parameters, 'InstancePort', portBounds);
    // A name that is given twice counts once; AWS's behaviour here is not known.
    const policyNames = [...new Set(requiredStringList(parameters, 'PolicyNames'))];
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    for (const policy of policyNames.map((name) => getPolicy(loadBalancer, name))) {
      if (findPolicyType(policy.policyTypeName)?.place !== 'instance-port') {
        throw cannotBeEnabled(policy.policyName);
      }
    }
    // No listener has to forward to the port: Kubernetes clears ports whose listener it deleted before, and
    // AWS took a policy for such a port (boto 2's integration test, test_create_load_balancer_backend_with_policies).
    const others = loadBalancer.backendPolicies.filter((one) => one.instancePort !== instancePort);
    const backendPolicies = policyNames.length > 0 ? [...others, { instancePort, policyNames }] : others;
    return {
      state: replaceLoadBalancer(state, {
        ...loadBalancer,
        backendPolicies: backendPolicies.toSorted((a, b) => a.instancePort - b.instancePort),
      }),
      result: {},
    };
  }),
  /** Replaces the whole list of a listener. */
  SetLoadBalancerPoliciesOfListener: write((state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const loadBalancerPort = requiredInteger(parameters, 'LoadBalancerPort');
    const wanted = [...new Set(requiredStringList(parameters, 'PolicyNames'))];
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    const listener = loadBalancer.listeners.find((one) => one.loadBalancerPort === loadBalancerPort);
    if (listener === undefined) throw listenerNotFound(loadBalancerName, loadBalancerPort);
    for (const policy of wanted.map((name) => getPolicy(loadBalancer, name))) {
      if (!belongs(policy, listener)) throw cannotBeEnabled(policy.policyName);
    }
    // An empty list gives a secure listener the current default policy again (aws/aws-cli#953).
    const policyNames =
      wanted.length === 0 && isSecure(listener.protocol) ? [DEFAULT_SECURITY_POLICY] : wanted;
    const listeners = loadBalancer.listeners.map((one) => (one === listener ? { ...one, policyNames } : one));
    const policies = withDefaultSecurityPolicy(loadBalancer.policies, listeners);
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners, policies }), result: {} };
  }),
};
