import { z } from 'zod';
import { changeIdSchema, planSchema, stepSchema } from '../core/plan-schema.js';
import type { JournalRecord } from '../core/record.js';

// What a line of the journal must be to be believed. Unknown keys are let through: a newer version may add some.

const base = { formatVersion: z.literal(1), changeId: changeIdSchema, at: z.iso.datetime() };
const reference = {
  change: z.int().min(0),
  step: z.int().min(0),
  direction: z.enum(['forward', 'back']),
};
const mark = z.string().max(255).optional();

/** One line of the journal. */
export const journalRecordSchema: z.ZodType<JournalRecord> = z.discriminatedUnion('record', [
  z.object({
    ...base,
    record: z.literal('begin'),
    holder: z.object({
      pid: z.int().min(1),
      host: z.string().max(255),
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
  }),
]);
