import type { ElbProxyError } from '../errors.js';
import type { Verdict } from './objection.js';
import { delayBefore } from './observe.js';
import type { Fresh, Reading } from './reading.js';
import { stopwatch } from './stopwatch.js';
import type { Switched } from './switched.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/**
 * Checks, after the last write, whether the earlier ones are still in effect; returns the differences. A read that may be
 * older than this run's writes, beginning with `known`, is repeated until `--settle-timeout` ends.
 */
export async function lookBack(
  switched: Switched,
  check: (fresh: Fresh | undefined) => Verdict<ElbProxyError> | undefined,
  known: Reading | undefined,
  context: WriteContext,
): Promise<ElbProxyError | undefined> {
  const { clock, emit, settleMs, signal } = context;
  const time = stopwatch(clock);
  let reading = known;
  for (let nth = 0; ; nth++) {
    reading ??= await within(switched.read(clock, 'side-by-side'), switched.loadBalancer, context);
    const verdict = check(reading.fresh);
    const left = settleMs - time.passed();
    if (verdict === undefined) return undefined;
    if (verdict.maybeOld !== true || left <= 0 || signal?.aborted === true) return verdict.stop;
    const ms = Math.min(delayBefore(nth), left);
    emit({ code: 'waiting', why: 'maybe-old', ms });
    await time.sleep(ms);
    reading = undefined;
  }
}
