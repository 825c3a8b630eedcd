import type { Hazard } from '../../core/hazards.js';
import type { Listener } from '../../core/model.js';
import type { ProxyProtocolState } from '../../core/status.js';
import { printable } from '../printable.js';
import { stringWidth } from '../string-width.js';
import { type Style, symbols } from '../style.js';
import { listenerName } from './listener-picture.js';
import { paragraph } from './paragraph.js';

/** An instance port to be ticked, of one load balancer or of several. */
export interface PortFacts {
  readonly instancePort: number;
  readonly listeners: readonly Pick<Listener, 'protocol' | 'loadBalancerPort' | 'instanceProtocol'>[];
  /** On each load balancer that has the port. */
  readonly states: readonly ProxyProtocolState[];
  readonly hazards: readonly Hazard[];
  /** The reason why there is nothing to choose. */
  readonly remark?: string | undefined;
}

/** A place to be ticked; the description is shown while the cursor is on it. */
export interface PlaceChoice {
  readonly name: string;
  readonly description?: string;
}

/** The widest names of listeners for which the state still gets its own column. */
const mostListenerColumns = 28;

/** Columns of an instance port and the gap behind it. */
const portColumns = 7;

/** Instance ports as choices: port, listeners, the protocol behind them, whether PROXY is on, what is against it. */
export function portChoices(ports: readonly PortFacts[], style: Style): readonly PlaceChoice[] {
  const shown = printable(ports);
  const ways = shown.map(({ listeners }) => wayOf(listeners, style));
  const column = Math.min(mostListenerColumns, Math.max(...ways.map((way) => way.length)));
  return shown.map(({ instancePort, states, hazards, remark }, index) => {
    const way = (ways[index] ?? '').padEnd(column);
    const facts = `${String(instancePort).padEnd(portColumns)}${way}  ${stateWords(states)}`;
    return placeChoice(facts, { hazards, remark }, portColumns, style);
  });
}

/** A place as a choice: its facts, and what is against it, if need be on more lines behind so many columns. */
export function placeChoice(
  facts: string,
  { hazards, remark }: Pick<PortFacts, 'hazards' | 'remark'>,
  hanging: number,
  style: Style,
): PlaceChoice {
  const found = [...(remark === undefined ? [] : [`(${remark})`]), ...hazardWords(hazards, style)];
  const whole = (found.length === 0 ? facts : `${facts}  ${found.join('; ')}`).trimEnd();
  const lines =
    stringWidth(whole) <= style.width
      ? [whole]
      : [
          ...paragraph(facts, style, { hanging }),
          ...found.flatMap((text) => paragraph(text, style, { indent: hanging, hanging: 2 })),
        ];
  return {
    name: lines.map((line) => line.trimEnd()).join('\n'),
    ...(hazards.length === 0 ? {} : { description: describeHazards(hazards, style) }),
  };
}

/** `TCP 443 → TCP`: where clients connect, and what the load balancer speaks to the instances. */
function wayOf(listeners: PortFacts['listeners'], style: Style): string {
  if (listeners.length === 0) return 'no listener';
  const { arrow } = symbols(style);
  const byProtocol = new Map<string, string[]>();
  for (const listener of listeners) {
    const names = byProtocol.get(listener.instanceProtocol) ?? [];
    const name = listenerName(listener);
    byProtocol.set(listener.instanceProtocol, names.includes(name) ? names : [...names, name]);
  }
  return [...byProtocol].map(([protocol, names]) => `${names.join(', ')} ${arrow} ${protocol}`).join(', ');
}

const words = { enabled: 'PROXY on', disabled: 'PROXY off', conflicting: 'PROXY conflicting' } as const;

/** The state; of load balancers that differ, how many are in which. */
function stateWords(states: readonly ProxyProtocolState[]): string {
  const kinds = (['enabled', 'disabled', 'conflicting'] as const)
    .map((state) => ({ state, count: states.filter((one) => one === state).length }))
    .filter(({ count }) => count > 0);
  return kinds
    .map(({ state, count }) =>
      (kinds.length === 1 ? words[state] : `${words[state]} (${count} of ${states.length})`).padEnd(9),
    )
    .join(', ');
}

/** `blocker: http-listener, http-health-check` and `warning: shared-instance-port`. */
function hazardWords(hazards: readonly Hazard[], { colour }: Style): readonly string[] {
  return (['blocker', 'warning'] as const)
    .map((level) => ({
      level,
      codes: [...new Set(hazards.filter((hazard) => hazard.level === level).map(({ code }) => code))],
    }))
    .filter(({ codes }) => codes.length > 0)
    .map(({ level, codes }) =>
      (level === 'blocker' ? colour.red : colour.yellow)(`${level}: ${codes.join(', ')}`),
    );
}

/** The hazards' messages, for the choice that the cursor is on. */
function describeHazards(hazards: readonly Hazard[], style: Style): string {
  const messages = [...new Set(hazards.map(({ message }) => message))];
  return messages.flatMap((message) => paragraph(message, style, { indent: 2 })).join('\n');
}
