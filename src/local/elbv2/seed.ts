import { z } from 'zod';
import { isRegion } from '../request-region.js';

/** Texts by name. */
export const texts = z.record(z.string(), z.string());
/** A region, if it is not the service's own. */
export const region = z.string().refine(isRegion, 'this is not a region, such as eu-west-1').optional();

const targetGroup = z.strictObject({
  name: z.string(),
  region,
  protocol: z.string().optional(),
  port: z.int().optional(),
  targetType: z.enum(['instance', 'ip', 'lambda', 'alb']).optional(),
  ipAddressType: z.enum(['ipv4', 'ipv6']).optional(),
  healthCheck: z
    .strictObject({
      protocol: z.string().optional(),
      port: z.union([z.string(), z.int()]).optional(),
      path: z.string().optional(),
      matcher: z.string().optional(),
      interval: z.int().optional(),
      timeout: z.int().optional(),
      healthyThreshold: z.int().optional(),
      unhealthyThreshold: z.int().optional(),
    })
    .optional(),
  targets: z
    .array(z.union([z.string(), z.strictObject({ id: z.string(), port: z.int().optional() })]))
    .readonly()
    .optional(),
  attributes: texts.optional(),
  listsDefaults: z.boolean().optional(),
  tags: texts.optional(),
});

const listener = z.strictObject({
  protocol: z.string(),
  port: z.int(),
  targetGroups: z
    .array(z.union([z.string(), z.strictObject({ name: z.string(), weight: z.int().optional() })]))
    .min(1)
    .readonly(),
  certificateArn: z.string().optional(),
  sslPolicy: z.string().optional(),
  alpnPolicy: z.string().optional(),
  tags: texts.optional(),
});

const loadBalancer = z.strictObject({
  name: z.string(),
  region,
  type: z.enum(['network', 'application', 'gateway']).optional(),
  scheme: z.enum(['internet-facing', 'internal']).optional(),
  listeners: z.array(listener).readonly().optional(),
  attributes: texts.optional(),
  tags: texts.optional(),
});

/** The shape of a seed's part for ELBv2. */
export const elbV2SeedSchema = z.strictObject({
  targetGroups: z.array(targetGroup).readonly().optional(),
  loadBalancers: z.array(loadBalancer).readonly().optional(),
});

/** A checked seed's part for ELBv2. */
export type CheckedElbV2Seed = z.output<typeof elbV2SeedSchema>;
