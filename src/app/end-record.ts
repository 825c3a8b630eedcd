import { summariseGuard } from '../core/guard-summary.js';
import { type EndRecord, longestReason } from '../core/record.js';
import type { GuardReport, RunOutcome } from '../core/report.js';
import type { ElbProxyError } from '../errors.js';

/** The journal's record of how a run ended: why, and what its guards saw, in bounded size. */
export function endRecord(
  base: Pick<EndRecord, 'formatVersion' | 'changeId' | 'at'>,
  {
    outcome,
    error,
    guard,
  }: {
    readonly outcome: RunOutcome;
    readonly error: ElbProxyError | undefined;
    readonly guard: GuardReport | undefined;
  },
): EndRecord {
  return {
    ...base,
    record: 'end',
    outcome,
    ...(error === undefined
      ? {}
      : { error: { code: error.code.slice(0, 255), message: error.message.slice(0, longestReason) } }),
    ...(guard === undefined ? {} : { guard: summariseGuard(guard) }),
  };
}
