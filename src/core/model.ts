/**
 * The Classic ELB as this tool sees it: plain readonly data in the API's own terms.
 * A field that the service left out, or that was not asked for, is absent; nothing is guessed.
 */

/** The policy type that makes a load balancer send the PROXY line (API: PolicyTypeName). */
export const proxyProtocolPolicyType = 'ProxyProtocolPolicyType';

/** The policy type's one attribute; a Boolean, whose letter case varies between clients (`true`, `True`). */
export const proxyProtocolAttribute = 'ProxyProtocol';

/** Distinguishes a load balancer from another that later took its name. The API has no ARN and no revision. */
export interface LoadBalancerIdentity {
  readonly name: string;
  readonly region: string;
  /** `SourceSecurityGroup.OwnerAlias`: the owner of the security group, evidence of the account rather than proof. */
  readonly accountId?: string | undefined;
  readonly dnsName?: string | undefined;
  /** ISO 8601 with milliseconds, UTC. */
  readonly createdTime?: string | undefined;
}

/** A Classic load balancer, as a plan names it; plans of before there were others leave the kind out. */
export interface ClassicIdentity extends LoadBalancerIdentity {
  readonly kind?: 'classic' | undefined;
}

/** One attribute of a policy; the API allows several of one name (cardinality `ONE_OR_MORE`). */
export interface PolicyAttribute {
  readonly name: string;
  readonly value: string;
}

/** A policy as DescribeLoadBalancerPolicies gives it. */
export interface Policy {
  readonly name: string;
  readonly type: string;
  readonly attributes: readonly PolicyAttribute[];
  /** A field that the service left out, for example `PolicyTypeName`: then the policy's meaning is not known. */
  readonly missing?: string | undefined;
}

/** A field that the service should always give but left out: its value is not known. */
export interface MissingField {
  /** As the API names it: `BackendServerDescriptions`, `BackendServerDescriptions[8443].PolicyNames`. */
  readonly field: string;
  /** The instance port whose list is therefore not known; absent if it may be any port. */
  readonly instancePort?: number | undefined;
}

/** A listener with the policies that are set on it (never touched by this tool). */
export interface Listener {
  /** Upper case: `TCP`, `SSL`, `HTTP`, `HTTPS`. */
  readonly protocol: string;
  readonly loadBalancerPort: number;
  readonly instanceProtocol: string;
  readonly instancePort: number;
  readonly policyNames: readonly string[];
}

/** The ordered policy list of one instance port (`BackendServerDescriptions`): the unit of change. */
export interface BackendServer {
  readonly instancePort: number;
  readonly policyNames: readonly string[];
}

/** The health check as configured; `target` is `PROTOCOL:port` or `PROTOCOL:port/path`. Times in seconds. */
export interface HealthCheck {
  readonly target: string;
  readonly interval?: number | undefined;
  readonly timeout?: number | undefined;
  readonly unhealthyThreshold?: number | undefined;
  readonly healthyThreshold?: number | undefined;
}

/** An instance's state as DescribeInstanceHealth gives it: `InService`, `OutOfService` or `Unknown`. */
export interface InstanceState {
  readonly instanceId: string;
  readonly state: string;
  readonly reasonCode?: string | undefined;
  readonly description?: string | undefined;
}

/** A tag of the load balancer. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Everything that was read about one load balancer at one moment. */
export interface LoadBalancer extends LoadBalancerIdentity {
  readonly scheme?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly listeners: readonly Listener[];
  /** Only ports that have policies, as the API lists them. */
  readonly backendServers: readonly BackendServer[];
  /** Absent if the service left it out: then no hazard about it is known. */
  readonly healthCheck?: HealthCheck | undefined;
  /** Registered instances' ids; absent if the service left them out. */
  readonly instanceIds?: readonly string[] | undefined;
  /** The load balancer's policies; absent when they were not asked for. */
  readonly policies?: readonly Policy[] | undefined;
  /** Absent when health was not asked for or could not be read. */
  readonly instanceStates?: readonly InstanceState[] | undefined;
  /** Absent when tags were not asked for or could not be read. */
  readonly tags?: readonly Tag[] | undefined;
  /** The wire codes of the reads of health and tags that failed. */
  readonly notRead?:
    | { readonly instanceStates?: string | undefined; readonly tags?: string | undefined }
    | undefined;
  /** Fields of lists and listeners that the service left out; an empty element is an answer, a missing one is not. */
  readonly missing?: readonly MissingField[] | undefined;
}

/** The attribute list of the PROXY policy that `enable` creates. */
export const proxyProtocolEnabled: readonly PolicyAttribute[] = [
  { name: proxyProtocolAttribute, value: 'true' },
];

/** The identity fields alone, for a plan to be pinned to. */
export function identityOf(loadBalancer: LoadBalancerIdentity): LoadBalancerIdentity {
  const { name, region, accountId, dnsName, createdTime } = loadBalancer;
  return { name, region, accountId, dnsName, createdTime };
}

/** The missing fields that a write would depend on; empty if everything was read. */
export function missingFields({
  missing,
  policies,
}: Pick<LoadBalancer, 'missing' | 'policies'>): readonly string[] {
  return [
    ...(missing ?? []).map(({ field }) => field),
    ...(policies ?? []).flatMap((policy) =>
      policy.missing === undefined ? [] : [`PolicyDescriptions[${policy.name}].${policy.missing}`],
    ),
  ];
}

/** Whether an instance port's list was read: a list that was left out is not an empty one. */
export function isListKnown(
  { backendServers, missing }: Pick<LoadBalancer, 'backendServers' | 'missing'>,
  instancePort: number,
): boolean {
  const listed = backendServers.some((server) => server.instancePort === instancePort);
  return (missing ?? []).every(
    (one) =>
      !one.field.startsWith('BackendServerDescriptions') ||
      (one.instancePort === undefined ? listed : one.instancePort !== instancePort),
  );
}

/** The ordered policy names on an instance port; empty if the port has none. */
export function policyNamesOn(
  loadBalancer: Pick<LoadBalancer, 'backendServers'>,
  instancePort: number,
): readonly string[] {
  return (
    loadBalancer.backendServers.find((server) => server.instancePort === instancePort)?.policyNames ?? []
  );
}
