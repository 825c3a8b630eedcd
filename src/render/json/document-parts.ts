import { toJson } from './to-json.js';

/** A document as JSON in parts, for one that is never in memory at once: joined, exactly what `toJson` gives. */
export interface DocumentParts<Item extends object, Tail extends object> {
  readonly head: string;
  /** Call it once for each item of the list, in order. */
  readonly item: (item: Item) => string;
  readonly end: (tail: Tail) => string;
}

/** The parts of one document: the keys before its long list, the list, the keys behind it. */
export function documentParts<Item extends object, Tail extends object>(
  before: object,
  list: string,
): DocumentParts<Item, Tail> {
  let first = true;
  return {
    head: `${toJson(before).slice(0, -'\n}\n'.length)},\n  "${list}": [`,
    item: (item) => {
      const part = `${first ? '' : ','}\n    ${toJson(item).trimEnd().replaceAll('\n', '\n    ')}`;
      first = false;
      return part;
    },
    end: (tail) => `${first ? '' : '\n  '}],\n${toJson(tail).slice('{\n'.length)}`,
  };
}
