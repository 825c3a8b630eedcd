import type { Pair } from '../pairs.js';

/**
 * The local service's state of ELBv2 (2015-12-01), as plain types. Times in seconds. Everything is found by its ARN,
 * which holds its region, its name and an id of its own.
 */

/** The kind of a load balancer. Only one of type network carries traffic here. */
export type LoadBalancerType = 'application' | 'network' | 'gateway';

/** A protocol of a listener, a target group or a health check. */
export type ProtocolV2 =
  | 'HTTP'
  | 'HTTPS'
  | 'TCP'
  | 'TLS'
  | 'UDP'
  | 'TCP_UDP'
  | 'GENEVE'
  | 'QUIC'
  | 'TCP_QUIC';

/** A load balancer. */
export interface LoadBalancerV2 {
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  readonly type: LoadBalancerType;
  /** The load balancer's own loopback address, where its listeners are opened. */
  readonly dnsName: string;
  readonly createdTime: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly zones: readonly { readonly zoneName: string; readonly subnetId: string }[];
  readonly securityGroups: readonly string[];
  readonly ipAddressType: 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';
  /** Only the attributes that were set; all others have their default. */
  readonly attributes: readonly Pair[];
  readonly tags: readonly Pair[];
}

/** The health check of a target group. */
export interface TargetHealthCheck {
  readonly enabled: boolean;
  readonly protocol: ProtocolV2;
  /** `traffic-port`, or a number. */
  readonly port: string;
  /** HTTP and HTTPS only. */
  readonly path?: string | undefined;
  /** HTTP and HTTPS only: the codes that pass, such as `200-399` or `200,301`. */
  readonly matcher?: string | undefined;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** A registered target: an id may be registered several times, with other ports. */
export interface TargetV2 {
  /** An instance id, an IP address, or an ARN, as the group's target type says. */
  readonly id: string;
  /** Its own port or the group's; a Lambda function has none. */
  readonly port?: number | undefined;
  readonly availabilityZone?: string | undefined;
}

/** A target group. */
export interface TargetGroupV2 {
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  /** A group of type lambda has neither. */
  readonly protocol?: ProtocolV2 | undefined;
  readonly port?: number | undefined;
  /** HTTP and HTTPS groups only. */
  readonly protocolVersion?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly ipAddressType: 'ipv4' | 'ipv6';
  readonly healthCheck: TargetHealthCheck;
  readonly targets: readonly TargetV2[];
  /** Only the attributes that were set; all others have their default. */
  readonly attributes: readonly Pair[];
  /** Whether attributes that were never set are listed with their defaults, as AWS does and some emulators do not. */
  readonly listsDefaults: boolean;
  readonly tags: readonly Pair[];
}

/** A group that an action forwards to, and its share of the connections. */
export interface WeightedGroup {
  readonly arn: string;
  readonly weight: number;
}

/** A listener. Its default action is the only one here, and forwards. */
export interface ListenerV2 {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly protocol: ProtocolV2;
  readonly port: number;
  readonly certificateArn?: string | undefined;
  readonly sslPolicy?: string | undefined;
  readonly alpnPolicy?: string | undefined;
  readonly targetGroups: readonly WeightedGroup[];
  /** Only the attributes that were set; all others have their default. */
  readonly attributes: readonly Pair[];
  readonly tags: readonly Pair[];
  /** Its default rule's. */
  readonly ruleTags: readonly Pair[];
}

/** All that is known of ELBv2. It is never changed in place. */
export interface ElbV2State {
  /** How many ids were ever given out: a resource that is created again gets a new one. */
  readonly idsUsed: number;
  readonly loadBalancers: readonly LoadBalancerV2[];
  readonly targetGroups: readonly TargetGroupV2[];
  readonly listeners: readonly ListenerV2[];
}
