import type { StepReference, WriteEffect } from '../core/record.js';
import type { Step } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import type { Answer } from './send.js';
import type { WriteContext } from './write-context.js';

/** Writes the journal's records of one write. */
export function recorder(
  step: Step,
  reference: StepReference,
  { changeId, journal, clock }: Pick<WriteContext, 'changeId' | 'journal' | 'clock'>,
) {
  const base = () => ({ formatVersion: 1 as const, changeId, at: clock.now().toISOString(), ...reference });
  return {
    intention: () => journal.append({ ...base(), record: 'write', send: step }),
    written: (effect: WriteEffect, { requestId, error }: Partial<Answer> = {}) =>
      journal.append({
        ...base(),
        record: 'written',
        effect,
        ...(requestId === undefined ? {} : { requestId }),
        ...(error instanceof ElbProxyError ? { errorCode: error.code } : {}),
      }),
  };
}
