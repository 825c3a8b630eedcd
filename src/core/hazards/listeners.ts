import type { Listener, LoadBalancer } from '../model.js';
import { isForwarding } from '../status.js';
import { type HazardLevel, type HazardQuestion, hazardsWith } from './hazard.js';

/** Hazards of the listeners that forward to a port. */
export const listenerLevels = {
  'http-listener': 'blocker',
  'mixed-listeners': 'blocker',
  'ssl-backend': 'blocker',
  'shared-instance-port': 'warning',
  'also-a-listener': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(listenerLevels);

type ListenerHazard = ReturnType<typeof hazard>;

/** Hazards that follow from the listeners of the ports in question. */
export function listenerHazards(
  loadBalancer: LoadBalancer,
  { instancePorts, purpose }: HazardQuestion,
): readonly ListenerHazard[] {
  return instancePorts.flatMap((port) => [
    ...ofPort(loadBalancer, port, purpose),
    ...(purpose === 'status' ? [] : alsoListener(loadBalancer, port, instancePorts)),
  ]);
}

/** If a number is both, the other port may have been meant; not if both ports are changed. */
function alsoListener(
  { listeners }: LoadBalancer,
  port: number,
  changed: readonly number[],
): readonly ListenerHazard[] {
  const listener = listeners.find(({ loadBalancerPort }) => loadBalancerPort === port);
  if (listener === undefined || changed.includes(listener.instancePort)) return [];
  return [
    hazard(
      'also-a-listener',
      port,
      `${port} is also a listener of this load balancer; it forwards to ${listener.instancePort}`,
      `--port names instance ports: if that listener was meant, use --port ${listener.instancePort}`,
    ),
  ];
}

function ofPort(
  { listeners: all }: LoadBalancer,
  port: number,
  purpose: HazardQuestion['purpose'],
): readonly ListenerHazard[] {
  const listeners = all.filter(({ instancePort }) => instancePort === port);
  const found: ListenerHazard[] = [];
  const named = listeners
    .map(({ protocol, loadBalancerPort }) => `${protocol} ${loadBalancerPort}`)
    .join(', ');
  if (purpose !== 'off') found.push(...againstSending(listeners, port, named));
  if (listeners.length > 1) {
    found.push(
      hazard(
        'shared-instance-port',
        port,
        `${listeners.length} listeners forward to instance port ${port} (${named}): all change at once`,
        'make sure that the clients of all of them are ready, or give each its own instance port',
      ),
    );
  }
  return found;
}

/** Why a connection would arrive without the line, or with an unreadable one. */
function againstSending(
  listeners: readonly Listener[],
  port: number,
  named: string,
): readonly ListenerHazard[] {
  const found: ListenerHazard[] = [];
  const forwarding = listeners.filter(isForwarding);
  if (listeners.length > 0 && forwarding.length === 0) {
    found.push(
      hazard(
        'http-listener',
        port,
        `instance port ${port} is served by ${named}: requests get X-Forwarded-For, not a PROXY line`,
        'read X-Forwarded-For in the backend, or replace the listener with a TCP or SSL one',
      ),
    );
  } else if (forwarding.length < listeners.length) {
    found.push(
      hazard(
        'mixed-listeners',
        port,
        `instance port ${port} is shared by ${named}: only connections through TCP and SSL listeners would carry a PROXY line`,
        'give the HTTP or HTTPS listener its own instance port',
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
        'use instance protocol TCP: pass TLS through with a TCP listener, or terminate it at the load balancer',
      ),
    );
  }
  return found;
}
