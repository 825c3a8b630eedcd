import { replaceLoadBalancer } from './load-balancers.js';
import { findPolicyType, type PolicyType } from './policy-types.js';
import { sameElements } from './same-elements.js';
import { invalidConfiguration, policyNotFound, ServiceError, validationError } from './service-error.js';
import type { LoadBalancer, Policy, State } from './shapes.js';
import { predefinedPolicies } from './ssl-policies.js';

// The number is known from kubernetes/cloud-provider-aws only; AWS's quota table is silent.
const MAX_POLICIES = 98;

type Attributes = Policy['attributes'];

function checkName(name: string): void {
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      'Policy name cannot contain characters that are not letters, or digits or the dash.',
    );
  }
  // That the presets' names cannot be taken is known (spinnaker/clouddriver#871), the code and text are not.
  if (/^(ELBSecurityPolicy|ELBSample)-/.test(name)) {
    throw invalidConfiguration(`Policy name ${name} is reserved for predefined policies.`);
  }
}

// Code and texts below are not known from the service: 409 is the one modelled error that fits.
function checkAttributes(type: PolicyType, attributes: Attributes): void {
  for (const { name, value } of attributes) {
    const known = type.attributes.find((one) => one.name === name);
    if (known === undefined) {
      throw invalidConfiguration(`Policy type ${type.name} does not have an attribute named ${name}.`);
    }
    if (known.type === 'Boolean' && !/^(true|false)$/i.test(value)) {
      throw invalidConfiguration(`The value '${value}' of attribute ${name} is not a Boolean.`);
    }
    if (known.type === 'Long' && !/^\d{1,18}$/.test(value)) {
      throw invalidConfiguration(`The value '${value}' of attribute ${name} is not a Long.`);
    }
  }
  for (const { name, cardinality } of type.attributes) {
    const count = attributes.filter((one) => one.name === name).length;
    if (cardinality.startsWith('ONE') && count === 0) {
      throw invalidConfiguration(`Policy type ${type.name} requires the attribute ${name}.`);
    }
    if (cardinality !== 'ONE_OR_MORE' && count > 1) {
      throw invalidConfiguration(`The attribute ${name} can be given only once.`);
    }
  }
}

function checkReferences(loadBalancer: LoadBalancer, type: PolicyType, attributes: Attributes): void {
  for (const { name, value } of attributes) {
    if (name === 'Reference-Security-Policy') {
      if (!predefinedPolicies.some((one) => one.policyName === value)) {
        throw invalidConfiguration(`There is no predefined security policy named ${value}.`);
      }
    } else if (type.name === 'BackendServerAuthenticationPolicyType') {
      const target = loadBalancer.policies.find((one) => one.policyName === value);
      if (target === undefined) throw policyNotFound(value, loadBalancer.loadBalancerName);
      if (target.policyTypeName !== 'PublicKeyPolicyType') {
        throw invalidConfiguration(`Policy ${value} is not a PublicKeyPolicyType policy.`);
      }
    }
  }
}

function defaultsOf(type: PolicyType, given: Attributes): Attributes {
  if (type.name === 'LBCookieStickinessPolicyType') return [{ name: 'CookieExpirationPeriod', value: '0' }];
  const reference = given.find(({ name }) => name === 'Reference-Security-Policy')?.value;
  if (reference !== undefined) {
    return predefinedPolicies.find(({ policyName }) => policyName === reference)?.attributes ?? [];
  }
  // To enable a protocol is to choose among them; whether AWS still adds its defaults then is not known.
  const chosen = given.some(({ name, value }) => name.startsWith('Protocol-') && /^true$/i.test(value));
  return type.attributes.flatMap(({ name, defaultValue: value }) =>
    chosen || value === undefined || value === 'false' ? [] : [{ name, value }],
  );
}

/**
 * A policy's attributes with those that its creator left out. A stickiness policy without a period has period 0, the
 * browser's session (fog-aws's policy tests); an SSL negotiation policy has what the policy that it refers to
 * enables, or else its type's defaults (terraform-provider-aws creates one without attributes and reads some back).
 */
function withDefaults(type: PolicyType, given: Attributes): Attributes {
  const left = defaultsOf(type, given).filter(({ name }) => !given.some((one) => one.name === name));
  return [...given, ...left];
}

/**
 * Creates a policy. The same one again is not an error (the service calls all its operations idempotent, and
 * Kubernetes relies on it); another one under the same name is `DuplicatePolicyName`.
 */
export function createPolicy(state: State, loadBalancer: LoadBalancer, policy: Policy): State {
  const { policyName, policyTypeName } = policy;
  checkName(policyName);
  const type = findPolicyType(policyTypeName);
  if (type === undefined) {
    throw new ServiceError('PolicyTypeNotFound', `There is no policy type with name ${policyTypeName}`);
  }
  checkAttributes(type, policy.attributes);
  checkReferences(loadBalancer, type, policy.attributes);
  const attributes = withDefaults(type, policy.attributes);
  const taken = loadBalancer.policies.find((one) => one.policyName === policyName);
  if (taken !== undefined) {
    // Values are compared as they are spelled: whether AWS takes `True` for `true` here is not known.
    if (
      taken.policyTypeName === policyTypeName &&
      sameElements(withDefaults(type, taken.attributes), attributes)
    ) {
      return state;
    }
    throw new ServiceError('DuplicatePolicyName', `Policy Name [${policyName}] already exists.`);
  }
  if (loadBalancer.policies.length >= MAX_POLICIES) {
    throw new ServiceError(
      'TooManyPolicies',
      `The load balancer ${loadBalancer.loadBalancerName} already has ${MAX_POLICIES} policies.`,
    );
  }
  return replaceLoadBalancer(state, {
    ...loadBalancer,
    policies: [...loadBalancer.policies, { policyName, policyTypeName, attributes }],
  });
}

/** Whether a policy is enabled on a listener or an instance port. */
const isEnabled = (loadBalancer: LoadBalancer, policyName: string): boolean =>
  loadBalancer.listeners.some((one) => one.policyNames.includes(policyName)) ||
  loadBalancer.backendPolicies.some((one) => one.policyNames.includes(policyName));

/** Whether a policy is enabled, or an enabled policy refers to it. */
export const isInUse = (loadBalancer: LoadBalancer, policyName: string): boolean =>
  isEnabled(loadBalancer, policyName) ||
  loadBalancer.policies.some(
    (one) =>
      one.policyTypeName === 'BackendServerAuthenticationPolicyType' &&
      one.attributes.some(({ value }) => value === policyName) &&
      isEnabled(loadBalancer, one.policyName),
  );
