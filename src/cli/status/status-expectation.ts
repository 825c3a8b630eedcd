import { choosePorts } from '../../core/choose-ports.js';
import type { LoadBalancer } from '../../core/model.js';
import { type InstancePortStatus, instancePortStatuses } from '../../core/status.js';
import { usageError } from '../../errors.js';
import type { Given } from '../define.js';
import { portNumber } from '../options.js';

/** The state that `status --expect` wants its ports to be in. */
export interface Expectation {
  readonly state: string;
  /** None: every port. */
  readonly ports: readonly number[];
}

/** `--expect` and the `--port` that goes with it; undefined where nothing is expected. */
export function expectationOf(given: Given): Expectation | undefined {
  const state = given.text('expect');
  const ports = given.texts('port').map((value) => portNumber('--port', value));
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
export function misses(
  loadBalancer: LoadBalancer,
  { state, ports }: Expectation,
  kept: (port: InstancePortStatus) => boolean,
): readonly string[] {
  const statuses = instancePortStatuses(loadBalancer).filter(kept);
  const missing = ports.filter((port) => !statuses.some(({ instancePort }) => instancePort === port));
  const wrong = statuses.filter(
    ({ instancePort, proxyProtocol }) =>
      (ports.length === 0 || ports.includes(instancePort)) && proxyProtocol !== state,
  );
  return [
    ...missing.map((port) => `${loadBalancer.name} has no instance port ${port}${meant(loadBalancer, port)}`),
    ...wrong.map(
      ({ instancePort, proxyProtocol }) =>
        `${loadBalancer.name} instance port ${instancePort} is ${proxyProtocol}`,
    ),
  ];
}
