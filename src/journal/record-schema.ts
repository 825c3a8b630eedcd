import { z } from 'zod';
import { guardBounds } from '../core/guard-summary.js';
import { changeIdSchema, planSchema, portSchema, stepSchema } from '../core/plan-schema.js';
import { type JournalRecord, longestReason } from '../core/record.js';

// The shape that a journal line must have to be trusted. Unknown keys are allowed: a newer version may add some.

const base = { formatVersion: z.literal(1), changeId: changeIdSchema, at: z.iso.datetime() };
const reference = {
  change: z.int().min(0),
  step: z.int().min(0),
  direction: z.enum(['forward', 'back']),
};
const name = z.string().max(255);
const mark = name.optional();
const short = z.string().max(guardBounds.text);
const guard = z.object({
  probes: z.array(short).max(guardBounds.probes),
  checks: z
    .array(
      z.object({
        phase: z.enum(['baseline', 'after', 'restored']),
        probe: short,
        loadBalancer: name,
        instancePort: portSchema.optional(),
        targetGroup: name.optional(),
        at: z.iso.datetime(),
        until: z.iso.datetime(),
        times: z.int().min(1),
        target: short,
        passed: z.boolean(),
        seen: short,
      }),
    )
    .max(guardBounds.checks),
  notes: z
    .array(z.object({ at: z.iso.datetime(), probe: short, loadBalancer: name, message: short }))
    .max(guardBounds.notes)
    .optional(),
  omitted: z.int().min(0).optional(),
});

/** One line of the journal. */
export const journalRecordSchema: z.ZodType<JournalRecord> = z.discriminatedUnion('record', [
  z.object({
    ...base,
    record: z.literal('begin'),
    holder: z.object({
      pid: z.int().min(1),
      host: name,
      machine: mark,
      boot: mark,
      space: mark,
      started: mark,
    }),
    plan: planSchema,
  }),
  z.object({ ...base, ...reference, record: z.literal('write'), send: stepSchema }),
  z.object({
    ...base,
    ...reference,
    record: z.literal('written'),
    effect: z.enum(['done', 'none', 'unknown']),
    requestId: z.string().optional(),
    errorCode: z.string().optional(),
  }),
  z.object({
    ...base,
    record: z.literal('end'),
    outcome: z.enum(['applied', 'unchanged', 'refused', 'rolled-back', 'partial']),
    error: z.object({ code: name, message: z.string().max(longestReason) }).optional(),
    guard: guard.optional(),
  }),
]);
