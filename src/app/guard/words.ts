import type { GuardCheck } from '../../core/report.js';
import { ElbProxyError, worldError } from '../../errors.js';

/** Where a guard checked, as the end of a sentence; `health` and alarms already name it themselves. */
export function placeOf({ probe, target }: Pick<GuardCheck, 'probe' | 'target'>): string {
  return probe.startsWith('alarm:')
    ? ` in ${target}`
    : probe === 'health'
      ? ` of ${target}`
      : ` at ${target}`;
}

/** The reactions of a backend that waits for the line and gets none: it closes, keeps silent, or answers 400. */
const mayRequireLine = /closed without an answer|no answer in time|^HTTP 400/;
const rightOrder =
  "a backend that already requires the line can't pass before the line is sent: let it accept connections with and without it, enable under guard, then make it strict (elb-proxy help downtime)";

/** A guard does not pass before the change: nothing is written. */
export function baselineFailed(
  check: GuardCheck,
  hint: string | undefined,
  switchesLineOn: boolean,
): ElbProxyError {
  const order = switchesLineOn && mayRequireLine.test(check.seen) ? `${rightOrder}; or ` : '';
  return worldError(
    `the guard ${check.probe}${placeOf(check)} fails before anything was changed: ${check.seen}. Nothing was written.`,
    'guard-baseline-failed',
    hint ??
      `${order}choose a probe that passes now (http: a path that answers 2xx or 3xx), or another --guard-target: otherwise it could not show whether the change broke anything`,
  );
}

/** The user asked to stop while traffic was broken: there is no reason to leave it so. */
export function interruptedWhileFailing(check: GuardCheck): ElbProxyError {
  return new ElbProxyError(
    `interrupted while the guard ${check.probe}${placeOf(check)} was failing: ${check.seen}`,
    { code: 'interrupted', fault: 'user' },
  );
}

/** @param windowMs how long it was waited for; undefined if it had passed before */
export function watchFailed(
  check: GuardCheck,
  windowMs: number | undefined,
  hint: string | undefined,
): ElbProxyError {
  const when =
    windowMs === undefined
      ? 'failed after the change'
      : `did not pass within ${windowMs / 1000} s of the change`;
  return worldError(
    `the guard ${check.probe}${placeOf(check)} ${when}: ${check.seen}`,
    'guard-failed',
    hint ??
      'the backend and the load balancer disagree about the line: find out which side is wrong with elb-proxy verify backend HOST:PORT',
  );
}
