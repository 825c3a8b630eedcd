/** Whether two lists have the same elements, in any order. */
export function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return sorted(a) === sorted(b);
}

function sorted(list: readonly unknown[]): string {
  return list
    .map((one) => JSON.stringify(one))
    .toSorted()
    .join();
}
