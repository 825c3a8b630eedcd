import type { Hazard } from '../../core/hazards.js';
import type { GroupProxyState } from '../../core/network/group-status.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { type PlaceChoice, placeChoice } from './port-choice.js';

/** A target group to be ticked. */
export interface GroupFacts {
  /** The number to type for it if nothing can be ticked. */
  readonly number: number;
  readonly name: string;
  /** `TCP 8443`. */
  readonly speaks: string;
  /** `TCP 443`. */
  readonly listeners: readonly string[];
  /** Undefined if it is not known. */
  readonly state: GroupProxyState | undefined;
  readonly hazards: readonly Hazard[];
  /** The reason why there is nothing to choose. */
  readonly remark?: string | undefined;
}

/** Target groups as choices: number, name, listeners and protocol, whether the header is sent now, what is against it. */
export function groupChoices(groups: readonly GroupFacts[], style: Style): readonly PlaceChoice[] {
  const shown = printable(groups);
  const { arrow } = symbols(style);
  const ways = shown.map(
    ({ listeners, speaks }) =>
      `${listeners.length === 0 ? 'no listener' : listeners.join(', ')} ${arrow} ${speaks}`,
  );
  const widest = Math.max(...shown.map(({ name }) => name.length));
  const column = Math.max(...ways.map((way) => way.length));
  return shown.map(({ number, name, state, hazards, remark }, index) => {
    const words = state === undefined ? 'PROXY not known' : `PROXY ${state === 'enabled' ? 'on' : 'off'}`;
    const facts = `${String(number).padEnd(3)} ${name.padEnd(widest)}  ${(ways[index] ?? '').padEnd(column)}  ${words}`;
    return placeChoice(facts, { hazards, remark }, 4, style);
  });
}
