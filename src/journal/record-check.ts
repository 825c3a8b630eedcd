import { changeId, isPlan, object, oneOf, optional, step, text, time, whole } from '../core/plan-check.js';
import type { JournalRecord } from '../core/record.js';

// What record-schema.ts describes, without a schema library; a no is only the schema's to say.

const base = { formatVersion: oneOf(1), changeId, at: time };
const reference = { change: whole(0), step: whole(0), direction: oneOf('forward', 'back') };
const mark = optional(text(255));
const anyText = optional((value) => typeof value === 'string');

const records = {
  begin: object(
    {
      ...base,
      holder: object(
        { pid: whole(1), host: text(255), machine: mark, boot: mark, space: mark, started: mark },
        false,
      ),
      plan: isPlan,
    },
    false,
  ),
  write: object({ ...base, ...reference, send: step }, false),
  written: object(
    {
      ...base,
      ...reference,
      effect: oneOf('done', 'none', 'unknown'),
      requestId: anyText,
      errorCode: anyText,
    },
    false,
  ),
  end: object(
    { ...base, outcome: oneOf('applied', 'unchanged', 'refused', 'rolled-back', 'partial') },
    false,
  ),
};

/** Whether a value is a record of the journal for certain. */
export function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { record } = value as Partial<JournalRecord>;
  return typeof record === 'string' && Object.hasOwn(records, record) && records[record](value);
}
