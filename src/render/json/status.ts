import type { Hazard } from '../../core/hazards.js';
import { identityOf, type LoadBalancer } from '../../core/model.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { instanceCount } from '../../core/plan.js';
import { instancePortStatuses, notKnownOf } from '../../core/status.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import type { DocumentOf } from './document.js';
import { networkLoadBalancerStatus } from './network-status.js';
import type { classicStatus, statusSchema } from './status-schema.js';

/** One Classic Load Balancer of `status -o json`; what was not asked for, or not answered, is absent. */
export type LoadBalancerStatus = DocumentOf<typeof classicStatus>;

/** The document of `status -o json`. */
export type StatusDocument = DocumentOf<typeof statusSchema>;

/** One load balancer of either kind. */
export type StatusEntry = StatusDocument['loadBalancers'][number];

/** A region that could not be read, wholly or in part. */
export type StatusError = StatusDocument['errors'][number];

/** A load balancer that was read, with the hazards that were found for it. */
export interface Inspected<Kind = LoadBalancer | NetworkLoadBalancer> {
  readonly loadBalancer: Kind;
  readonly hazards: readonly Hazard[];
}

/** One load balancer's part of the status document, of either kind. */
export function statusEntry({ loadBalancer, hazards }: Inspected): StatusEntry {
  return 'kind' in loadBalancer
    ? networkLoadBalancerStatus(loadBalancer, hazards)
    : loadBalancerStatus({ loadBalancer, hazards });
}

/** One Classic Load Balancer's part of the status document, for a fleet that is shown while it is read. */
export function loadBalancerStatus({ loadBalancer, hazards }: Inspected<LoadBalancer>): LoadBalancerStatus {
  const { scheme, vpcId, listeners, healthCheck } = loadBalancer;
  return withoutUndefined({
    kind: 'classic',
    ...identityOf(loadBalancer),
    scheme,
    vpcId,
    listeners,
    instancePorts: instancePortStatuses(loadBalancer),
    notKnown: notKnownOf(loadBalancer),
    healthCheck: healthCheck && withoutUndefined(healthCheck),
    instances: instanceCount(loadBalancer),
    hazards,
  });
}
