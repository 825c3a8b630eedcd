import type * as Sdk from '@aws-sdk/client-elastic-load-balancing';
import type {
  BackendServer,
  HealthCheck,
  InstanceState,
  Listener,
  LoadBalancer,
  Policy,
  Tag,
} from '../core/model.js';

/**
 * A load balancer as the model has it; undefined for an entry without a name, which nothing can be done about.
 * Clones of this API leave parts out (moto: the health check): such a part is absent here too, and a missing list of
 * listeners or policies is an empty one.
 */
export function loadBalancerOf(found: Sdk.LoadBalancerDescription, region: string): LoadBalancer | undefined {
  const name = text(found.LoadBalancerName);
  if (name === undefined) return undefined;
  return {
    name,
    region,
    accountId: text(found.SourceSecurityGroup?.OwnerAlias),
    dnsName: text(found.DNSName),
    createdTime: isoTime(found.CreatedTime),
    scheme: text(found.Scheme),
    vpcId: text(found.VPCId),
    listeners: (found.ListenerDescriptions ?? []).flatMap(listenerOf),
    backendServers: backendServersOf(found.BackendServerDescriptions ?? []),
    healthCheck: healthCheckOf(found.HealthCheck),
    instanceIds: found.Instances?.flatMap(({ InstanceId }) => text(InstanceId) ?? []),
  };
}

/** A policy; undefined for an entry without a name. */
export function policyOf(found: Sdk.PolicyDescription): Policy | undefined {
  const name = text(found.PolicyName);
  if (name === undefined) return undefined;
  return {
    name,
    type: found.PolicyTypeName ?? '',
    attributes: (found.PolicyAttributeDescriptions ?? []).flatMap(({ AttributeName, AttributeValue }) =>
      text(AttributeName) === undefined ? [] : [{ name: AttributeName ?? '', value: AttributeValue ?? '' }],
    ),
  };
}

/** An instance's state; undefined for an entry without an instance id. */
export function instanceStateOf(found: Sdk.InstanceState): InstanceState | undefined {
  const instanceId = text(found.InstanceId);
  if (instanceId === undefined) return undefined;
  return {
    instanceId,
    state: text(found.State) ?? 'Unknown',
    reasonCode: text(found.ReasonCode),
    description: text(found.Description),
  };
}

/** A tag; one without a value has the empty value. */
export function tagOf(found: Sdk.Tag): Tag {
  return { key: found.Key ?? '', value: found.Value ?? '' };
}

/** InstanceProtocol is optional; left out, it is the listener's own protocol. A listener without its ports is left out. */
function listenerOf({ Listener: found, PolicyNames }: Sdk.ListenerDescription): readonly Listener[] {
  const { LoadBalancerPort, InstancePort, Protocol = '', InstanceProtocol } = found ?? {};
  if (!isPort(LoadBalancerPort) || !isPort(InstancePort)) return [];
  const protocol = Protocol.toUpperCase();
  return [
    {
      protocol,
      loadBalancerPort: LoadBalancerPort,
      instanceProtocol: text(InstanceProtocol)?.toUpperCase() ?? protocol,
      instancePort: InstancePort,
      policyNames: PolicyNames ?? [],
    },
  ];
}

/** The model lists only ports that have policies; whether AWS ever lists one without is not known. Doubles are joined. */
function backendServersOf(found: readonly Sdk.BackendServerDescription[]): readonly BackendServer[] {
  const byPort = new Map<number, readonly string[]>();
  for (const { InstancePort, PolicyNames = [] } of found) {
    if (!isPort(InstancePort) || PolicyNames.length === 0) continue;
    const before = byPort.get(InstancePort);
    byPort.set(InstancePort, before ? [...new Set([...before, ...PolicyNames])] : PolicyNames);
  }
  return [...byPort].map(([instancePort, policyNames]) => ({ instancePort, policyNames }));
}

function healthCheckOf(found: Sdk.HealthCheck | undefined): HealthCheck | undefined {
  const target = text(found?.Target);
  if (!found || target === undefined) return undefined;
  return {
    target,
    interval: found.Interval,
    timeout: found.Timeout,
    unhealthyThreshold: found.UnhealthyThreshold,
    healthyThreshold: found.HealthyThreshold,
  };
}

function isPort(port: number | undefined): port is number {
  return port !== undefined && Number.isInteger(port);
}

function isoTime(time: Date | undefined): string | undefined {
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** An empty element (`<VPCId/>`) says as little as a missing one. */
function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
