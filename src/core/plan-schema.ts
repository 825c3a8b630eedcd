import { z } from 'zod';
import { type HazardCode, hazardLevels } from './hazards.js';
import { proxyProtocolPolicyType } from './model.js';
import {
  modifyStepSchema,
  networkAffectedSchema,
  networkIdentityFields,
  plannedTargetGroupSchema,
} from './network/network-schema.js';
import { type Plan, planFormatVersion } from './plan.js';

// The plan's shape as a check, for what comes from disk. Bounds are generous: they keep a hostile file small,
// the service keeps the rest. Kept apart from plan.ts, so that only commands that read files load zod.

/** Longest text that is taken for a name; the service's own limits are lower where they are known. */
const text = z.string().max(1024);
/**
 * Names that someone else gave may break our own rule (clones of the API are laxer), but hold no control characters.
 * Spelled out: the schemas go out to validators of other languages, and `\P{Cc}` is none of theirs.
 */
const foreignName = z
  .string()
  .min(1)
  .max(255)
  // oxlint-disable-next-line no-control-regex -- they are what is to be refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, 'a name has no control characters');

/** A TCP port, 1 to 65535. */
export const portSchema = z.int().min(1).max(65_535);

const identity = {
  name: foreignName,
  region: z
    .string()
    .max(64)
    .regex(/^[a-z0-9-]+$/, 'a region name has lower-case letters, digits and dashes only'),
  accountId: text.optional(),
  dnsName: text.optional(),
  createdTime: z.iso.datetime().optional(),
};
const identityMeta = {
  description: 'What distinguishes this load balancer from another that later took its name',
};

/** What the plan for a Classic load balancer is pinned to. */
export const identitySchema = z
  .strictObject({ kind: z.literal('classic').optional(), ...identity })
  .meta(identityMeta);

/** The same for a Network Load Balancer. */
export const networkIdentitySchema = z
  .strictObject({ ...identity, ...networkIdentityFields })
  .meta(identityMeta);

const policyStep = {
  policyName: foreignName,
  policyTypeName: z.literal(proxyProtocolPolicyType),
  attributes: z.record(z.string().max(255), text),
};
const policyList = z.array(foreignName).max(1000);

const classicSteps = [
  z.strictObject({ call: z.literal('CreateLoadBalancerPolicy'), ...policyStep }),
  z.strictObject({
    call: z.literal('SetLoadBalancerPoliciesForBackendServer'),
    instancePort: portSchema,
    before: policyList,
    after: policyList,
  }),
  z.strictObject({ call: z.literal('DeleteLoadBalancerPolicy'), ...policyStep }),
] as const;

/** One of the three calls that a plan may hold for a Classic load balancer. */
export const classicStepSchema = z.discriminatedUnion('call', classicSteps);

/** One of the four calls that a plan may hold. */
export const stepSchema = z.discriminatedUnion('call', [...classicSteps, modifyStepSchema]);

/** A hazard's code. */
export const hazardCodeSchema = z.enum(Object.keys(hazardLevels) as [HazardCode, ...HazardCode[]]);

/** A hazard with its level, message and advice. */
export const hazardSchema = z.strictObject({
  code: hazardCodeSchema,
  level: z.enum(['blocker', 'warning', 'note']),
  instancePort: portSchema.optional(),
  targetGroup: z.string().max(255).optional().meta({ description: 'A target group’s name' }),
  message: z.string().max(4096),
  advice: z.string().max(4096),
});

/** Instances in service, and registered. */
export const instanceCountSchema = z.strictObject({ inService: z.int().min(0), total: z.int().min(0) });

/** The blast radius. */
export const affectedSchema = z.strictObject({
  instancePorts: z.array(portSchema).max(1000),
  listeners: z
    .array(
      z.strictObject({
        protocol: text,
        loadBalancerPort: portSchema,
        instanceProtocol: text,
        instancePort: portSchema,
      }),
    )
    .max(1000),
  instances: instanceCountSchema.optional(),
});

const hazardsSeen = {
  hazards: z.array(hazardSchema).max(1000),
  forced: z.array(hazardCodeSchema).max(100),
};

/** One Classic load balancer's part of a plan. */
export const classicChangeSchema = z.strictObject({
  loadBalancer: identitySchema,
  affects: affectedSchema,
  steps: z.array(classicStepSchema).max(1000),
  ...hazardsSeen,
});

/** One target group's part of a plan. */
export const networkChangeSchema = z.strictObject({
  loadBalancer: networkIdentitySchema,
  targetGroup: plannedTargetGroupSchema,
  affects: networkAffectedSchema,
  steps: z.array(modifyStepSchema).max(1),
  ...hazardsSeen,
});

/** What happens to one thing that is switched. */
export const planChangeSchema = z.union([classicChangeSchema, networkChangeSchema]);

/** Who acts. */
export const callerSchema = z
  .strictObject({
    accountId: z.string().regex(/^\d{12}$/, 'an account id has twelve digits'),
    arn: z.string().min(1).max(2048),
  })
  .meta({ description: 'Who acts, as STS says; absent where that could not be had' });

/** What an undo plan and a change in the journal are named by. */
export const changeIdSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9-]+$/);

/** The whole plan, as `--out` writes it and `apply` reads it. Unknown keys are refused: nothing in it is ignored. */
export const planSchema: z.ZodType<Plan> = z
  .strictObject({
    formatVersion: z.literal(planFormatVersion),
    tool: text,
    createdAt: z.iso.datetime(),
    action: z.enum(['enable', 'disable', 'undo']),
    pending: z.boolean(),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    endpoint: text.optional(),
    caller: callerSchema.optional(),
    undoes: changeIdSchema.optional(),
    changes: z.array(planChangeSchema).max(10_000),
  })
  .meta({ title: 'elb-proxy plan', description: 'What will be done, and nothing else' });
