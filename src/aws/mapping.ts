import type * as Sdk from '@aws-sdk/client-elastic-load-balancing';
import {
  type BackendServer,
  type HealthCheck,
  type InstanceState,
  type Listener,
  type LoadBalancer,
  type MissingField,
  type Policy,
  proxyProtocolPolicyType,
  type Tag,
} from '../core/model.js';

/**
 * A load balancer as the model has it; undefined for an entry without a name. Clones leave parts out (moto: the health
 * check), which are absent here too. Of lists and listeners, on which a write depends, `missing` names such parts; AWS
 * answers an empty element for none.
 */
export function loadBalancerOf(found: Sdk.LoadBalancerDescription, region: string): LoadBalancer | undefined {
  const name = text(found.LoadBalancerName);
  if (name === undefined) return undefined;
  const listeners = listenersOf(found.ListenerDescriptions);
  const servers = backendServersOf(found.BackendServerDescriptions);
  const missing = [...listeners.missing, ...servers.missing];
  return {
    name,
    region,
    accountId: text(found.SourceSecurityGroup?.OwnerAlias),
    dnsName: text(found.DNSName),
    createdTime: isoTime(found.CreatedTime),
    scheme: text(found.Scheme),
    vpcId: text(found.VPCId),
    listeners: listeners.listeners,
    backendServers: servers.backendServers,
    healthCheck: healthCheckOf(found.HealthCheck),
    instanceIds: found.Instances?.flatMap(({ InstanceId }) => text(InstanceId) ?? []),
    ...(missing.length === 0 ? {} : { missing }),
  };
}

/** A policy, with what makes its meaning unknown in `missing`; undefined for an entry without a name. */
export function policyOf(found: Sdk.PolicyDescription): Policy | undefined {
  const name = text(found.PolicyName);
  if (name === undefined) return undefined;
  const type = text(found.PolicyTypeName);
  const missing =
    type === undefined
      ? 'PolicyTypeName'
      : type === proxyProtocolPolicyType && found.PolicyAttributeDescriptions === undefined
        ? 'PolicyAttributeDescriptions'
        : undefined;
  return {
    name,
    type: type ?? '',
    attributes: (found.PolicyAttributeDescriptions ?? []).flatMap(({ AttributeName, AttributeValue }) =>
      text(AttributeName) === undefined ? [] : [{ name: AttributeName ?? '', value: AttributeValue ?? '' }],
    ),
    ...(missing === undefined ? {} : { missing }),
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

function listenersOf(found: readonly Sdk.ListenerDescription[] | undefined): {
  readonly listeners: readonly Listener[];
  readonly missing: readonly MissingField[];
} {
  if (found === undefined) return { listeners: [], missing: [{ field: 'ListenerDescriptions' }] };
  const listeners: Listener[] = [];
  const missing: MissingField[] = [];
  for (const one of found) {
    const listener = listenerOf(one);
    if (typeof listener === 'string') missing.push({ field: `ListenerDescriptions[].${listener}` });
    else listeners.push(listener);
  }
  return { listeners, missing };
}

/** A listener, or the field that it lacks. InstanceProtocol is optional; left out, it is the listener's own protocol. */
function listenerOf({ Listener: found, PolicyNames }: Sdk.ListenerDescription): Listener | string {
  if (found === undefined) return 'Listener';
  const { LoadBalancerPort, InstancePort, Protocol, InstanceProtocol } = found;
  if (!isPort(LoadBalancerPort)) return 'Listener.LoadBalancerPort';
  if (!isPort(InstancePort)) return 'Listener.InstancePort';
  const protocol = text(Protocol)?.toUpperCase();
  if (protocol === undefined) return 'Listener.Protocol';
  return {
    protocol,
    loadBalancerPort: LoadBalancerPort,
    instanceProtocol: text(InstanceProtocol)?.toUpperCase() ?? protocol,
    instancePort: InstancePort,
    // Shown, and never written: moto leaves them out.
    policyNames: PolicyNames ?? [],
  };
}

/** The model lists only ports that have policies; whether AWS ever lists one without is not known. Doubles are joined. */
function backendServersOf(found: readonly Sdk.BackendServerDescription[] | undefined): {
  readonly backendServers: readonly BackendServer[];
  readonly missing: readonly MissingField[];
} {
  const whole = 'BackendServerDescriptions';
  if (found === undefined) return { backendServers: [], missing: [{ field: whole }] };
  const byPort = new Map<number, readonly string[]>();
  const missing: MissingField[] = [];
  for (const { InstancePort, PolicyNames } of found) {
    if (!isPort(InstancePort)) {
      missing.push({ field: `${whole}[].InstancePort` });
    } else if (PolicyNames === undefined) {
      missing.push({ field: `${whole}[${InstancePort}].PolicyNames`, instancePort: InstancePort });
    } else if (PolicyNames.length > 0) {
      const before = byPort.get(InstancePort);
      byPort.set(InstancePort, before ? [...new Set([...before, ...PolicyNames])] : PolicyNames);
    }
  }
  const backendServers = [...byPort].map(([instancePort, policyNames]) => ({ instancePort, policyNames }));
  return { backendServers, missing };
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

/** A time as the model has it; undefined if there is none, or none that can be read. */
export function isoTime(time: Date | undefined): string | undefined {
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** An empty element (`<VPCId/>`) says as little as a missing one. */
export function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
