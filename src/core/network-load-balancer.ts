import type { LoadBalancerIdentity, MissingField, Tag } from './model.js';

/**
 * The Network Load Balancer as this tool sees it: plain readonly data in the terms of the ELBv2 API (2015-12-01).
 * A field that the service left out, or that was not asked for, is absent; nothing is guessed.
 */

/** The target group attribute that makes an NLB send the PROXY protocol, always version 2. */
export const proxyProtocolV2Key = 'proxy_protocol_v2.enabled';

/** A Network Load Balancer, and no other that later took its name: its ARN holds an id of its own. */
export interface NetworkIdentity extends LoadBalancerIdentity {
  readonly kind: 'network';
  readonly arn: string;
}

/** The health check of a target group as configured. Times in seconds. */
export interface TargetGroupHealthCheck {
  /** False where targets are not checked. */
  readonly enabled?: boolean | undefined;
  /** `TCP`, `HTTP` or `HTTPS`. */
  readonly protocol?: string | undefined;
  /** `traffic-port`, or a number. */
  readonly port?: string | undefined;
  readonly path?: string | undefined;
  /** The HTTP codes that pass, such as `200-399`. */
  readonly matcher?: string | undefined;
  readonly interval?: number | undefined;
  readonly timeout?: number | undefined;
  readonly healthyThreshold?: number | undefined;
  readonly unhealthyThreshold?: number | undefined;
}

/** A target as DescribeTargetHealth gives it: an id may be there several times, with other ports. */
export interface Target {
  /** An instance id, an IP address, or an ARN, as the group's target type says. */
  readonly id: string;
  /** Its own port, which overrides the group's. */
  readonly port?: number | undefined;
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`, `unhealthy.draining`. */
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
}

/** A target that is registered in another group as well. */
export interface TargetElsewhere {
  readonly id: string;
  readonly port?: number | undefined;
  /** The other group's name. */
  readonly targetGroup: string;
  /** Whether it sends the header; undefined if that is not known. */
  readonly proxyProtocol?: 'enabled' | 'disabled' | undefined;
}

/** A target group: the unit of change. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  /** Upper case: `TCP`, `TLS`, `UDP`, `TCP_UDP`, `QUIC`, `TCP_QUIC`; of other load balancers also `HTTP`, … */
  readonly protocol: string;
  /** Absent for target types that have none. */
  readonly port?: number | undefined;
  /** `instance`, `ip`, `alb` or `lambda`. */
  readonly targetType?: string | undefined;
  /** `ipv4` or `ipv6`. */
  readonly ipAddressType?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly healthCheck?: TargetGroupHealthCheck | undefined;
  /** The load balancers that it is on; absent if the service left them out, empty if it is on none. */
  readonly loadBalancerArns?: readonly string[] | undefined;
  /** By key, as DescribeTargetGroupAttributes gives them; absent when they were not asked for or could not be read. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Absent when they were not asked for or could not be read. */
  readonly targets?: readonly Target[] | undefined;
  /** Its targets in groups of other load balancers; absent when they were not looked for. */
  readonly elsewhere?:
    | {
        readonly targets: readonly TargetElsewhere[];
        /** Why not all of them are known. */
        readonly notRead?: string | undefined;
      }
    | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** The wire codes of the reads of targets and tags that failed. */
  readonly notRead?:
    | {
        readonly attributes?: string | undefined;
        readonly targets?: string | undefined;
        readonly tags?: string | undefined;
      }
    | undefined;
  /** The fields that the service left out; an empty list is an answer, a missing one is not. */
  readonly missing?: readonly MissingField[] | undefined;
}

/** A listener of an NLB, with the groups that its default action forwards to. */
export interface NetworkListener {
  readonly arn: string;
  /** Upper case: `TCP`, `TLS`, `UDP`, `TCP_UDP`, `QUIC`, `TCP_QUIC`. */
  readonly protocol: string;
  readonly port: number;
  /** None where it forwards to no group; `weight` where the action has weights. */
  readonly targetGroups: readonly { readonly arn: string; readonly weight?: number | undefined }[];
}

/** Everything that was read about one Network Load Balancer at one moment. */
export interface NetworkLoadBalancer extends NetworkIdentity {
  readonly scheme?: string | undefined;
  readonly vpcId?: string | undefined;
  /** `provisioning`, `active`, `active_impaired` or `failed`. */
  readonly state?: string | undefined;
  readonly ipAddressType?: string | undefined;
  /** Absent when they were not asked for. */
  readonly listeners?: readonly NetworkListener[] | undefined;
  /** The groups that are on it; absent when they were not asked for. */
  readonly targetGroups?: readonly TargetGroup[] | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** The wire codes of the reads that failed. */
  readonly notRead?:
    | { readonly listeners?: string | undefined; readonly tags?: string | undefined }
    | undefined;
  readonly missing?: readonly MissingField[] | undefined;
}
