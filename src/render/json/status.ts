import type { Hazard } from '../../core/hazards.js';
import {
  type HealthCheck,
  identityOf,
  type Listener,
  type LoadBalancer,
  type LoadBalancerIdentity,
} from '../../core/model.js';
import { type InstanceCount, instanceCount } from '../../core/plan.js';
import {
  type InstancePortStatus,
  instancePortStatuses,
  type NotKnown,
  notKnownOf,
} from '../../core/status.js';
import { known } from './known.js';
import {
  type InspectedNetworkLoadBalancer,
  type NetworkLoadBalancerStatus,
  networkLoadBalancerStatus,
} from './network-status.js';

/** The version of the shapes in this folder; a minor release may add keys, never change them. */
export const documentFormatVersion = 1;

/** One Classic Load Balancer of `status -o json`; what was not asked for, or not answered, is absent. */
export interface LoadBalancerStatus extends LoadBalancerIdentity {
  readonly kind: 'classic';
  readonly scheme?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly listeners: readonly Listener[];
  /** Every instance port of a listener and every port that has policies, ascending. */
  readonly instancePorts: readonly InstancePortStatus[];
  /** What the service left out; its instance ports are not among the others. */
  readonly notKnown?: NotKnown | undefined;
  readonly healthCheck?: HealthCheck | undefined;
  readonly instances?: InstanceCount | undefined;
  readonly hazards: readonly Hazard[];
}

/** One load balancer of either kind. */
export type StatusEntry = LoadBalancerStatus | NetworkLoadBalancerStatus;

/** A region that could not be read, wholly or in part. */
export interface StatusError {
  readonly region: string;
  /** `network`: its Network Load Balancers; the Classic ones may be there all the same. */
  readonly kind?: 'network' | undefined;
  readonly code: string;
  readonly message: string;
}

/** What `status -o json` prints. */
export interface StatusDocument {
  readonly formatVersion: typeof documentFormatVersion;
  readonly regions: readonly string[];
  readonly loadBalancers: readonly StatusEntry[];
  readonly errors: readonly StatusError[];
}

/** A load balancer that was read, with the hazards that were found for it. */
export interface InspectedLoadBalancer {
  readonly loadBalancer: LoadBalancer;
  readonly hazards: readonly Hazard[];
}

/** A load balancer of either kind that was read. */
export type Inspected = InspectedLoadBalancer | InspectedNetworkLoadBalancer;

/** One load balancer's part of the status document, of either kind. */
export function statusEntry(inspected: Inspected): StatusEntry {
  return isNetwork(inspected) ? networkLoadBalancerStatus(inspected) : loadBalancerStatus(inspected);
}

function isNetwork(inspected: Inspected): inspected is InspectedNetworkLoadBalancer {
  return 'kind' in inspected.loadBalancer;
}

/** One Classic Load Balancer's part of the status document, for a fleet that is shown while it is read. */
export function loadBalancerStatus({ loadBalancer, hazards }: InspectedLoadBalancer): LoadBalancerStatus {
  const { scheme, vpcId, listeners, healthCheck } = loadBalancer;
  return known({
    kind: 'classic',
    ...identityOf(loadBalancer),
    scheme,
    vpcId,
    listeners,
    instancePorts: instancePortStatuses(loadBalancer),
    notKnown: notKnownOf(loadBalancer),
    healthCheck: healthCheck && known(healthCheck),
    instances: instanceCount(loadBalancer),
    hazards,
  });
}
