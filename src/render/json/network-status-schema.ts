import { z } from 'zod';
import { portSchema } from '../../core/plan-schema.js';

// See schemas.ts: open shapes, and only files like this one know zod.

const seconds = z.int().optional();

const group = z.object({
  arn: z.string(),
  name: z.string(),
  protocol: z.string(),
  port: portSchema.optional(),
  targetType: z.string().optional(),
  ipAddressType: z.string().optional(),
  proxyProtocol: z.enum(['enabled', 'disabled']),
  isDefault: z
    .boolean()
    .meta({ description: 'The service does not list the attribute, so its default holds' }),
  sends: z
    .enum(['all', 'none'])
    .optional()
    .meta({ description: 'none where nothing forwards to the group; absent where listeners are not known' }),
  healthCheck: z
    .object({
      enabled: z.boolean().optional(),
      protocol: z.string().optional(),
      port: z.string().optional(),
      path: z.string().optional(),
      matcher: z.string().optional(),
      interval: seconds,
      timeout: seconds,
      healthyThreshold: seconds,
      unhealthyThreshold: seconds,
    })
    .optional()
    .meta({ description: 'Times in seconds; absent where the service left it out' }),
  targets: z
    .object({ healthy: z.int(), total: z.int() })
    .optional()
    .meta({ description: 'Absent where health was not asked for' }),
});

const listener = z.object({
  protocol: z.string(),
  port: portSchema,
  targetGroups: z.array(
    z.object({
      arn: z.string(),
      name: z.string().optional(),
      weight: z.int().optional(),
    }),
  ),
});

/** What `status` prints of a Network Load Balancer besides what both kinds have. */
export const networkStatusShape = {
  kind: z.literal('network'),
  arn: z.string(),
  scheme: z.string().optional(),
  vpcId: z.string().optional(),
  state: z.string().optional(),
  ipAddressType: z.string().optional(),
  listeners: z.array(listener).optional().meta({ description: 'Absent where they are not known' }),
  targetGroups: z.array(group).meta({ description: 'Those whose state is known, by name' }),
  notKnown: z
    .object({
      fields: z.array(z.string()),
      targetGroups: z
        .array(z.string())
        .meta({ description: 'Groups whose state is not known; status lists them only here' }),
      values: z
        .array(z.object({ targetGroup: z.string(), value: z.string() }))
        .optional()
        .meta({ description: 'Values of the attribute that are neither true nor false' }),
    })
    .optional()
    .meta({ description: 'What the service left out of its answers' }),
};
