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

// The plan's shape as a check, for plans from disk. Bounds are generous: they keep a hostile file small, the service
// enforces the rest. Separate from plan.ts, so that only commands that read files load zod.
//
// The types Plan, Report and JournalRecord are written out instead of inferred from their schemas: the package exports
// them, and a declaration that says `z.infer` would make every user of the library install zod. `z.ZodType<Plan>` below
// holds the two together. The documents that only the program prints are inferred; see render/json.

/** Longest text that is taken for a name; the service's own limits are lower if they are known. */
const text = z.string().max(1024);
/**
 * Names from elsewhere may break our own rule (clones of the API are laxer), but must not contain control characters.
 * Spelled out, because validators in other languages also use the schemas, and don't support `\P{Cc}`.
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
  name: foreignName.describe('The load balancer’s name'),
  region: z
    .string()
    .max(64)
    .regex(/^[a-z0-9-]+$/, 'a region name has lower-case letters, digits and dashes only')
    .describe('The region it is in'),
  accountId: text
    .optional()
    .describe('The owner of its source security group: evidence of the account, not proof'),
  dnsName: text.optional().describe('Its DNS name'),
  createdTime: z.iso.datetime().optional().describe('When it was created; UTC'),
};
const identityMeta = {
  description: 'What distinguishes this load balancer from another that later took its name',
};

/** The identity that the plan for a Classic load balancer is pinned to. */
export const identitySchema = z
  .strictObject({
    kind: z.literal('classic').optional().describe('Absent from plans of versions that knew no other kind'),
    ...identity,
  })
  .meta(identityMeta);

const networkIdentitySchema = z.strictObject({ ...identity, ...networkIdentityFields }).meta(identityMeta);

const policyStep = {
  policyName: foreignName.describe('The policy that is created or deleted'),
  policyTypeName: z.literal(proxyProtocolPolicyType).describe('Its type'),
  attributes: z.record(z.string().max(255), text).describe('Its attributes: values by name'),
};
const policyList = z.array(foreignName).max(1000);
const callName = <const T extends string>(call: T) => z.literal(call).describe('The API action');

const classicSteps = [
  z.strictObject({ call: callName('CreateLoadBalancerPolicy'), ...policyStep }),
  z.strictObject({
    call: callName('SetLoadBalancerPoliciesForBackendServer'),
    instancePort: portSchema.describe('The port whose whole list is replaced'),
    before: policyList.describe('Its policies as they were read, in order'),
    after: policyList.describe('Its policies as they will be, in order'),
  }),
  z.strictObject({ call: callName('DeleteLoadBalancerPolicy'), ...policyStep }),
] as const;

const classicStepSchema = z.discriminatedUnion('call', classicSteps);

/** One of the four calls that a plan may hold. */
export const stepSchema = z.discriminatedUnion('call', [...classicSteps, modifyStepSchema]);

/** A hazard's code. */
export const hazardCodeSchema = z.enum(Object.keys(hazardLevels) as [HazardCode, ...HazardCode[]]);

/** A hazard with its level, message and advice. */
export const hazardSchema = z.strictObject({
  code: hazardCodeSchema.describe('Stable; --force takes it'),
  level: z.enum(['blocker', 'warning', 'note']).describe('A blocker stops enable unless it is forced'),
  instancePort: portSchema
    .optional()
    .describe('The port it is about; absent if it is about the whole load balancer'),
  targetGroup: z.string().max(255).optional().describe('The name of the target group it is about'),
  message: z.string().max(4096).describe('What happens'),
  advice: z.string().max(4096).describe('What to do about it'),
});

/** Instances in service, and registered. */
export const instanceCountSchema = z.strictObject({
  inService: z.int().min(0).describe('Instances in service'),
  total: z.int().min(0).describe('Registered instances'),
});

/** A listener of a Classic load balancer. */
export const listenerFields = {
  protocol: text.describe('What clients speak: TCP, SSL, HTTP or HTTPS'),
  loadBalancerPort: portSchema.describe('The port that clients connect to'),
  instanceProtocol: text.describe('What the load balancer speaks to instances'),
  instancePort: portSchema.describe('The port on the instances'),
};

/** The blast radius. */
export const affectedSchema = z.strictObject({
  instancePorts: z
    .array(portSchema)
    .max(1000)
    .describe('The instance ports that were asked for, including those that need no call'),
  listeners: z
    .array(z.strictObject(listenerFields))
    .max(1000)
    .describe('The listeners that forward to these ports'),
  instances: instanceCountSchema.optional().describe('Absent if instances’ health is not known'),
});

const hazardsSeen = {
  hazards: z.array(hazardSchema).max(1000).describe('What to know before the change'),
  forced: z.array(hazardCodeSchema).max(100).describe('Blockers that --force overruled'),
};
const changeWords = {
  loadBalancer: 'The load balancer the change is pinned to',
  affects: 'Who is affected',
  steps: 'The calls, in order; empty if there is nothing to do',
};

/** One Classic load balancer's part of a plan. */
export const classicChangeSchema = z.strictObject({
  loadBalancer: identitySchema.describe(changeWords.loadBalancer),
  affects: affectedSchema.describe(changeWords.affects),
  steps: z.array(classicStepSchema).max(1000).describe(changeWords.steps),
  ...hazardsSeen,
});

/** One target group's part of a plan. */
export const networkChangeSchema = z.strictObject({
  loadBalancer: networkIdentitySchema.describe(changeWords.loadBalancer),
  targetGroup: plannedTargetGroupSchema.describe('The target group that is switched'),
  affects: networkAffectedSchema.describe(changeWords.affects),
  steps: z.array(modifyStepSchema).max(1).describe(changeWords.steps),
  ...hazardsSeen,
});

const planChangeSchema = z.union([classicChangeSchema, networkChangeSchema]);

/** Who acts. */
export const callerSchema = z
  .strictObject({
    accountId: z
      .string()
      .regex(/^\d{12}$/, 'an account id has twelve digits')
      .describe('The account'),
    arn: z.string().min(1).max(2048).describe('The user or role'),
  })
  .describe('Who acts, according to STS; absent if STS could not be asked');

/** The name of a change in the journal, and in an undo plan. */
export const changeIdSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9-]+$/);

/** The whole plan, as `--out` writes it and `apply` reads it. Unknown keys are refused: nothing in it is ignored. */
export const planSchema: z.ZodType<Plan> = z
  .strictObject({
    formatVersion: z.literal(planFormatVersion).describe('A minor release may add keys'),
    tool: text.describe('The program and version that made the plan'),
    createdAt: z.iso.datetime().describe('When the plan was made; UTC'),
    action: z.enum(['enable', 'disable', 'undo']).describe('What the plan is for'),
    pending: z.boolean().describe('Whether there is anything to do'),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe('Of what was read and what will be done, not of the time'),
    endpoint: text.optional().describe('The custom endpoint that was read from'),
    caller: callerSchema.optional(),
    undoes: changeIdSchema.optional().describe('The change that an undo takes back'),
    changes: z
      .array(planChangeSchema)
      .max(10_000)
      .describe('A change for each load balancer or target group'),
  })
  .meta({ title: 'elb-proxy plan', description: 'What will be done, and nothing else' });
