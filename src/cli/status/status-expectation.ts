import { choosePorts } from '../../core/choose-ports.js';
import type { LoadBalancer } from '../../core/model.js';
import { nameSome } from '../../core/name-some.js';
import { type InstancePortStatus, instancePortStatuses, notKnownOf } from '../../core/status.js';
import { usageError } from '../../errors.js';
import { portNumber } from '../quantities.js';

/** The state that `status --expect` wants its ports to be in. */
export interface Expectation {
  readonly state: string;
  /** None: every port. */
  readonly ports: readonly number[];
}

/** `--expect` and the `--port` that goes with it; undefined where nothing is expected. */
export function expectationOf({
  expect: state,
  port,
}: {
  readonly expect: string | undefined;
  readonly port: readonly string[];
}): Expectation | undefined {
  const ports = port.map((value) => portNumber('--port', value));
  if (state !== undefined) return { state, ports };
  if (ports.length > 0)
    throw usageError('--port goes with --expect', 'status shows every port: leave --port out');
  return undefined;
}

/** Where the number is one of the load balancer's own ports, what was probably meant. */
function meant(loadBalancer: LoadBalancer, port: number): string {
  const chosen = choosePorts(loadBalancer, [port]);
  const [target] = 'wrong' in chosen ? chosen.wrong.forwardsTo : [];
  return target === undefined ? '' : ` (its load balancer port ${port} forwards to instance port ${target})`;
}

/**
 * What of a load balancer is not as expected, one line for each port.
 *
 * @param kept whether a port is among those that were asked for
 */
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
  // What was left out may be a port, and of one that was asked for by number there may be no sign.
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
