import type { Style } from '../style.js';
import { symbols } from '../symbols.js';

/** Where connections go, and the listeners that lead there. */
export interface Way {
  readonly place: string;
  /** `TLS 443`, by port; undefined if they are not known. */
  readonly listeners: readonly string[] | undefined;
}

/** The paths listener → place, one picture each: `TLS 443 ──→ web-tls TCP 8443`; several listeners of a place join. */
export function waysTo(ways: readonly Way[], style: Style): readonly (readonly string[])[] {
  const { way } = symbols(style);
  const left = ({ listeners }: Way): readonly string[] =>
    listeners === undefined ? ['listeners not known'] : listeners.length === 0 ? ['no listener'] : listeners;
  const column = Math.max(0, ...ways.flatMap((one) => left(one).map((text) => text.length)));
  return ways.map((one) => {
    const names = left(one);
    if (one.listeners === undefined || one.listeners.length === 0)
      return names.map((name) => `${name.padEnd(column)} ${' '.repeat(way.only.length)} ${one.place}`);
    return names.map((name, index) => {
      const stroke =
        names.length === 1
          ? way.only
          : index === 0
            ? way.first
            : index === names.length - 1
              ? way.last
              : way.middle;
      return `${name.padEnd(column)} ${stroke} ${index === 0 ? one.place : ''}`.trimEnd();
    });
  });
}
