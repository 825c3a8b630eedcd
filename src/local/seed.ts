import { z } from 'zod';
import { elbV2SeedSchema, region, texts } from './elbv2/seed.js';
import { isInstanceId } from './instance-ids.js';
import type { Seed } from './seed-shape.js';

const names = z.array(z.string()).readonly();

/** An instance as Systems Manager describes it. */
export const managedInstanceSchema = z.strictObject({
  id: z.string().refine(isInstanceId, 'not an instance id'),
  ping: z.enum(['Online', 'ConnectionLost', 'Inactive', 'none']).optional(),
  platform: z.enum(['Linux', 'Windows', 'MacOS']).optional(),
});

const listener = z.strictObject({
  protocol: z.string(),
  loadBalancerPort: z.int(),
  instanceProtocol: z.string().optional(),
  instancePort: z.int(),
  sslCertificateId: z.string().optional(),
  policyNames: names.optional(),
});

const policy = z.strictObject({
  policyName: z.string(),
  policyTypeName: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), names])).optional(),
});

const healthCheck = z.strictObject({
  target: z.string(),
  interval: z.int().default(30),
  timeout: z.int().default(5),
  unhealthyThreshold: z.int().default(2),
  healthyThreshold: z.int().default(10),
});

const loadBalancer = z.strictObject({
  name: z.string(),
  region,
  scheme: z.enum(['internet-facing', 'internal']).optional(),
  listeners: z.array(listener).min(1).readonly(),
  policies: z.array(policy).readonly().optional(),
  backendPolicies: z
    .array(z.strictObject({ instancePort: z.int(), policyNames: names }))
    .readonly()
    .optional(),
  instances: names.optional(),
  healthCheck: healthCheck.optional(),
  tags: texts.optional(),
});

const alarm = z.strictObject({
  name: z.string().min(1).max(255),
  region,
  description: z.string().optional(),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  rule: z.string().optional(),
  namespace: z.string().default('AWS/ELB'),
  metricName: z.string().default('UnHealthyHostCount'),
  dimensions: texts.default({}),
  period: z.int().min(1).default(60),
  evaluationPeriods: z.int().min(1).default(1),
});

const seedParts = z.strictObject({
  loadBalancers: z.array(loadBalancer).readonly().optional(),
  elbv2: elbV2SeedSchema.optional(),
  alarms: z.array(alarm).readonly().optional(),
  managedInstances: z.array(managedInstanceSchema.readonly()).readonly().optional(),
});

/** The shape of a seed; see {@link Seed}. */
export const seedSchema = seedParts.refine(
  ({ loadBalancers, elbv2 }) => loadBalancers !== undefined || elbv2 !== undefined,
  'give loadBalancers for Classic ones, elbv2 for Network Load Balancers, or both',
);

/** A seed that was checked, with its defaults filled in. */
export type CheckedSeed = z.output<typeof seedSchema>;

// The type that the package shows, and the schema that checks it, are one: either way round.
const shown = (seed: Seed): z.input<typeof seedSchema> => seed;
const checked = (seed: z.input<typeof seedSchema>): Seed => seed;
void [shown, checked];
