/** How much the heavy randomised tests do: `small` by default, `full` with `ELB_PROXY_TEST_BUDGET=full`. */
export const budget = budgetOf(process.env['ELB_PROXY_TEST_BUDGET']);

/** What all randomised tests start from; a run prints it, and `ELB_PROXY_TEST_SEED` starts from it again. */
export const seed = seedOf(process.env['ELB_PROXY_TEST_SEED']);

/** A number of runs by the budget. A small one still has to reach every kind of case that its test counts on. */
export function byBudget<T>(small: T, full: T): T {
  return budget === 'full' ? full : small;
}

/** Numbers in [0, 1), the same ones for the same {@link seed}: mulberry32. */
export function seededRandom(): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function budgetOf(value = 'small'): 'small' | 'full' {
  if (value === 'small' || value === 'full') return value;
  throw new Error(`ELB_PROXY_TEST_BUDGET is "${value}": small or full`);
}

function seedOf(value: string | undefined): number {
  // The configuration gives every worker the same one.
  if (value !== undefined && /^-?\d+$/.test(value)) return Number(value) | 0;
  throw new Error(`ELB_PROXY_TEST_SEED is "${value}": a whole number`);
}
