import { z } from 'zod';
import { forwardingFields, healthCheckFields, targetCountFields } from '../../core/network/network-schema.js';
import {
  callerSchema,
  hazardCodeSchema,
  hazardSchema,
  identitySchema,
  instanceCountSchema,
  networkChangeSchema,
  portSchema,
  stepSchema,
} from '../../core/plan-schema.js';
import { documentFormatVersion } from './status.js';

// What the schemas of several documents are made of.

export const formatVersion = z.literal(documentFormatVersion);
export const time = z.string().meta({ description: 'ISO 8601, UTC' });
export const names = z.array(z.string()).meta({ description: 'Policy names, in the service’s order' });
/** As the service gave it: what this tool may not act on is printed all the same. */
const identityShape = {
  ...identitySchema.shape,
  name: z.string(),
  region: z.string(),
  accountId: z.string().optional(),
  dnsName: z.string().optional(),
};
export const { kind: _kind, ...unkindShape } = identityShape;
export const identity = z.object(unkindShape);
export const hazard = z.object(hazardSchema.shape);
export const instances = z.object(instanceCountSchema.shape);
export const caller = z
  .object(callerSchema.shape)
  .meta({ description: 'Who acted, as STS says; absent where that could not be had' });
export const action = z.enum(['enable', 'disable', 'undo']);

export const listener = z.object({
  protocol: z.string(),
  loadBalancerPort: portSchema,
  instanceProtocol: z.string(),
  instancePort: portSchema,
});

export const runOutcome = z.enum(['applied', 'unchanged', 'refused', 'rolled-back', 'partial']);

const [create, set, remove, modify] = stepSchema.options;
const createStep = z.object({ ...create.shape, policyName: z.string() });
const setStep = z.object({ ...set.shape, before: names, after: names });
const deleteStep = z.object({ ...remove.shape, policyName: z.string() });
const modifyStep = z.object(modify.shape);

/** A step of a plan, open to later keys. */
export const openStep = z.discriminatedUnion('call', [createStep, setStep, deleteStep, modifyStep]);

const { targetGroup, loadBalancer: network } = networkChangeSchema.shape;

/** A change of a plan, open to later keys; `result` is what became of each of its steps. */
export function changeWith<R extends z.ZodRawShape>(result: R) {
  const judged = { hazards: z.array(hazard), forced: z.array(hazardCodeSchema) };
  return z.union([
    z.object({
      loadBalancer: z.object(identityShape),
      affects: z.object({
        instancePorts: z.array(portSchema),
        listeners: z.array(listener),
        instances: instances.optional(),
      }),
      steps: z.array(
        z.discriminatedUnion('call', [
          createStep.extend(result),
          setStep.extend(result),
          deleteStep.extend(result),
        ]),
      ),
      ...judged,
    }),
    z.object({
      loadBalancer: z.object({ ...network.shape, ...unkindShape }),
      targetGroup: z.object({ ...targetGroup.shape, healthCheck: z.object(healthCheckFields).optional() }),
      affects: z.object({
        listeners: z.array(z.object(forwardingFields)),
        targets: z.object(targetCountFields).optional(),
      }),
      steps: z.array(modifyStep.extend(result)),
      ...judged,
    }),
  ]);
}
