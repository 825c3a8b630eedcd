/** Connections that are done with, so that their later packets are not taken for new ones. */
interface RecentlySeen {
  readonly add: (key: string, initial: number) => void;
  /** The initial sequence number that it was added with; undefined if it is not remembered. */
  readonly get: (key: string) => number | undefined;
  readonly forget: (key: string) => void;
}

/** Remembers the last ones, between so many and twice as many of them; looking one up keeps it. */
export function recentlySeen(atLeast: number): RecentlySeen {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  const add = (key: string, initial: number): void => {
    young.set(key, initial);
    if (young.size < atLeast) return;
    old = young;
    young = new Map();
  };
  return {
    add,
    get: (key) => {
      const found = young.get(key);
      if (found !== undefined) return found;
      const older = old.get(key);
      if (older === undefined) return undefined;
      old.delete(key);
      add(key, older);
      return older;
    },
    forget: (key) => {
      young.delete(key);
      old.delete(key);
    },
  };
}
