import type { AffectedListener } from '../../core/plan.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';

/**
 * The path listener → instance port: `TCP 443 ──→ 8443 TCP`; several listeners of one port join. The protocol behind
 * the port is the one that the load balancer speaks to the instances; it is said again where a listener's differs.
 *
 * @param listeners those that forward to `instancePort`; none draws a port that nothing leads to
 * @param column width of the left side, so that several pictures line up
 */
export function listenerPicture(
  instancePort: number,
  listeners: readonly AffectedListener[],
  style: Style,
  column: number,
): readonly string[] {
  const { way } = symbols(style);
  if (listeners.length === 0)
    return [`${noListener.padEnd(column)} ${' '.repeat(way.only.length)} ${instancePort}`];
  const sorted = listeners.toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort);
  const protocols = new Set(sorted.map(({ instanceProtocol }) => instanceProtocol));
  const port = String(instancePort);
  return sorted.map((listener, index) => {
    const stroke =
      sorted.length === 1
        ? way.only
        : index === 0
          ? way.first
          : index === sorted.length - 1
            ? way.last
            : way.middle;
    const target =
      index === 0
        ? `${port} ${listener.instanceProtocol}`
        : protocols.size === 1
          ? ''
          : `${' '.repeat(port.length)} ${listener.instanceProtocol}`;
    return `${listenerName(listener).padEnd(column)} ${stroke} ${target}`.trimEnd();
  });
}

/** Several listeners' way to one place: `TCP 443 ──→ target group web`. */
export function picturedListeners(
  listeners: readonly string[],
  place: string,
  style: Style,
): readonly string[] {
  const { way } = symbols(style);
  if (listeners.length === 0) return [`${noListener} ${' '.repeat(way.only.length)} ${place}`];
  const column = Math.max(...listeners.map(({ length }) => length));
  return listeners.map((listener, index) => {
    const stroke =
      listeners.length === 1
        ? way.only
        : index === 0
          ? way.first
          : index === listeners.length - 1
            ? way.last
            : way.middle;
    return `${listener.padEnd(column)} ${stroke} ${index === 0 ? place : ''}`.trimEnd();
  });
}

const noListener = 'no listener';

/** `TCP 443`: the protocol and port that clients connect to. */
export function listenerName(listener: Pick<AffectedListener, 'protocol' | 'loadBalancerPort'>): string {
  return `${listener.protocol} ${listener.loadBalancerPort}`;
}

/** How wide the left side of these instance ports' pictures is. */
export function pictureColumn(
  instancePorts: readonly number[],
  listeners: readonly AffectedListener[],
): number {
  const stale = instancePorts.some((port) => !listeners.some(({ instancePort }) => instancePort === port));
  return Math.max(
    stale ? noListener.length : 0,
    ...listeners.map((listener) => listenerName(listener).length),
  );
}
