import type { Hazard } from '../../core/hazards.js';
import type { GroupProxyState } from '../../core/network/group-status.js';
import { printable } from '../printable.js';
import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { paragraph } from './paragraph.js';
import { describeHazards, hazardWords } from './port-choice.js';

/** A target group to be ticked. */
export interface GroupFacts {
  /** What is typed for it if nothing can be ticked. */
  readonly number: number;
  readonly name: string;
  /** `TCP 8443`. */
  readonly speaks: string;
  /** `TCP 443`. */
  readonly listeners: readonly string[];
  /** Undefined if it is not known. */
  readonly state: GroupProxyState | undefined;
  readonly hazards: readonly Hazard[];
  /** Why there is nothing to choose. */
  readonly remark?: string | undefined;
}

const hanging = 4;

/** Target groups as choices: number, name, listeners and protocol, whether the header is sent now, what is against it. */
export function groupChoices(
  groups: readonly GroupFacts[],
  style: Style,
): readonly { readonly name: string; readonly description?: string }[] {
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
    const found = [...(remark === undefined ? [] : [`(${remark})`]), ...hazardWords(hazards, style)];
    const whole = found.length === 0 ? facts : `${facts}  ${found.join('; ')}`;
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
  });
}
