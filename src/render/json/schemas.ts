import { z } from 'zod';
import { changeIdSchema, planSchema, portSchema } from '../../core/plan-schema.js';
import { type Report, reportFormatVersion } from '../../core/report.js';
import type { ErrorReport } from '../error.js';
import { changeSchema, historySchema } from './history-schema.js';
import { networkStatusShape } from './network-status-schema.js';
import type { PoliciesDocument } from './policies.js';
import {
  action,
  caller,
  changeWith,
  formatVersion,
  hazard,
  identity,
  instances,
  listener,
  names,
  runOutcome,
  time,
  unkindShape,
} from './schema-parts.js';
import { sideSchemas } from './side-schemas.js';
import { documentFormatVersion, type StatusDocument } from './status.js';
import { verifySchema } from './verify-schema.js';

// Shapes of what this tool prints. Unlike a plan, which is input, these are open: a minor release may add keys.
// Only this file and those beside it that it imports know zod, so that printing a document does not pay for it.

const notKnown = z
  .object({
    fields: z.array(z.string()),
    instancePorts: z
      .array(portSchema)
      .meta({ description: 'Ports whose state is not known; status lists them only here' }),
  })
  .optional()
  .meta({ description: 'What the service left out of its answers' });

const classicStatus = z
  .object({
    kind: z.literal('classic'),
    ...unkindShape,
    scheme: z.string().optional(),
    vpcId: z.string().optional(),
    listeners: z.array(listener.extend({ policyNames: names })),
    instancePorts: z
      .array(
        z.object({
          instancePort: portSchema,
          proxyProtocol: z.enum(['enabled', 'disabled', 'conflicting']),
          sends: z.enum(['all', 'some', 'none']).optional().meta({
            description:
              'How many of its listeners’ connections carry the PROXY line; absent where policies contradict each other, or the service left listeners out',
          }),
          policyNames: names,
          proxyPolicyNames: names,
        }),
      )
      .meta({ description: 'Every instance port of a listener and every port that has policies' }),
    notKnown,
    healthCheck: z
      .object({
        target: z.string(),
        interval: z.int().optional(),
        timeout: z.int().optional(),
        unhealthyThreshold: z.int().optional(),
        healthyThreshold: z.int().optional(),
      })
      .optional()
      .meta({ description: 'Times in seconds; absent where the service left it out' }),
    instances: instances.optional().meta({ description: 'Absent where health was not asked for' }),
    hazards: z.array(hazard),
  })
  .meta({ title: 'Classic Load Balancer' });

const networkStatus = z
  .object({ ...unkindShape, ...networkStatusShape, hazards: z.array(hazard) })
  .meta({ title: 'Network Load Balancer' });

/** What `status -o json` prints. */
export const statusSchema: z.ZodType<StatusDocument> = z
  .object({
    formatVersion,
    regions: z.array(z.string()),
    loadBalancers: z.array(z.discriminatedUnion('kind', [classicStatus, networkStatus])),
    errors: z
      .array(
        z.object({
          region: z.string(),
          kind: z
            .literal('network')
            .optional()
            .meta({ description: 'Its Network Load Balancers; the Classic ones may be there all the same' }),
          code: z.string(),
          message: z.string(),
        }),
      )
      .meta({ description: 'Regions that could not be read' }),
  })
  .meta({
    title: 'elb-proxy status',
    description: 'Which instance ports and target groups send PROXY, and what else is attached',
  });

/** What `policies -o json` prints. */
export const policiesSchema: z.ZodType<PoliciesDocument> = z
  .object({
    formatVersion,
    loadBalancer: identity,
    policies: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        attributes: z
          .record(z.string(), z.union([z.string(), z.array(z.string()).min(2)]))
          .meta({ description: 'A value by name; an array where an attribute occurs several times' }),
        attachedTo: z.array(z.object({ kind: z.enum(['instance-port', 'listener']), port: portSchema })),
      }),
    ),
    notKnown,
  })
  .meta({
    title: 'elb-proxy policies',
    description: 'A load balancer’s policies: type, attributes, where each is attached',
  });

const errorFields = z.object({
  code: z.string().min(1).meta({ description: 'The service’s wire code, or one of this tool’s own' }),
  message: z.string(),
  hint: z.string().optional(),
  requestId: z.string().optional(),
});

const stepResult = {
  outcome: z.enum(['done', 'failed', 'not-run', 'rolled-back', 'unknown']),
  requestId: z.string().optional(),
};

/** What `enable`, `disable`, `apply` and `undo` print after a real run. */
export const reportSchema: z.ZodType<Report> = z
  .object({
    formatVersion: z.literal(reportFormatVersion),
    action,
    changeId: changeIdSchema.nullable().meta({ description: 'For `undo`; null where nothing was written' }),
    outcome: runOutcome,
    endpoint: z.string().optional(),
    caller: caller.optional(),
    changes: z.array(changeWith(stepResult)),
    leftovers: z
      .array(
        z.object({
          loadBalancer: z.string(),
          region: z.string(),
          message: z.string(),
          harmless: z.boolean(),
          kept: z
            .boolean()
            .optional()
            .meta({ description: 'Left on purpose, not because taking it back failed' }),
          look: z.string().optional().meta({ description: 'The command that shows what is there' }),
          command: z.string().optional(),
        }),
      )
      .meta({ description: 'What of a stopped run is still there' }),
    guard: z
      .object({
        probe: z.string(),
        probes: z.array(z.string()).meta({ description: 'Each --guard, as it was given' }),
        checks: z.array(
          z.object({
            phase: z.enum(['baseline', 'after', 'restored']),
            probe: z.string(),
            loadBalancer: z.string(),
            instancePort: portSchema.optional().meta({ description: 'Of a Classic load balancer' }),
            targetGroup: z
              .string()
              .optional()
              .meta({ description: 'Of a Network Load Balancer: the target group’s name' }),
            at: time,
            target: z.string(),
            passed: z.boolean(),
            seen: z.string(),
            ms: z.int().min(0),
          }),
        ),
        notes: z
          .array(z.object({ at: time, probe: z.string(), loadBalancer: z.string(), message: z.string() }))
          .optional()
          .meta({
            description: 'What changed about what was watched, or why a guard may not notice a fault',
          }),
      })
      .optional()
      .meta({ description: 'What --guard saw before, after, and after a roll back' }),
    reason: z.string().optional(),
    error: errorFields.optional(),
  })
  .meta({ title: 'elb-proxy report', description: 'What became of each step of a plan' });

/** What stdout holds instead of a command's own document when the command failed. */
export const errorSchema: z.ZodType<ErrorReport> = z
  .object({ formatVersion, error: errorFields })
  .meta({ title: 'elb-proxy error', description: 'Why there is no other document' });

/** A schema by the name of its document. */
const schemas = {
  status: statusSchema,
  policies: policiesSchema,
  // A plan may hold nothing that this version does not know, so its schema is closed: see core/plan-schema.ts.
  plan: planSchema,
  report: reportSchema,
  history: historySchema,
  change: changeSchema,
  verify: verifySchema,
  error: errorSchema,
  ...sideSchemas,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** The JSON Schemas (draft 2020-12) of what this tool prints, by the name of the document. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(name, schema)]),
  );
}

function jsonSchema(name: string, schema: z.ZodType): object {
  // As input, an object is open to keys that a later minor release adds; as output, zod would close it.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { $schema, $id: `urn:elb-proxy:schema:${name}:${documentFormatVersion}`, ...rest };
}
