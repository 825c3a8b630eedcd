import type { Keys } from './client-settings.js';

/** Keys are had again this long before they end. */
const margin = 5 * 60_000;

/** One look for a source and one fetch of its keys a run, and again before they end; a failure is remembered. */
export function rememberKeys(find: () => Promise<() => Promise<Keys>>): () => Promise<Keys> {
  let source: ReturnType<typeof find> | undefined;
  let keys: Promise<Keys> | undefined;
  return async () => {
    source ??= find();
    const fetch = await source;
    const present = await (keys ??= fetch());
    if (present.expiration === undefined || present.expiration.getTime() - Date.now() > margin)
      return present;
    // Keys that came with a shorter life are used until they end.
    const before = keys;
    const renewed = fetch().catch((error: unknown) => {
      if (present.expiration !== undefined && present.expiration.getTime() > Date.now()) return present;
      throw error;
    });
    if (keys === before) keys = renewed;
    return keys;
  };
}
