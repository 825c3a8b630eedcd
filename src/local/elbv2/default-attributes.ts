import { datagrams } from '../../core/network/group-status.js';
import { entriesOf, type Pair } from '../pairs.js';
import { once } from './once.js';
import { isNetworkGroup } from './protocol-rules.js';
import type { ListenerV2, LoadBalancerType, LoadBalancerV2, TargetGroupV2 } from './shapes.js';

/** Attributes by key. */
export type Attributes = ReadonlyMap<string, string>;

/** The attribute that makes a group send the header. */
export const PROXY_PROTOCOL_V2 = 'proxy_protocol_v2.enabled';

/** When the header is sent. It is documented nowhere, shown by no Describe call, and set by AWS support alone. */
export const HEADER_PLACEMENT = 'proxy_protocol_v2.client_to_server.header_placement';

/** Attributes that can be set, and are never listed. */
export const hiddenAttributes: readonly string[] = [HEADER_PLACEMENT];

const failover: readonly (readonly [string, string])[] = [
  ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '1'],
  ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage', 'off'],
  ['target_group_health.dns_failover.minimum_healthy_targets.count', '1'],
  ['target_group_health.dns_failover.minimum_healthy_targets.percentage', 'off'],
];

/** The attributes of a new group. */
function defaultGroupAttributes(group: Pick<TargetGroupV2, 'protocol' | 'targetType'>): Attributes {
  const { protocol, targetType } = group;
  const crossZone = ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'] as const;
  if (targetType === 'lambda') {
    return new Map([['lambda.multi_value_headers.enabled', 'false'], ...failover]);
  }
  const delay = ['deregistration_delay.timeout_seconds', '300'] as const;
  if (protocol === 'GENEVE') {
    return new Map([
      delay,
      ['stickiness.enabled', 'false'],
      ['stickiness.type', 'source_ip_dest_ip_proto'],
      ['target_failover.on_deregistration', 'no_rebalance'],
      ['target_failover.on_unhealthy', 'no_rebalance'],
    ]);
  }
  if (!isNetworkGroup(group)) {
    return new Map([
      delay,
      ['stickiness.enabled', 'false'],
      ['stickiness.type', 'lb_cookie'],
      ['stickiness.lb_cookie.duration_seconds', '86400'],
      ['stickiness.app_cookie.cookie_name', ''],
      ['stickiness.app_cookie.duration_seconds', '86400'],
      ['slow_start.duration_seconds', '0'],
      ['load_balancing.algorithm.type', 'round_robin'],
      ['load_balancing.algorithm.anomaly_mitigation', 'off'],
      crossZone,
      ...failover,
    ]);
  }
  const ofDatagrams = datagrams.has(protocol ?? '');
  const preserved = targetType !== 'ip' || ofDatagrams;
  return new Map([
    [PROXY_PROTOCOL_V2, 'false'],
    ['preserve_client_ip.enabled', String(preserved)],
    ['stickiness.enabled', 'false'],
    ['stickiness.type', 'source_ip'],
    delay,
    ['deregistration_delay.connection_termination.enabled', String(ofDatagrams)],
    ['target_health_state.unhealthy.connection_termination.enabled', String(!ofDatagrams)],
    ['target_health_state.unhealthy.draining_interval_seconds', '0'],
    crossZone,
    ...failover,
  ]);
}

/** The attributes of a new load balancer. */
function defaultLoadBalancerAttributes(type: LoadBalancerType): Attributes {
  const all: readonly (readonly [string, string])[] = [
    ['deletion_protection.enabled', 'false'],
    ['load_balancing.cross_zone.enabled', String(type === 'application')],
  ];
  if (type === 'gateway') return new Map(all);
  const logged: readonly (readonly [string, string])[] = [
    ...all,
    ['access_logs.s3.enabled', 'false'],
    ['access_logs.s3.bucket', ''],
    ['access_logs.s3.prefix', ''],
    ['ipv6.deny_all_igw_traffic', 'false'],
    ['zonal_shift.config.enabled', 'false'],
  ];
  if (type === 'network') {
    return new Map([
      ...logged,
      ['dns_record.client_routing_policy', 'any_availability_zone'],
      ['secondary_ips.auto_assigned.per_subnet', '0'],
    ]);
  }
  return new Map([
    ...logged,
    ['idle_timeout.timeout_seconds', '60'],
    ['client_keep_alive.seconds', '3600'],
    ['connection_logs.s3.enabled', 'false'],
    ['connection_logs.s3.bucket', ''],
    ['connection_logs.s3.prefix', ''],
    ['routing.http.desync_mitigation_mode', 'defensive'],
    ['routing.http.drop_invalid_header_fields.enabled', 'false'],
    ['routing.http.preserve_host_header.enabled', 'false'],
    ['routing.http.x_amzn_tls_version_and_cipher_suite.enabled', 'false'],
    ['routing.http.xff_client_port.enabled', 'false'],
    ['routing.http.xff_header_processing.mode', 'append'],
    ['routing.http2.enabled', 'true'],
    ['waf.fail_open.enabled', 'false'],
  ]);
}

/** The attributes of a new listener: how long a TCP connection may be silent, in seconds. */
const defaultListenerAttributes = ({ protocol }: Pick<ListenerV2, 'protocol'>): Attributes =>
  new Map(protocol === 'TCP' ? [['tcp.idle_timeout.seconds', '350']] : []);

const withSet = (defaults: Attributes, set: readonly Pair[]): Attributes =>
  new Map([...defaults, ...entriesOf(set)]);

/** All attributes of a group as they hold now, hidden ones too. */
export const groupAttributes = once((group: TargetGroupV2) =>
  withSet(defaultGroupAttributes(group), group.attributes),
);

/** All attributes of a load balancer as they hold now. */
export const loadBalancerAttributesV2 = (one: LoadBalancerV2): Attributes =>
  withSet(defaultLoadBalancerAttributes(one.type), one.attributes);

/** All attributes of a listener as they hold now. */
export const listenerAttributes = once((one: ListenerV2) =>
  withSet(defaultListenerAttributes(one), one.attributes),
);
