import {
  cannotSendHeader,
  datagrams,
  listenersOfGroup,
  networkListenerName,
  streams,
  targetPorts,
} from '../../network/group-status.js';
import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../../network-load-balancer.js';
import { type HazardLevel, hazardsWith, type NetworkHazardQuestion } from '../hazard.js';

/** Hazards of a target group's traffic. */
export const groupTrafficLevels = {
  'target-group-unsupported': 'blocker',
  'unknown-target-group': 'warning',
  'shared-target-group': 'warning',
  'speaks-first': 'warning',
  'udp-target-group': 'warning',
  'client-ip-preserved': 'note',
  'no-load-balancer': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(groupTrafficLevels);

/** The advice for a server that speaks before its client. */
export const speaksFirstAdvice =
  'ask AWS support for the header in the first acknowledgement (proxy_protocol_v2.client_to_server.header_placement), or leave it off';

type GroupTrafficHazard = ReturnType<typeof hazard>;

/** Hazards that follow from a group's listeners, protocol and targets. */
export function groupTrafficHazards(
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
  { purpose }: Pick<NetworkHazardQuestion, 'purpose'>,
): readonly GroupTrafficHazard[] {
  const listeners = listenersOfGroup(loadBalancer, group.arn);
  return [
    ...unknown(group, listeners),
    ...(purpose === 'off'
      ? []
      : [
          ...unsupported(group),
          ...datagram(group),
          ...preserved(loadBalancer, group),
          ...speaksFirst(group, listeners ?? []),
        ]),
    ...shared(group, listeners ?? []),
    ...alone(group),
  ];
}

function unknown(
  { name, missing = [] }: TargetGroup,
  listeners: readonly NetworkListener[] | undefined,
): readonly GroupTrafficHazard[] {
  const fields = [
    ...missing.map(({ field }) => field.replace('TargetGroups[].', '')),
    ...(listeners === undefined ? ['its listeners'] : []),
  ];
  if (fields.length === 0) return [];
  return [
    hazard(
      'unknown-target-group',
      name,
      `the service left ${fields.join(', ')} out for target group ${name}, so what they would warn of is not known`,
      'look at the target group in the console or with the AWS CLI before the change',
    ),
  ];
}

function unsupported(group: TargetGroup): readonly GroupTrafficHazard[] {
  const what = cannotSendHeader(group);
  if (what === undefined) return [];
  const { name, targetType } = group;
  return [
    hazard(
      'target-group-unsupported',
      name,
      `target group ${name} has ${what}, which can't send the PROXY protocol`,
      targetType === 'alb'
        ? 'read X-Forwarded-For behind the Application Load Balancer'
        : 'use a target group of protocol TCP or TLS with instances or addresses',
    ),
  ];
}

function datagram({ name, protocol }: TargetGroup): readonly GroupTrafficHazard[] {
  if (!datagrams.has(protocol)) return [];
  return [
    hazard(
      'udp-target-group',
      name,
      `target group ${name} has protocol ${protocol}: few servers take a header in datagrams (nginx and Envoy refuse it), and AWS does not publish which datagram carries it`,
      'make sure that the targets read it, or give UDP its own target group',
    ),
  ];
}

/** The service's default: off for addresses with TCP or TLS, else on (and it can't be off for UDP). */
function preserved(
  { ipAddressType }: NetworkLoadBalancer,
  { name, attributes, protocol, targetType, ipAddressType: family }: TargetGroup,
): readonly GroupTrafficHazard[] {
  if (attributes === undefined || targetType === undefined || !['instance', 'ip'].includes(targetType))
    return [];
  const value = attributes['preserve_client_ip.enabled'];
  const byDefault = targetType === 'instance' || !streams.has(protocol);
  const on = value === undefined ? byDefault : value.toLowerCase() === 'true';
  // Clients of the other address family appear with the load balancer's address, so for them the header adds something.
  if (!on || (ipAddressType?.startsWith('dualstack') ?? false) || family === 'ipv6') return [];
  const evidence = `preserve_client_ip.enabled is ${value === undefined ? 'true by default' : value}`;
  return [
    hazard(
      'client-ip-preserved',
      name,
      `the targets of ${name} see the client's own address already (${evidence}): the header adds nothing, except for clients through PrivateLink`,
      'leave the header off unless PrivateLink needs it',
    ),
  ];
}

/** Protocols whose server greets first, by their usual ports. */
const greeting: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  25: 'SMTP',
  110: 'POP3',
  119: 'NNTP',
  143: 'IMAP',
  587: 'SMTP',
  2525: 'SMTP',
  3306: 'MySQL',
  4190: 'ManageSieve',
  5900: 'VNC',
};

/** The same inside TLS: where the load balancer ends it, the greeting comes first again. */
const greetingInTls: Readonly<Record<number, string>> = {
  465: 'SMTP',
  563: 'NNTP',
  990: 'FTP',
  993: 'IMAP',
  995: 'POP3',
};

function speaksFirst(
  group: TargetGroup,
  listeners: readonly NetworkListener[],
): readonly GroupTrafficHazard[] {
  const found = [
    ...listeners.flatMap((listener) => {
      const ended = listener.protocol === 'TLS' && group.protocol !== 'TLS';
      const what = greeting[listener.port] ?? (ended ? greetingInTls[listener.port] : undefined);
      return what === undefined ? [] : [{ what, where: `listener ${networkListenerName(listener)}` }];
    }),
    ...targetPorts(group).flatMap((port) => {
      const what = greeting[port];
      return what === undefined ? [] : [{ what, where: `target port ${port}` }];
    }),
  ];
  const [first] = found;
  if (first === undefined) return [];
  return [
    hazard(
      'speaks-first',
      group.name,
      `${first.what} (${found.map(({ where }) => where).join(', ')}) waits for the server's greeting: by default the header comes with the client's first bytes, so both sides would wait for each other`,
      speaksFirstAdvice,
    ),
  ];
}

function shared(group: TargetGroup, listeners: readonly NetworkListener[]): readonly GroupTrafficHazard[] {
  if (listeners.length < 2) return [];
  return [
    hazard(
      'shared-target-group',
      group.name,
      `${listeners.length} listeners forward to target group ${group.name} (${listeners.map(networkListenerName).join(', ')}): all change at once`,
      'make sure that the targets are ready for each of them, or give each its own target group',
    ),
  ];
}

function alone({ name, loadBalancerArns }: TargetGroup): readonly GroupTrafficHazard[] {
  if (loadBalancerArns === undefined || loadBalancerArns.length > 0) return [];
  return [
    hazard(
      'no-load-balancer',
      name,
      `target group ${name} is on no load balancer: it can be switched, but that has no effect on traffic`,
      'verify it once a listener forwards to it',
    ),
  ];
}
