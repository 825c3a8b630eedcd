import { z } from 'zod';
import { forwardingFields, healthCheckFields, targetCountFields } from '../../core/network/network-schema.js';
import {
  callerSchema,
  changeIdSchema,
  hazardCodeSchema,
  hazardSchema,
  identitySchema,
  instanceCountSchema,
  networkChangeSchema,
  planSchema,
  portSchema,
  stepSchema,
} from '../../core/plan-schema.js';
import { type Report, reportFormatVersion } from '../../core/report.js';
import type { ErrorReport } from '../error.js';
import type { HistoryDocument } from './history.js';
import type { PoliciesDocument } from './policies.js';
import { sideSchemas } from './side-schemas.js';
import { documentFormatVersion, type StatusDocument } from './status.js';
import { verifySchema } from './verify-schema.js';

// Shapes of what this tool prints. Unlike a plan, which is input, these are open: a minor release may add keys.
// Only this file and those beside it that it imports know zod, so that printing a document does not pay for it.

const formatVersion = z.literal(documentFormatVersion);
const time = z.string().meta({ description: 'ISO 8601, UTC' });
const names = z.array(z.string()).meta({ description: 'Policy names, in the service’s order' });
/** As the service gave it: what this tool may not act on is printed all the same. */
const identityShape = {
  ...identitySchema.shape,
  name: z.string(),
  region: z.string(),
  accountId: z.string().optional(),
  dnsName: z.string().optional(),
};
const { kind: _kind, ...unkindShape } = identityShape;
const identity = z.object(unkindShape);
const hazard = z.object(hazardSchema.shape);
const instances = z.object(instanceCountSchema.shape);
const caller = z
  .object(callerSchema.shape)
  .meta({ description: 'Who acted, as STS says; absent where that could not be had' });
const action = z.enum(['enable', 'disable', 'undo']);

const listener = z.object({
  protocol: z.string(),
  loadBalancerPort: portSchema,
  instanceProtocol: z.string(),
  instancePort: portSchema,
});

const notKnown = z
  .object({
    fields: z.array(z.string()),
    instancePorts: z
      .array(portSchema)
      .meta({ description: 'Ports whose state is not known; status lists them only here' }),
  })
  .optional()
  .meta({ description: 'What the service left out of its answers' });

/** What `status -o json` prints. */
export const statusSchema: z.ZodType<StatusDocument> = z
  .object({
    formatVersion,
    regions: z.array(z.string()),
    loadBalancers: z.array(
      z.object({
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
      }),
    ),
    errors: z
      .array(z.object({ region: z.string(), code: z.string(), message: z.string() }))
      .meta({ description: 'Regions that could not be read' }),
  })
  .meta({
    title: 'elb-proxy status',
    description: 'Which instance ports send the PROXY line, and what else is attached',
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

const runOutcome = z.enum(['applied', 'unchanged', 'refused', 'rolled-back', 'partial']);

const stepResult = {
  outcome: z.enum(['done', 'failed', 'not-run', 'rolled-back', 'unknown']),
  requestId: z.string().optional(),
};
const [createStep, setStep, deleteStep, modifyStep] = stepSchema.options;

const judged = { hazards: z.array(hazard), forced: z.array(hazardCodeSchema) };
const classicReport = z.object({
  loadBalancer: z.object(identityShape),
  affects: z.object({
    instancePorts: z.array(portSchema),
    listeners: z.array(listener),
    instances: instances.optional(),
  }),
  steps: z.array(
    z.discriminatedUnion('call', [
      z.object({ ...createStep.shape, policyName: z.string(), ...stepResult }),
      z.object({ ...setStep.shape, before: names, after: names, ...stepResult }),
      z.object({ ...deleteStep.shape, policyName: z.string(), ...stepResult }),
    ]),
  ),
  ...judged,
});
const { targetGroup, loadBalancer: network } = networkChangeSchema.shape;
const networkReport = z.object({
  loadBalancer: z.object({ ...network.shape, ...unkindShape }),
  targetGroup: z.object({ ...targetGroup.shape, healthCheck: z.object(healthCheckFields).optional() }),
  affects: z.object({
    listeners: z.array(z.object(forwardingFields)),
    targets: z.object(targetCountFields).optional(),
  }),
  steps: z.array(z.object({ ...modifyStep.shape, ...stepResult })),
  ...judged,
});

/** What `enable`, `disable`, `apply` and `undo` print after a real run. */
export const reportSchema: z.ZodType<Report> = z
  .object({
    formatVersion: z.literal(reportFormatVersion),
    action,
    changeId: changeIdSchema.nullable().meta({ description: 'For `undo`; null where nothing was written' }),
    outcome: runOutcome,
    endpoint: z.string().optional(),
    caller: caller.optional(),
    changes: z.array(z.union([classicReport, networkReport])),
    leftovers: z
      .array(
        z.object({
          loadBalancer: z.string(),
          region: z.string(),
          message: z.string(),
          harmless: z.boolean(),
          kept: z.boolean().optional().meta({ description: 'Left on purpose, not for want of success' }),
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

/** What `history -o json` prints. */
export const historySchema: z.ZodType<HistoryDocument> = z
  .object({
    formatVersion,
    changes: z
      .array(
        z.object({
          changeId: changeIdSchema,
          at: time,
          action,
          tool: z.string().optional(),
          endpoint: z.string().optional(),
          caller: caller.optional(),
          outcome: z.enum([...runOutcome.options, 'interrupted', 'running', 'unknown']),
          host: z.string().optional(),
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
          undoes: changeIdSchema.optional(),
          undoneBy: changeIdSchema.optional(),
        }),
      )
      .meta({ description: 'Newest first' }),
    warnings: z.array(z.string()),
    older: z.boolean().meta({ description: 'Whether there are older changes, which --all shows' }),
  })
  .meta({ title: 'elb-proxy history', description: 'Changes made from this machine' });

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
