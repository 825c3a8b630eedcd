import { z } from 'zod';
import { forwardingFields, healthCheckFields, targetCountFields } from '../../core/network/network-schema.js';
import {
  affectedSchema,
  callerSchema,
  classicChangeSchema,
  hazardCodeSchema,
  hazardSchema,
  identitySchema,
  instanceCountSchema,
  listenerFields,
  networkChangeSchema,
  portSchema,
  stepSchema,
} from '../../core/plan-schema.js';
import type { Step } from '../../core/step.js';
import { documentFormatVersion } from './document.js';

// The parts of several documents' schemas. Unlike a plan, which is input, these are open: a minor release may
// add keys. Only schemas import zod, so that printing a document does not pay for it.

export const formatVersion = z.literal(documentFormatVersion).describe('A minor release may add keys');
export const time = z.string().describe('ISO 8601, UTC');
export const names = z.array(z.string()).describe('Policy names, in the service’s order');
export const warnings = z.array(z.string()).describe('What could not be read of the journal');

const { kind, createdTime } = identitySchema.shape;
/** As the service gave it: what this tool would not act on is still printed. */
export const identityShape = {
  name: z.string().describe('The load balancer’s name'),
  region: z.string().describe('The region it is in'),
  accountId: z
    .string()
    .optional()
    .describe('The owner of its source security group: evidence of the account, not proof'),
  dnsName: z.string().optional().describe('Its DNS name'),
  createdTime,
};
export const identity = z.object(identityShape).describe('The load balancer');
const hazard = z.object(hazardSchema.shape);
export const hazards = z.array(hazard).describe('What to know before a change');
export const instances = z.object(instanceCountSchema.shape);
export const caller = z
  .object(callerSchema.shape)
  .describe('Who acted, according to STS; absent if STS could not be asked');
export const endpoint = z.string().describe('The custom endpoint that was asked');
export const action = z.enum(['enable', 'disable', 'undo']).describe('What was to be done');

export const listener = z.object({
  ...listenerFields,
  protocol: z.string().describe('What clients speak: TCP, SSL, HTTP or HTTPS'),
  instanceProtocol: z.string().describe('What the load balancer speaks to instances'),
});

export const runOutcome = z.enum(['applied', 'unchanged', 'refused', 'rolled-back', 'partial']);

const [create, set, remove, modify] = stepSchema.options;
const { before, after } = set.shape;
const stepFields = { policyName: z.string().describe('The policy that is created or deleted') };
const createStep = z.object({ ...create.shape, ...stepFields });
const setStep = z.object({
  ...set.shape,
  before: z.array(z.string()).describe(before.description ?? ''),
  after: z.array(z.string()).describe(after.description ?? ''),
});
const deleteStep = z.object({ ...remove.shape, ...stepFields });
const modifyStep = z.object(modify.shape);

/** A step of a plan, open to later keys. */
export const openStep: z.ZodType<Step> = z.discriminatedUnion('call', [
  createStep,
  setStep,
  deleteStep,
  modifyStep,
]);

const { targetGroup, loadBalancer: network } = networkChangeSchema.shape;

/** A schema with another's description. */
function described<S extends z.ZodType>(schema: S, like: z.ZodType): S {
  return schema.describe(like.description ?? '');
}

/** A change of a plan, open to later keys; `result` is what became of each of its steps. */
export function changeWith<R extends z.ZodRawShape>(result: R) {
  const { loadBalancer, affects, steps } = classicChangeSchema.shape;
  const judged = {
    hazards,
    forced: z.array(hazardCodeSchema).describe('Blockers that --force overruled'),
  };
  return z.union([
    z.object({
      loadBalancer: described(z.object({ kind, ...identityShape }), loadBalancer),
      affects: described(
        z.object({
          ...affectedSchema.shape,
          instancePorts: described(z.array(portSchema), affectedSchema.shape.instancePorts),
          listeners: described(z.array(listener), affectedSchema.shape.listeners),
          instances: described(instances.optional(), affectedSchema.shape.instances),
        }),
        affects,
      ),
      steps: described(
        z.array(
          z.discriminatedUnion('call', [
            createStep.extend(result),
            setStep.extend(result),
            deleteStep.extend(result),
          ]),
        ),
        steps,
      ),
      ...judged,
    }),
    z.object({
      loadBalancer: described(z.object({ ...network.shape, ...identityShape }), network),
      targetGroup: described(
        z.object({
          ...targetGroup.shape,
          healthCheck: described(z.object(healthCheckFields).optional(), targetGroup.shape.healthCheck),
        }),
        targetGroup,
      ),
      affects: described(
        z.object({
          listeners: z
            .array(z.object(forwardingFields))
            .describe('The listeners that forward to the target group'),
          targets: z.object(targetCountFields).optional().describe('Absent if health is not known'),
        }),
        affects,
      ),
      steps: described(z.array(modifyStep.extend(result)), steps),
      ...judged,
    }),
  ]);
}

const guardTarget = {
  probe: z.string().describe('The --guard that looked'),
  loadBalancer: z.string().describe('The load balancer’s name'),
};

/** One check of a guard, but for how long it took. */
export const guardCheckShape = {
  phase: z
    .enum(['baseline', 'after', 'restored'])
    .describe('Before the change, after it, or after it was taken back'),
  ...guardTarget,
  instancePort: portSchema.optional().describe('Of a Classic load balancer'),
  targetGroup: z.string().optional().describe('The target group’s name, of a Network Load Balancer'),
  at: time,
  target: z
    .string()
    .describe('What was looked at: the address and port, the load balancer or the alarm’s region'),
  passed: z.boolean().describe('Whether the check passed'),
  seen: z.string().describe('What was seen, in a few words'),
};

/** A guard's notes, besides its checks. */
export const guardNotes = z
  .array(z.object({ at: time, ...guardTarget, message: z.string().describe('The note') }))
  .optional()
  .describe('What changed about what was watched, or why a guard may not notice a fault');
