import type { Action } from '../action.js';
import { addTags } from './add-tags.js';
import { applySecurityGroupsToLoadBalancer } from './apply-security-groups-to-load-balancer.js';
import { attachLoadBalancerToSubnets } from './attach-load-balancer-to-subnets.js';
import { configureHealthCheck } from './configure-health-check.js';
import { createAppCookieStickinessPolicy } from './create-app-cookie-stickiness-policy.js';
import { createLbCookieStickinessPolicy } from './create-lb-cookie-stickiness-policy.js';
import { createLoadBalancer } from './create-load-balancer.js';
import { createLoadBalancerListeners } from './create-load-balancer-listeners.js';
import { createLoadBalancerPolicy } from './create-load-balancer-policy.js';
import { deleteLoadBalancer } from './delete-load-balancer.js';
import { deleteLoadBalancerListeners } from './delete-load-balancer-listeners.js';
import { deleteLoadBalancerPolicy } from './delete-load-balancer-policy.js';
import { deregisterInstancesFromLoadBalancer } from './deregister-instances-from-load-balancer.js';
import { describeAccountLimits } from './describe-account-limits.js';
import { describeInstanceHealth } from './describe-instance-health.js';
import { describeLoadBalancerAttributes } from './describe-load-balancer-attributes.js';
import { describeLoadBalancerPolicies } from './describe-load-balancer-policies.js';
import { describeLoadBalancerPolicyTypes } from './describe-load-balancer-policy-types.js';
import { describeLoadBalancers } from './describe-load-balancers.js';
import { describeTags } from './describe-tags.js';
import { detachLoadBalancerFromSubnets } from './detach-load-balancer-from-subnets.js';
import { disableAvailabilityZonesForLoadBalancer } from './disable-availability-zones-for-load-balancer.js';
import { enableAvailabilityZonesForLoadBalancer } from './enable-availability-zones-for-load-balancer.js';
import { modifyLoadBalancerAttributes } from './modify-load-balancer-attributes.js';
import { registerInstancesWithLoadBalancer } from './register-instances-with-load-balancer.js';
import { removeTags } from './remove-tags.js';
import { setLoadBalancerListenerSslCertificate } from './set-load-balancer-listener-ssl-certificate.js';
import { setLoadBalancerPoliciesForBackendServer } from './set-load-balancer-policies-for-backend-server.js';
import { setLoadBalancerPoliciesOfListener } from './set-load-balancer-policies-of-listener.js';

/** All 29 actions of the API, by name. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    addTags,
    applySecurityGroupsToLoadBalancer,
    attachLoadBalancerToSubnets,
    configureHealthCheck,
    createAppCookieStickinessPolicy,
    createLbCookieStickinessPolicy,
    createLoadBalancer,
    createLoadBalancerListeners,
    createLoadBalancerPolicy,
    deleteLoadBalancer,
    deleteLoadBalancerListeners,
    deleteLoadBalancerPolicy,
    deregisterInstancesFromLoadBalancer,
    describeAccountLimits,
    describeInstanceHealth,
    describeLoadBalancerAttributes,
    describeLoadBalancerPolicies,
    describeLoadBalancerPolicyTypes,
    describeLoadBalancers,
    describeTags,
    detachLoadBalancerFromSubnets,
    disableAvailabilityZonesForLoadBalancer,
    enableAvailabilityZonesForLoadBalancer,
    modifyLoadBalancerAttributes,
    registerInstancesWithLoadBalancer,
    removeTags,
    setLoadBalancerListenerSslCertificate,
    setLoadBalancerPoliciesForBackendServer,
    setLoadBalancerPoliciesOfListener,
  ].map((action: Action) => [action.name, action]),
);
