import { z } from 'zod';
import { proxyProtocolV2Key } from '../network-load-balancer.js';

// What a plan file may say of Network Load Balancers; see plan-schema.ts.

const text = z.string().max(1024);
// oxlint-disable-next-line no-control-regex -- they are what is to be refused
const arn = text.regex(/^arn:[^\u0000-\u0020\u007f-\u009f]+$/, 'an ARN begins with arn: and has no spaces');
const port = z.int().min(1).max(65_535);

/** What only a Network Load Balancer is known by. */
export const networkIdentityFields = { kind: z.literal('network'), arn };

/** The one call for a target group: this attribute alone, and only these values. */
export const modifyStepSchema = z.strictObject({
  call: z.literal('ModifyTargetGroupAttributes'),
  targetGroupArn: arn,
  key: z.literal(proxyProtocolV2Key),
  before: z.enum(['true', 'false']).nullable().meta({
    description: 'null: the service did not list the attribute, so its default, false, held',
  }),
  after: z.enum(['true', 'false']),
});

/** The fields of a health check. */
export const healthCheckFields = {
  enabled: z.boolean().optional(),
  protocol: z.string().max(64).optional(),
  port: z.string().max(64).optional(),
  path: text.optional(),
  matcher: text.optional(),
  interval: z.number().optional(),
  timeout: z.number().optional(),
  healthyThreshold: z.number().optional(),
  unhealthyThreshold: z.number().optional(),
};

/** The target group that a change is pinned to. */
export const plannedTargetGroupSchema = z.strictObject({
  arn,
  name: z.string().min(1).max(255),
  protocol: z.string().min(1).max(64),
  port: port.optional(),
  targetType: z.string().max(64).optional(),
  healthCheck: z.strictObject(healthCheckFields).optional(),
  loadBalancerArns: z.array(arn).max(100).meta({ description: 'the load balancers it is on: one, or none' }),
});

/** A listener that forwards to a target group. */
export const forwardingFields = { protocol: z.string().max(64), port };

/** Targets that are healthy, and registered. */
export const targetCountFields = { healthy: z.int().min(0), total: z.int().min(0) };

/** The blast radius of switching a target group. */
export const networkAffectedSchema = z.strictObject({
  listeners: z.array(z.strictObject(forwardingFields)).max(1000),
  targets: z.strictObject(targetCountFields).optional(),
});
