import type { ElbV2State } from './elbv2/shapes.js';
import type { Pair } from './pairs.js';

/**
 * The local service's state, as plain types: the package's own types must not lead to the library that checks them.
 * The schemas in state.ts and seed.ts are held to these.
 */

/** HTTP, HTTPS, TCP or SSL. */
export type Protocol = 'HTTP' | 'HTTPS' | 'TCP' | 'SSL';

/** A listener and the policies that are enabled on it. */
export interface Listener {
  readonly protocol: Protocol;
  readonly loadBalancerPort: number;
  readonly instanceProtocol: Protocol;
  readonly instancePort: number;
  readonly sslCertificateId?: string | undefined;
  readonly policyNames: readonly string[];
}

/** A policy as it was created; attribute values keep their spelling. */
export interface Policy {
  readonly policyName: string;
  readonly policyTypeName: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

/** A health check's settings; times in seconds. */
export interface HealthCheck {
  readonly target: string;
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

/** A load balancer's attributes; times in seconds. */
export interface LoadBalancerAttributes {
  readonly crossZone: boolean;
  readonly accessLog: {
    readonly enabled: boolean;
    readonly s3BucketName?: string | undefined;
    readonly emitInterval?: number | undefined;
    readonly s3BucketPrefix?: string | undefined;
  };
  readonly connectionDraining: { readonly enabled: boolean; readonly timeout: number };
  readonly idleTimeout: number;
  readonly additional: readonly Pair[];
}

/** One load balancer, with its region. */
export interface LoadBalancer {
  readonly region: string;
  readonly loadBalancerName: string;
  /** The load balancer's own loopback address, where its listeners are opened. */
  readonly dnsName: string;
  readonly createdTime: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly subnets: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly securityGroups: readonly string[];
  readonly sourceSecurityGroup: { readonly ownerAlias: string; readonly groupName: string };
  readonly listeners: readonly Listener[];
  readonly policies: readonly Policy[];
  /** Only ports with at least one policy, sorted by port; a port may outlive its listener. */
  readonly backendPolicies: readonly {
    readonly instancePort: number;
    readonly policyNames: readonly string[];
  }[];
  readonly instances: readonly string[];
  readonly healthCheck: HealthCheck;
  readonly tags: readonly Pair[];
  readonly attributes: LoadBalancerAttributes;
}

/** The state of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A CloudWatch alarm. Nothing is measured here: its state is the seed's until SetAlarmState sets another. */
export interface Alarm {
  readonly region: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly state: AlarmState;
  readonly reason: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The time of the last change to another state. */
  readonly transitionedAt: string;
  /** A composite alarm's rule about other alarms. */
  readonly rule?: string | undefined;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
}

/** All that the local service knows. It is never changed in place. */
export interface State {
  readonly formatVersion: 1;
  /** How many addresses were ever given out; an address is never given out twice. */
  readonly addressesUsed: number;
  readonly loadBalancers: readonly LoadBalancer[];
  /** Application, Network and Gateway Load Balancers. */
  readonly elbv2: ElbV2State;
  readonly alarms: readonly Alarm[];
  /** Instances that Systems Manager reports as anything but Online and Linux. */
  readonly managedInstances?: readonly ManagedInstance[] | undefined;
}

/** An instance as Systems Manager describes it. */
export interface ManagedInstance {
  readonly id: string;
  /** `none`: Systems Manager does not know it. */
  readonly ping?: 'Online' | 'ConnectionLost' | 'Inactive' | 'none' | undefined;
  readonly platform?: 'Linux' | 'Windows' | 'MacOS' | undefined;
}
