import type { AffectedListener } from '../../core/plan.js';
import { type Style, symbols } from '../style.js';

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
    const target =
      index === 0
        ? `${port} ${listener.instanceProtocol}`
        : protocols.size === 1
          ? ''
          : `${' '.repeat(port.length)} ${listener.instanceProtocol}`;
    return `${listenerName(listener).padEnd(column)} ${stroke(index, sorted.length, style)} ${target}`.trimEnd();
  });
}

/** A place that connections go to, and the listeners that lead there. */
export interface Way {
  readonly place: string;
  /** `TLS 443`, by port; undefined if they are not known. */
  readonly listeners: readonly string[] | undefined;
}

/** The paths listener → place, one picture each: `TLS 443 ──→ web-tls TCP 8443`; several listeners of a place join. */
export function waysTo(ways: readonly Way[], style: Style): readonly (readonly string[])[] {
  const { way } = symbols(style);
  const left = ({ listeners }: Way): readonly string[] =>
    listeners === undefined ? ['listeners not known'] : listeners.length === 0 ? [noListener] : listeners;
  const column = Math.max(0, ...ways.flatMap((one) => left(one).map((text) => text.length)));
  return ways.map((one) => {
    const names = left(one);
    if (one.listeners === undefined || one.listeners.length === 0)
      return names.map((name) => `${name.padEnd(column)} ${' '.repeat(way.only.length)} ${one.place}`);
    return names.map((name, index) =>
      `${name.padEnd(column)} ${stroke(index, names.length, style)} ${index === 0 ? one.place : ''}`.trimEnd(),
    );
  });
}

/** The stroke behind one of the listeners that lead to a place. */
function stroke(index: number, count: number, style: Style): string {
  const { way } = symbols(style);
  if (count === 1) return way.only;
  if (index === 0) return way.first;
  return index === count - 1 ? way.last : way.middle;
}

const noListener = 'no listener';

/** `TCP 443`: the protocol and port that clients connect to. */
export function listenerName(listener: Pick<AffectedListener, 'protocol' | 'loadBalancerPort'>): string {
  return `${listener.protocol} ${listener.loadBalancerPort}`;
}

/** The width of the left side of these instance ports' pictures. */
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
