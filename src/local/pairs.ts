/** A key and its value. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

type Entries = Iterable<readonly [key: string, value: string]>;

/** Pairs from entries. */
export const pairsOf = (entries: Entries): readonly Pair[] =>
  Array.from(entries, ([key, value]) => ({ key, value }));

/** Entries by key, the last of each; `more` comes last. */
export const entriesOf = (pairs: readonly Pair[], more: Entries = []): ReadonlyMap<string, string> =>
  new Map([...pairs.map(({ key, value }) => [key, value] as const), ...more]);
