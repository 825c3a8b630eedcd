import { z } from 'zod';
import { changeIdSchema, portSchema } from '../../core/plan-schema.js';
import type { ChangeDocument } from './change.js';
import type { HistoryDocument } from './history.js';
import { action, caller, changeWith, formatVersion, openStep, runOutcome, time } from './schema-parts.js';

const entry = z.object({
  changeId: changeIdSchema,
  at: time,
  action,
  tool: z.string().optional(),
  endpoint: z.string().optional(),
  caller: caller.optional(),
  outcome: z.enum([...runOutcome.options, 'interrupted', 'running', 'unknown']),
  host: z.string().optional(),
  undoes: changeIdSchema.optional(),
  undoneBy: changeIdSchema.optional(),
});
const warnings = z.array(z.string()).meta({ description: 'What could not be read of the journal' });

/** What `history -o json` prints. */
export const historySchema: z.ZodType<HistoryDocument> = z
  .object({
    formatVersion,
    changes: z
      .array(
        entry.extend({
          loadBalancers: z.array(
            z.object({
              name: z.string(),
              region: z.string(),
              instancePorts: z.array(portSchema),
              targetGroups: z.array(z.string()).optional().meta({
                description: 'Of a Network Load Balancer: the names of its target groups',
              }),
            }),
          ),
        }),
      )
      .meta({ description: 'Newest first' }),
    warnings,
    older: z.boolean().meta({ description: 'Whether there are older changes, which --all shows' }),
  })
  .meta({ title: 'elb-proxy history', description: 'Changes made from this machine' });

const call = z.object({
  direction: z.enum(['forward', 'back']).meta({ description: '`back`: to take the step back' }),
  at: time,
  send: openStep,
  effect: z
    .enum(['done', 'none', 'unknown'])
    .optional()
    .meta({ description: 'Absent where the run was cut off before the journal could say' }),
  knownAt: time.optional(),
  requestId: z.string().optional(),
  errorCode: z.string().optional(),
});
const stepResult = {
  outcome: z.enum(['not-run', 'done', 'none', 'unknown', 'rolled-back']),
  calls: z.array(call).meta({ description: 'In the order in which they were made' }),
};
const check = z.object({
  phase: z.enum(['baseline', 'after', 'restored']),
  probe: z.string(),
  loadBalancer: z.string(),
  instancePort: portSchema.optional().meta({ description: 'Of a Classic load balancer' }),
  targetGroup: z.string().optional().meta({ description: 'Of a Network Load Balancer' }),
  at: time.meta({ description: 'The first of these checks' }),
  until: time.meta({ description: 'The last of them' }),
  times: z.int().min(1),
  target: z.string(),
  passed: z.boolean(),
  seen: z.string(),
});

/** What `history CHANGE -o json` prints. */
export const changeSchema: z.ZodType<ChangeDocument> = z
  .object({
    formatVersion,
    change: entry.extend({
      digest: z.string(),
      plannedAt: time,
      pid: z.int(),
      endedAt: time.optional().meta({ description: 'Absent where the run did not end by itself' }),
      error: z
        .object({ code: z.string(), message: z.string() })
        .optional()
        .meta({ description: 'Why it was not simply applied' }),
      guard: z
        .object({
          probes: z.array(z.string()),
          checks: z.array(check),
          notes: z
            .array(z.object({ at: time, probe: z.string(), loadBalancer: z.string(), message: z.string() }))
            .optional(),
          omitted: z.int().optional().meta({ description: 'Checks and notes that were not recorded' }),
        })
        .optional()
        .meta({ description: 'What --guard saw; equal checks are counted' }),
      changes: z.array(changeWith(stepResult)),
    }),
    warnings,
  })
  .meta({ title: 'elb-proxy change', description: 'One change made from this machine, whole' });
