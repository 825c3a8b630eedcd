import type { InstancePortStatus } from '../../core/status.js';
import { type Style, symbols } from '../style.js';
import type { Cell } from './table.js';

/** The word for a port of which the service left out what would say it. */
export const notKnownState = 'not known';

/** A port's state in a word or two: `on` only where every connection carries the PROXY line. */
export function proxyState({
  proxyProtocol,
  sends,
}: Pick<InstancePortStatus, 'proxyProtocol' | 'sends'>): string {
  switch (proxyProtocol) {
    case 'disabled':
      return 'off';
    case 'conflicting':
      return 'conflicting';
    case 'enabled':
      if (sends === undefined) return 'on, sending not known';
      return sends === 'none' ? 'on, not sent' : sends === 'some' ? 'on, partly sent' : 'on';
  }
}

/** An instance port, or a target group, of which it may be said that nothing is set. */
export type Unit = Parameters<typeof proxyState>[0] & { readonly isDefault?: boolean };

/** The same, with whether that is the default. */
export function stateWithDefault(unit: Unit): string {
  return `${proxyState(unit)}${unit.isDefault === true ? ' (default)' : ''}`;
}

/** The same as a cell, with its sign: green where every connection carries the line. */
export function stateCell(unit: Unit, style: Style): Cell {
  const { colour } = style;
  const { on, off, conflicting } = symbols(style);
  const state = stateWithDefault(unit);
  switch (unit.proxyProtocol) {
    case 'disabled':
      return [{ text: `${off} ${state}` }];
    case 'conflicting':
      return [{ text: `${conflicting} ${state}`, paint: colour.yellow }];
    case 'enabled':
      return [{ text: `${on} ${state}`, paint: unit.sends === 'all' ? colour.green : colour.yellow }];
  }
}

/** The cell of a state that is not known. */
export function unknownCell(style: Style): Cell {
  return [{ text: `${symbols(style).unknown} ${notKnownState}`, paint: style.colour.yellow }];
}
