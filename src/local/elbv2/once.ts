/**
 * Computes once for each object or list. None is changed in place, and some are asked for at each connection, or one by
 * one for thousands of load balancers.
 */
export function once<One extends object, Result>(of: (one: One) => Result): (one: One) => Result {
  const known = new WeakMap<One, { readonly result: Result }>();
  return (one) => {
    const found = known.get(one) ?? { result: of(one) };
    known.set(one, found);
    return found.result;
  };
}
