import { z } from 'zod';
import { proxyProtocolV2Key } from '../network-load-balancer.js';

// The part of a plan file about Network Load Balancers; see plan-schema.ts.

const text = z.string().max(1024);
// oxlint-disable-next-line no-control-regex -- they are what is to be refused
const arn = text.regex(/^arn:[^\u0000-\u0020\u007f-\u009f]+$/, 'an ARN begins with arn: and has no spaces');
const port = z.int().min(1).max(65_535);

/** The identity that only a Network Load Balancer has. */
export const networkIdentityFields = {
  kind: z.literal('network').describe('A Network Load Balancer'),
  arn: arn.describe('Its ARN'),
};

/** The one call for a target group: this attribute alone, and only these values. */
export const modifyStepSchema = z.strictObject({
  call: z.literal('ModifyTargetGroupAttributes').describe('The API action'),
  targetGroupArn: arn.describe('The target group that is switched'),
  key: z.literal(proxyProtocolV2Key).describe('The only attribute that is written'),
  before: z
    .enum(['true', 'false'])
    .nullable()
    .describe('The value that was read; null if the service did not list it, so its default, false, held'),
  after: z.enum(['true', 'false']).describe('The value that is written'),
});

/** The fields of a health check. */
export const healthCheckFields = {
  enabled: z.boolean().optional().describe('Whether targets are checked'),
  protocol: z.string().max(64).optional().describe('TCP, HTTP or HTTPS'),
  port: z.string().max(64).optional().describe('traffic-port, or a number'),
  path: text.optional().describe('The path that an HTTP check requests'),
  matcher: text.optional().describe('The HTTP status codes that pass'),
  interval: z.number().optional().describe('Seconds between checks'),
  timeout: z.number().optional().describe('Seconds until a check fails'),
  healthyThreshold: z.number().optional().describe('Checks in a row that must pass'),
  unhealthyThreshold: z.number().optional().describe('Checks in a row that must fail'),
};

/** The target group that a change is pinned to. */
export const plannedTargetGroupSchema = z.strictObject({
  arn: arn.describe('Its ARN'),
  name: z.string().min(1).max(255).describe('Its name'),
  protocol: z.string().min(1).max(64).describe('What the load balancer speaks to targets'),
  port: port.optional().describe('The port that targets have by default'),
  targetType: z.string().max(64).optional().describe('instance, ip or alb'),
  healthCheck: z.strictObject(healthCheckFields).optional().describe('Absent if the service left it out'),
  loadBalancerArns: z.array(arn).max(100).describe('The load balancers it is on: one, or none'),
});

/** A listener that forwards to a target group. */
export const forwardingFields = {
  protocol: z.string().max(64).describe('What clients speak'),
  port: port.describe('The port that clients connect to'),
};

/** Targets that are healthy, and registered. */
export const targetCountFields = {
  healthy: z.int().min(0).describe('Healthy targets'),
  total: z.int().min(0).describe('Registered targets'),
};

/** The blast radius of switching a target group. */
export const networkAffectedSchema = z.strictObject({
  listeners: z
    .array(z.strictObject(forwardingFields))
    .max(1000)
    .describe('The listeners that forward to the target group'),
  targets: z.strictObject(targetCountFields).optional().describe('Absent if targets’ health is not known'),
});
