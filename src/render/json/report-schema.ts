import { z } from 'zod';
import { changeIdSchema } from '../../core/plan-schema.js';
import { type Report, reportFormatVersion } from '../../core/report.js';
import type { ErrorReport } from '../error.js';
import {
  action,
  caller,
  changeWith,
  endpoint,
  formatVersion,
  guardCheckShape,
  guardNotes,
  runOutcome,
} from './schema-parts.js';

const errorFields = z.object({
  code: z.string().min(1).describe('The service’s wire code, or one of this tool’s own'),
  message: z.string().describe('What failed'),
  hint: z.string().optional().describe('What to do about it'),
  requestId: z.string().optional().describe('The failed call’s request id'),
});

const stepResult = {
  outcome: z
    .enum(['done', 'failed', 'not-run', 'rolled-back', 'unknown'])
    .describe('What became of the call; unknown: it may be in effect'),
  requestId: z.string().optional().describe('The call’s request id'),
};

const leftover = z.object({
  loadBalancer: z.string().describe('The load balancer’s name'),
  region: z.string().describe('The region it is in'),
  message: z.string().describe('What is left'),
  harmless: z.boolean().describe('It changes no traffic'),
  kept: z.boolean().optional().describe('Left on purpose, not because taking it back failed'),
  look: z.string().optional().describe('The command that shows what is there'),
  command: z.string().optional().describe('The command that takes it back'),
});

const guard = z.object({
  probe: z.string().describe('All of them in one line'),
  probes: z.array(z.string()).describe('Each --guard, as it was given'),
  checks: z
    .array(z.object({ ...guardCheckShape, ms: z.int().min(0).describe('How long it took, in milliseconds') }))
    .describe('In the order in which they were made'),
  notes: guardNotes,
});

/** The document of `enable`, `disable`, `apply` and `undo` after a real run. */
export const reportSchema: z.ZodType<Report> = z
  .object({
    formatVersion: z.literal(reportFormatVersion).describe('A minor release may add keys'),
    action,
    changeId: changeIdSchema.nullable().describe('For `undo`; null if nothing was written'),
    outcome: runOutcome.describe(
      'How the run ended; partial: something of it is, or may be, still in effect',
    ),
    endpoint: endpoint.optional(),
    caller: caller.optional(),
    changes: z.array(changeWith(stepResult)).describe('The plan’s changes, with what became of each call'),
    leftovers: z.array(leftover).describe('What a stopped run left behind'),
    guard: guard.optional().describe('What --guard saw before, after, and after a rollback'),
    reason: z.string().optional().describe('Why the plan was not simply applied'),
    error: errorFields.optional().describe('The error that stopped the run'),
  })
  .meta({ title: 'elb-proxy report', description: 'What became of each step of a plan' });

/** The document on stdout when the command failed, instead of its own. */
export const errorSchema: z.ZodType<ErrorReport> = z
  .object({ formatVersion, error: errorFields.describe('Why the command failed') })
  .meta({ title: 'elb-proxy error', description: 'Why there is no other document' });
