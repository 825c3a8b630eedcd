/** The same keys without those whose value is not known: what was not asked is absent from a document, not null. */
export function known<T extends object>(data: T): T {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as T;
}
