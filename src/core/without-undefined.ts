/** The same keys without those whose value is undefined: what was not asked is absent from a document, not null. */
export function withoutUndefined<T extends object>(
  data: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as never;
}
