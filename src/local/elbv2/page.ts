import { decodeMarker, encodeMarker } from '../marker.js';
import { optionalInteger, type Parameters } from '../request-parameters.js';

/** A page of a list, and the marker of the next one. */
export interface Page<One> {
  readonly page: readonly One[];
  readonly NextMarker: string | undefined;
}

/** The page that a request's `Marker` and `PageSize` (1 to 400) ask for, in the order of the keys. */
export function pageOf<One>(
  list: readonly One[],
  keyOf: (one: One) => string,
  parameters: Parameters,
): Page<One> {
  const size = optionalInteger(parameters, 'PageSize', { min: 1, max: 400 }) ?? 400;
  const after = decodeMarker(parameters.get('Marker'));
  const sorted = list
    .map((one) => [keyOf(one), one] as const)
    .filter(([key]) => after === undefined || key > after)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = sorted.slice(0, size);
  const [lastKey = ''] = shown.at(-1) ?? [];
  return {
    page: shown.map(([, one]) => one),
    NextMarker: sorted.length > shown.length ? encodeMarker(lastKey) : undefined,
  };
}
