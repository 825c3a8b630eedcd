import { z } from 'zod';
import { changeIdSchema, portSchema } from '../../core/plan-schema.js';
import {
  action,
  caller,
  changeWith,
  endpoint,
  formatVersion,
  guardCheckShape,
  guardNotes,
  openStep,
  runOutcome,
  time,
  warnings,
} from './schema-parts.js';

const changeId = changeIdSchema.describe('Names the change, for undo');
const entry = z.object({
  changeId,
  at: time.describe('When it began; ISO 8601, UTC'),
  action,
  tool: z.string().optional().describe('The program and version that made it'),
  endpoint: endpoint.optional(),
  caller: caller.optional(),
  outcome: z
    .enum([...runOutcome.options, 'interrupted', 'running', 'unknown'])
    .describe(
      'How it ended. running: not yet; interrupted: it was cut off and may be partly in effect; unknown: one of these two, on a host or in a container whose processes cannot be seen from here',
    ),
  host: z.string().optional().describe('The host it was made on'),
  undoes: changeIdSchema.optional().describe('The change that this one took back'),
  undoneBy: changeIdSchema.optional().describe('The change that took this one back'),
  completedBy: changeIdSchema
    .optional()
    .describe('The later change that did all of what this one left unfinished'),
});

/** The part of one load balancer that one change touched. */
export const changedLoadBalancer = z.object({
  name: z.string().describe('The load balancer’s name'),
  region: z.string().describe('The region it is in'),
  instancePorts: z.array(portSchema).describe('The ports whose lists it was to replace, ascending'),
  targetGroups: z
    .array(z.string())
    .optional()
    .describe('Of a Network Load Balancer: the names of the target groups it was to switch'),
});

/** One change made from this machine. */
export const historyEntry = entry.extend({
  loadBalancers: z.array(changedLoadBalancer).describe('What it was to change'),
});

/** The document of `history -o json`. */
export const historySchema = z
  .object({
    formatVersion,
    changes: z.array(historyEntry).describe('Newest first'),
    warnings,
    older: z.boolean().describe('Whether there are older changes, which --all shows'),
  })
  .meta({ title: 'elb-proxy history', description: 'Changes made from this machine' });

/** One call that a change made. */
export const changeCall = z.object({
  direction: z.enum(['forward', 'back']).describe('back: to take the step back'),
  at: time.describe('When it was about to be sent; ISO 8601, UTC'),
  send: openStep.describe('What was sent'),
  effect: z
    .enum(['done', 'none', 'unknown'])
    .optional()
    .describe('What is known of it; absent if the run was cut off before the journal could say'),
  knownAt: time.optional().describe('When its effect was known; ISO 8601, UTC'),
  requestId: z.string().optional().describe('Its request id'),
  errorCode: z.string().optional().describe('The service’s wire code, where it failed'),
});

/** The journal's record of a step. */
export const stepResult = {
  outcome: z
    .enum(['not-run', 'done', 'none', 'unknown', 'rolled-back'])
    .describe('none: tried, without effect; unknown: it may be in effect'),
  calls: z.array(changeCall).describe('In the order in which they were made'),
};

const guard = z.object({
  probes: z.array(z.string()).describe('Each --guard, as it was given'),
  checks: z
    .array(
      z.object({
        ...guardCheckShape,
        at: time.describe('The first of these checks; ISO 8601, UTC'),
        until: time.describe('The last of them; ISO 8601, UTC'),
        times: z.int().min(1).describe('How many there were'),
      }),
    )
    .describe('In the order in which they began; equal checks in a row are counted'),
  notes: guardNotes,
  omitted: z.int().optional().describe('Checks and notes that were not recorded'),
});

/** The `change` of `history CHANGE -o json`. */
export const wholeChange = entry.extend({
  digest: z.string().describe('The plan’s digest'),
  plannedAt: time.describe('When the plan was made; ISO 8601, UTC'),
  pid: z.int().describe('The process of the run'),
  endedAt: time.optional().describe('Absent if the run did not end by itself; ISO 8601, UTC'),
  error: z
    .object({
      code: z.string().describe('The service’s wire code, or one of this tool’s own'),
      message: z.string().describe('What failed'),
    })
    .optional()
    .describe('Why it was not simply applied'),
  guard: guard.optional().describe('What --guard saw'),
  changes: z.array(changeWith(stepResult)).describe('The plan’s changes, with the calls of each step'),
});

/** The document of `history CHANGE -o json`. */
export const changeSchema = z
  .object({ formatVersion, change: wholeChange.describe('The change'), warnings })
  .meta({ title: 'elb-proxy change', description: 'One change made from this machine, whole' });
