import { managersOf } from './managers.js';
import type { LoadBalancer } from './model.js';
import { nameSome } from './name-some.js';
import { policyNamesOfKind } from './policy.js';
import { sortedHazards } from './sorted-hazards.js';
import { instancePortStatus, isForwarding } from './status.js';

/** A `blocker` stops `enable` unless it is forced; a `warning` and a `note` are only said. */
export type HazardLevel = 'blocker' | 'warning' | 'note';

/** Every hazard code, with its level. Codes are stable: scripts and `--force` name them. */
export const hazardLevels = {
  'http-listener': 'blocker',
  'mixed-listeners': 'blocker',
  'ssl-backend': 'blocker',
  'http-health-check': 'blocker',
  'backend-rejects-proxy': 'blocker',
  'backend-requires-proxy': 'blocker',
  'backend-inconclusive': 'warning',
  'ssl-health-check': 'warning',
  'unknown-health-check': 'warning',
  'shared-instance-port': 'warning',
  'managed-elsewhere': 'warning',
  'no-healthy-instance': 'warning',
  'tcp-health-check': 'note',
  'stale-port': 'note',
  'several-proxy-policies': 'note',
  'contradicting-policy': 'note',
  'unknown-instance-health': 'note',
  'unknown-tags': 'note',
  'long-connections': 'note',
} as const satisfies Record<string, HazardLevel>;

/** A hazard's stable code. */
export type HazardCode = keyof typeof hazardLevels;

/** Something to know before a change: what happens, and what to do about it. */
export interface Hazard {
  readonly code: HazardCode;
  readonly level: HazardLevel;
  /** Absent for what concerns the whole load balancer. */
  readonly instancePort?: number | undefined;
  /** One line: what happens. */
  readonly message: string;
  /** One line: what to do. */
  readonly advice: string;
}

/** What the hazards are wanted for. */
export interface HazardQuestion {
  /**
   * `on` and `off`: the PROXY line is about to be switched on or off somewhere among the ports. `status`: nothing is
   * about to change; the hazards are those that `enable` would meet.
   */
  readonly purpose: 'on' | 'off' | 'status';
  readonly instancePorts: readonly number[];
  /** Whether instances' health and tags were asked for, so that an absent answer means "not known". */
  readonly asked: boolean;
}

/** The hazards that only matter to a port that is to send the PROXY line. */
const onlyWhenEnabling: ReadonlySet<HazardCode> = new Set([
  'http-listener',
  'mixed-listeners',
  'ssl-backend',
  'http-health-check',
  'ssl-health-check',
  'unknown-health-check',
]);

/** The hazards of some instance ports of a load balancer, worst first, then by port. */
export function hazards(loadBalancer: LoadBalancer, question: HazardQuestion): readonly Hazard[] {
  const found = [
    ...question.instancePorts.flatMap((port) => [
      ...listenerHazards(loadBalancer, port),
      ...healthCheckHazards(loadBalancer, port),
      ...policyHazards(loadBalancer, port),
    ]),
    ...unknownHealthCheck(loadBalancer),
    ...managementHazards(loadBalancer, question.asked),
    ...instanceHazards(loadBalancer, question.asked),
    ...(question.purpose === 'status' ? [] : [longConnections]),
  ];
  const relevant =
    question.purpose === 'off' ? found.filter(({ code }) => !onlyWhenEnabling.has(code)) : found;
  return sortedHazards(relevant);
}

function hazard(code: HazardCode, instancePort: number | undefined, message: string, advice: string): Hazard {
  return {
    code,
    level: hazardLevels[code],
    ...(instancePort === undefined ? {} : { instancePort }),
    message,
    advice,
  };
}

function listenerHazards(loadBalancer: LoadBalancer, port: number): readonly Hazard[] {
  const listeners = loadBalancer.listeners.filter(({ instancePort }) => instancePort === port);
  const found: Hazard[] = [];
  const named = listeners
    .map(({ protocol, loadBalancerPort }) => `${protocol} ${loadBalancerPort}`)
    .join(', ');
  const forwarding = listeners.filter(isForwarding);
  if (listeners.length > 0 && forwarding.length === 0) {
    found.push(
      hazard(
        'http-listener',
        port,
        `instance port ${port} is served by ${named}: requests get X-Forwarded-For, not a PROXY line`,
        'read X-Forwarded-For in the backend, or replace the listener by a TCP or SSL one',
      ),
    );
  } else if (forwarding.length < listeners.length) {
    found.push(
      hazard(
        'mixed-listeners',
        port,
        `instance port ${port} is shared by ${named}: only connections through TCP and SSL listeners would carry a PROXY line`,
        'give the HTTP or HTTPS listener an instance port of its own',
      ),
    );
  }
  if (
    listeners.some(
      ({ protocol, instanceProtocol }) => isForwarding({ protocol }) && instanceProtocol === 'SSL',
    )
  ) {
    found.push(
      hazard(
        'ssl-backend',
        port,
        `the load balancer speaks SSL to instance port ${port}: documented as unsupported, the line has been seen inside the TLS stream`,
        'use instance protocol TCP: pass TLS through with a TCP listener, or end it at the load balancer',
      ),
    );
  }
  if (listeners.length > 1) {
    found.push(
      hazard(
        'shared-instance-port',
        port,
        `${listeners.length} listeners forward to instance port ${port} (${named}): all change at once`,
        'make sure that clients of each of them are ready, or give each an instance port of its own',
      ),
    );
  }
  return found;
}

function healthCheckHazards(loadBalancer: LoadBalancer, port: number): readonly Hazard[] {
  const target = loadBalancer.healthCheck?.target ?? '';
  const [, protocol = '', targetPort] = /^([A-Za-z]+):(\d+)/.exec(target) ?? [];
  if (Number(targetPort) !== port) return [];
  switch (protocol.toUpperCase()) {
    case 'HTTP':
    case 'HTTPS':
      return [
        hazard(
          'http-health-check',
          port,
          `the health check ${target} carries no PROXY line: a backend that requires one fails it and goes OutOfService (an Auto Scaling group with ELB health checks then replaces it)`,
          'point the health check at a port without the PROXY protocol, or use a TCP check, before the change',
        ),
      ];
    case 'SSL':
      return [
        hazard(
          'ssl-health-check',
          port,
          `nobody has published whether the health check ${target} carries a PROXY line`,
          'watch the instances after the change, or point the health check at a port without the PROXY protocol',
        ),
      ];
    default:
      return [
        hazard(
          'tcp-health-check',
          port,
          `the health check ${target} stays healthy while every request fails`,
          'check a real request through the load balancer after the change',
        ),
      ];
  }
}

function unknownHealthCheck(loadBalancer: LoadBalancer): readonly Hazard[] {
  if (loadBalancer.healthCheck !== undefined) return [];
  return [
    hazard(
      'unknown-health-check',
      undefined,
      'the service did not say what the health check is: whether it breaks is not known',
      'find out what checks the instances before the change',
    ),
  ];
}

function policyHazards(loadBalancer: LoadBalancer, port: number): readonly Hazard[] {
  const status = instancePortStatus(loadBalancer, port);
  const off = policyNamesOfKind(loadBalancer.policies, 'off').filter((name) =>
    status.policyNames.includes(name),
  );
  const found: Hazard[] = [];
  if (
    status.policyNames.length > 0 &&
    !loadBalancer.listeners.some(({ instancePort }) => instancePort === port)
  ) {
    found.push(
      hazard(
        'stale-port',
        port,
        `instance port ${port} has policies but no listener: a future listener on it would start with them`,
        `take the policies off if nothing is planned for the port`,
      ),
    );
  }
  if (status.proxyPolicyNames.length > 1) {
    found.push(
      hazard(
        'several-proxy-policies',
        port,
        `instance port ${port} has more than one PROXY policy: ${nameSome(status.proxyPolicyNames)}`,
        'one is enough: disable takes all of them off, enable puts one back',
      ),
    );
  }
  if (off.length > 0) {
    found.push(
      hazard(
        'contradicting-policy',
        port,
        `instance port ${port} has a policy that says ProxyProtocol=false: ${nameSome(off)}`,
        'enable takes it off the port; the policy itself stays on the load balancer',
      ),
    );
  }
  return found;
}

function managementHazards(loadBalancer: LoadBalancer, asked: boolean): readonly Hazard[] {
  const managed = managersOf(loadBalancer).map(({ manager, evidence, where }) =>
    hazard(
      'managed-elsewhere',
      undefined,
      `${manager} seems to manage this load balancer (${evidence}): it may revert or overwrite the change`,
      where,
    ),
  );
  if (loadBalancer.tags !== undefined || !asked) return managed;
  return [
    ...managed,
    hazard(
      'unknown-tags',
      undefined,
      'the tags could not be read: whether Kubernetes, CloudFormation, Elastic Beanstalk or Terraform manages this load balancer is not known',
      'allow elasticloadbalancing:DescribeTags, or ask whoever made the load balancer',
    ),
  ];
}

function instanceHazards(loadBalancer: LoadBalancer, asked: boolean): readonly Hazard[] {
  const states = loadBalancer.instanceStates;
  if (states === undefined) {
    if (!asked) return [];
    return [
      hazard(
        'unknown-instance-health',
        undefined,
        "the instances' health could not be read: whether any serves traffic is not known",
        'allow elasticloadbalancing:DescribeInstanceHealth',
      ),
    ];
  }
  if (states.some(({ state }) => state === 'InService')) return [];
  return [
    hazard(
      'no-healthy-instance',
      undefined,
      `${states.length === 0 ? 'no instance is registered' : `${states.length === 1 ? 'the one instance is not' : `none of the ${states.length} instances is`} InService`}: nothing can be verified through the load balancer`,
      'bring an instance into service first, or check the backend directly',
    ),
  ];
}

const longConnections = hazard(
  'long-connections',
  undefined,
  'connections that are open now keep their state: the line is sent only when a backend connection starts',
  'let long connections end, or restart the backend, to have all of them changed',
);
