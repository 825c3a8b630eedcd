/**
 * Computes once for each object or list. None is changed in place, and some are asked for at each connection, or one by
 * one for thousands of load balancers.
 */
export function once<One extends object, Result extends object>(
  of: (one: One) => Result,
): (one: One) => Result {
  const known = new WeakMap<One, Result>();
  return (one) => {
    const found = known.get(one);
    if (found !== undefined) return found;
    const result = of(one);
    known.set(one, result);
    return result;
  };
}
