import { choosePorts } from '../../core/choose-ports.js';
import type { LoadBalancer } from '../../core/model.js';
import { nameSome } from '../../core/name-some.js';
import { networkNotKnownOf } from '../../core/network/network-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { type InstancePortStatus, instancePortStatuses, notKnownOf } from '../../core/status.js';
import { usageError } from '../../errors.js';
import { portNumber } from '../quantities.js';

/** The state that `status --expect` wants ports and target groups to be in. */
export interface Expectation {
  readonly state: string;
  /** None: every port. */
  readonly ports: readonly number[];
  /** Names or ARNs; none: every target group. */
  readonly targetGroups: readonly string[];
}

/** `--expect` and its options; undefined if nothing is expected. */
export function expectationOf({
  expect: state,
  port,
  'target-group': targetGroups,
}: {
  readonly expect: string | undefined;
  readonly port: readonly string[];
  readonly 'target-group': readonly string[];
}): Expectation | undefined {
  const ports = port.map((value) => portNumber('--port', value));
  if (ports.length > 0 && targetGroups.length > 0)
    throw usageError(
      '--port and --target-group are both given',
      'a Classic Load Balancer has instance ports, a Network one has target groups: check one kind at a time',
    );
  if (state !== undefined) return { state, ports, targetGroups };
  for (const [option, given] of [
    ['--port', ports],
    ['--target-group', targetGroups],
  ] as const)
    if (given.length > 0)
      throw usageError(
        `${option} only works with --expect`,
        `status shows every ${option === '--port' ? 'port' : 'target group'}: leave ${option} out`,
      );
  return undefined;
}

/** If the number is one of the load balancer's own ports, the port that was probably meant. */
function meant(loadBalancer: LoadBalancer, port: number): string {
  const chosen = choosePorts(loadBalancer, [port]);
  const [target] = 'wrong' in chosen ? chosen.wrong.forwardsTo : [];
  return target === undefined ? '' : ` (its load balancer port ${port} forwards to instance port ${target})`;
}

/** A load balancer's unmet expectations, one line for each port; `kept` chooses the ports that were asked for. */
export function unmetPorts(
  loadBalancer: LoadBalancer,
  { state, ports }: Expectation,
  kept: (port: InstancePortStatus) => boolean,
): readonly string[] {
  const statuses = instancePortStatuses(loadBalancer).filter(kept);
  const notKnown = notKnownOf(loadBalancer);
  const unknown = (notKnown?.instancePorts ?? []).filter(
    (port) => ports.length === 0 || ports.includes(port),
  );
  const missing = ports.filter(
    (port) => !unknown.includes(port) && !statuses.some(({ instancePort }) => instancePort === port),
  );
  const wrong = statuses.filter(
    ({ instancePort, proxyProtocol }) =>
      (ports.length === 0 || ports.includes(instancePort)) && proxyProtocol !== state,
  );
  const left = `the service left ${nameSome(notKnown?.fields ?? [])} out of its answers`;
  // The omitted part may be a port, even one that was asked for by number.
  const unsure = notKnown !== undefined && unknown.length === 0 && (ports.length === 0 || missing.length > 0);
  return [
    ...unknown.map((port) => `${loadBalancer.name} instance port ${port} is not known: ${left}`),
    ...(unsure ? [`${loadBalancer.name}: ${left}, so not all of its ports are known`] : []),
    ...missing.map((port) => `${loadBalancer.name} has no instance port ${port}${meant(loadBalancer, port)}`),
    ...wrong.map(
      ({ instancePort, proxyProtocol }) =>
        `${loadBalancer.name} instance port ${instancePort} is ${proxyProtocol}`,
    ),
  ];
}

/** The same of a Network Load Balancer's target groups; `kept` were asked for, and their state is known. */
export function unmetGroups(
  loadBalancer: NetworkLoadBalancer,
  { state, targetGroups: wanted }: Expectation,
  kept: readonly { readonly name: string; readonly arn: string; readonly proxyProtocol: string }[],
): readonly string[] {
  const { name: of, targetGroups = [] } = loadBalancer;
  const isWanted = (group: { readonly name: string; readonly arn: string }): boolean =>
    wanted.length === 0 || wanted.includes(group.name) || wanted.includes(group.arn);
  const notKnown = networkNotKnownOf(loadBalancer);
  const unknown = targetGroups.filter(
    (group) => isWanted(group) && notKnown?.targetGroups.includes(group.name) === true,
  );
  const missing = wanted.filter((one) => !targetGroups.some(({ name, arn }) => name === one || arn === one));
  const left = `the service left ${nameSome(notKnown?.fields ?? [])} out of its answers`;
  // The omitted part may be a group.
  const unsure =
    loadBalancer.targetGroups === undefined || (loadBalancer.missing?.length ?? 0) > 0
      ? [`${of}: ${left}, so not all of its target groups are known`]
      : [];
  return [
    ...unknown.map(({ name }) => {
      const value = notKnown?.values?.find(({ targetGroup }) => targetGroup === name)?.value;
      const why = value === undefined ? left : `its attribute is "${value}"`;
      return `${of} target group ${name} is not known: ${why}`;
    }),
    ...unsure,
    ...missing.map((one) => `${of} has no target group ${one}`),
    ...kept
      .filter((group) => isWanted(group) && group.proxyProtocol !== state)
      .map(({ name, proxyProtocol }) => `${of} target group ${name} is ${proxyProtocol}`),
  ];
}
