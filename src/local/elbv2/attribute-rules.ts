import { datagrams } from '../../core/network/group-status.js';
import { entriesOf, type Pair, pairsOf } from '../pairs.js';
import { requiredStructureList } from '../request-lists.js';
import { type Parameters, requiredString } from '../request-parameters.js';
import { constraintError, invalidConfigurationV2 } from '../service-error.js';
import { describePairs, type XmlValue } from '../xml.js';
import { type Attributes, HEADER_PLACEMENT, PROXY_PROTOCOL_V2 } from './default-attributes.js';
import { isNetworkGroup } from './protocol-rules.js';
import type { TargetGroupV2 } from './shapes.js';

/** The attributes of a request's `Attributes.member.N`; one that is there twice has its last value. */
export function parseAttributes(parameters: Parameters, most = Number.POSITIVE_INFINITY): Attributes {
  const listed = requiredStructureList(parameters, 'Attributes');
  if (listed.length > most) {
    throw constraintError(
      `[${listed.length} attributes]`,
      'attributes',
      `have length less than or equal to ${most}`,
    );
  }
  return new Map(
    listed.map((one, index) => {
      const at = `attributes.${index + 1}.member`;
      const key = requiredString(one, 'Key', `${at}.key`);
      if (key.length > 256) throw constraintError(key, `${at}.key`, 'have length less than or equal to 256');
      if (!/^[a-zA-Z0-9._]+$/.test(key)) {
        throw constraintError(key, `${at}.key`, 'satisfy regular expression pattern: ^[a-zA-Z0-9._]+$');
      }
      const value = one.get('Value') ?? '';
      if (value.length > 1024) {
        throw constraintError(value, `${at}.value`, 'have length less than or equal to 1024');
      }
      return [key, value] as const;
    }),
  );
}

/** The values that an attribute allows: one of several texts, or a number in a range. */
type Rule = readonly string[] | { readonly min: number; readonly max: number; readonly or?: string };

const flag: Rule = ['true', 'false'];
const percentage: Rule = { min: 1, max: 100, or: 'off' };
const count: Rule = { min: 1, max: 1000 };
const week: Rule = { min: 1, max: 604_800 };

// From the model's documentation; attributes that are not here take any text.
const rules: Readonly<Record<string, Rule>> = {
  [PROXY_PROTOCOL_V2]: flag,
  [HEADER_PLACEMENT]: ['on_first_ack_with_payload', 'on_first_ack'],
  'preserve_client_ip.enabled': flag,
  'stickiness.enabled': flag,
  'deregistration_delay.timeout_seconds': { min: 0, max: 3600 },
  'deregistration_delay.connection_termination.enabled': flag,
  'target_health_state.unhealthy.connection_termination.enabled': flag,
  'target_health_state.unhealthy.draining_interval_seconds': { min: 0, max: 360_000 },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': count,
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': percentage,
  'target_group_health.dns_failover.minimum_healthy_targets.count': { ...count, or: 'off' },
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': percentage,
  'stickiness.lb_cookie.duration_seconds': week,
  'stickiness.app_cookie.duration_seconds': week,
  'slow_start.duration_seconds': { min: 30, max: 900, or: '0' },
  'load_balancing.algorithm.type': ['round_robin', 'least_outstanding_requests', 'weighted_random'],
  'load_balancing.algorithm.anomaly_mitigation': ['on', 'off'],
  'lambda.multi_value_headers.enabled': flag,
  'target_failover.on_deregistration': ['rebalance', 'no_rebalance'],
  'target_failover.on_unhealthy': ['rebalance', 'no_rebalance'],
  'deletion_protection.enabled': flag,
  'access_logs.s3.enabled': flag,
  'connection_logs.s3.enabled': flag,
  'ipv6.deny_all_igw_traffic': flag,
  'zonal_shift.config.enabled': flag,
  'dns_record.client_routing_policy': [
    'any_availability_zone',
    'availability_zone_affinity',
    'partial_availability_zone_affinity',
  ],
  'secondary_ips.auto_assigned.per_subnet': { min: 0, max: 7 },
  'idle_timeout.timeout_seconds': { min: 1, max: 4000 },
  'client_keep_alive.seconds': { min: 60, max: 604_800 },
  'routing.http.desync_mitigation_mode': ['monitor', 'defensive', 'strictest'],
  'routing.http.drop_invalid_header_fields.enabled': flag,
  'routing.http.preserve_host_header.enabled': flag,
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': flag,
  'routing.http.xff_client_port.enabled': flag,
  'routing.http.xff_header_processing.mode': ['append', 'preserve', 'remove'],
  'routing.http2.enabled': flag,
  'waf.fail_open.enabled': flag,
  'tcp.idle_timeout.seconds': { min: 60, max: 6000 },
};

// The one key whose values depend on the kind of resource.
const crossZone = 'load_balancing.cross_zone.enabled';

function checkValue(key: string, value: string, rule: Rule | undefined): void {
  if (rule === undefined) return;
  const wrong = `The value '${value}' is not valid for the attribute '${key}'`;
  if (!('min' in rule)) {
    if (!rule.includes(value))
      throw invalidConfigurationV2(`${wrong}: it must be one of '${rule.join(', ')}'`);
    return;
  }
  const { min, max, or } = rule;
  if (value === or) return;
  if (!/^\d{1,7}$/.test(value) || Number(value) < min || Number(value) > max) {
    const also = or === undefined ? '' : `${or} or `;
    throw invalidConfigurationV2(`${wrong}: it must be ${also}between ${min} and ${max}`);
  }
}

/** Refuses a key that is not among those of a resource, and a value that the key cannot have. */
export function checkAttributes(
  wanted: Attributes,
  known: Attributes,
  what: 'Load balancer' | 'Listener' | 'Target group',
): void {
  for (const [key, value] of wanted) {
    if (!known.has(key)) throw invalidConfigurationV2(`${what} attribute key '${key}' is not recognized`);
    checkValue(key, value, key === crossZone ? crossZoneRule(what) : rules[key]);
  }
}

const crossZoneRule = (what: string): Rule =>
  what === 'Target group' ? ['true', 'false', 'use_load_balancer_configuration'] : flag;

const stickinessTypes = (group: TargetGroupV2): Rule => {
  if (isNetworkGroup(group)) return ['source_ip'];
  return group.protocol === 'GENEVE'
    ? ['source_ip_dest_ip', 'source_ip_dest_ip_proto']
    : ['lb_cookie', 'app_cookie'];
};

/** The rules for a target group's attributes beyond the values of each. */
export function checkGroupAttributes(wanted: Attributes, known: Attributes, group: TargetGroupV2): void {
  // Guide: attributes of such a group cannot be modified.
  if (group.targetType === 'alb') {
    throw invalidConfigurationV2(
      `The attributes of target group '${group.arn}' cannot be modified because its target type is 'alb'`,
    );
  }
  const also = isNetworkGroup(group) ? [[HEADER_PLACEMENT, ''] as const] : [];
  checkAttributes(wanted, new Map([...known, ...also]), 'Target group');
  const type = wanted.get('stickiness.type');
  if (type !== undefined) checkValue('stickiness.type', type, stickinessTypes(group));
  const { protocol = '' } = group;
  if (datagrams.has(protocol) && wanted.get('preserve_client_ip.enabled') === 'false') {
    throw invalidConfigurationV2(
      `Client IP preservation cannot be disabled for target groups with the ${protocol} protocol`,
    );
  }
}

/** The pairs that were set, with others added. */
export const mergePairs = (present: readonly Pair[], added: Attributes): readonly Pair[] =>
  pairsOf(entriesOf(present, added));

/** Attributes as the API lists them. */
export const describeAttributesV2 = (attributes: Attributes): XmlValue => describePairs(pairsOf(attributes));
