import { guardBounds } from '../core/guard-summary.js';
import {
  changeId,
  isPlan,
  list,
  object,
  oneOf,
  optional,
  step,
  text,
  time,
  whole,
} from '../core/plan-check.js';
import { type JournalRecord, longestReason } from '../core/record.js';

// The shape in record-schema.ts, without a schema library; only the schema itself may reject a line.

const base = { formatVersion: oneOf(1), changeId, at: time };
const reference = { change: whole(0), step: whole(0), direction: oneOf('forward', 'back') };
const mark = optional(text(255));
const anyText = optional((value) => typeof value === 'string');

const short = text(guardBounds.text);
const name = text(255);
const guard = object(
  {
    probes: list(short, guardBounds.probes),
    checks: list(
      object(
        {
          phase: oneOf('baseline', 'after', 'restored'),
          probe: short,
          loadBalancer: name,
          instancePort: optional(whole(1, 65_535)),
          targetGroup: optional(name),
          at: time,
          until: time,
          times: whole(1),
          target: short,
          passed: oneOf(true, false),
          seen: short,
        },
        false,
      ),
      guardBounds.checks,
    ),
    notes: optional(
      list(object({ at: time, probe: short, loadBalancer: name, message: short }, false), guardBounds.notes),
    ),
    omitted: optional(whole(0)),
  },
  false,
);

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
    {
      ...base,
      outcome: oneOf('applied', 'unchanged', 'refused', 'rolled-back', 'partial'),
      error: optional(object({ code: name, message: text(longestReason) }, false)),
      guard: optional(guard),
    },
    false,
  ),
};

/** Whether a value is a record of the journal for certain. */
export function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { record } = value as Partial<JournalRecord>;
  return typeof record === 'string' && Object.hasOwn(records, record) && records[record](value);
}
