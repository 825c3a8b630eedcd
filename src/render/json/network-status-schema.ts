import { z } from 'zod';
import { forwardingFields, healthCheckFields, targetCountFields } from '../../core/network/network-schema.js';
import { portSchema } from '../../core/plan-schema.js';

/** A target group of `status`. */
export const targetGroup = z.object({
  arn: z.string().describe('Its ARN'),
  name: z.string().describe('Its name'),
  protocol: z.string().describe('What the load balancer speaks to targets'),
  port: portSchema.optional().describe('The port that targets have by default'),
  targetType: z.string().optional().describe('instance, ip, alb or lambda'),
  ipAddressType: z.string().optional().describe('ipv4 or ipv6'),
  proxyProtocol: z.enum(['enabled', 'disabled']).describe('What proxy_protocol_v2.enabled says'),
  isDefault: z.boolean().describe('The service does not list the attribute, so its default holds'),
  sends: z
    .enum(['all', 'none'])
    .optional()
    .describe('none where nothing forwards to the group; absent if listeners are not known'),
  healthCheck: z
    .object({
      ...healthCheckFields,
      protocol: z.string().optional().describe('TCP, HTTP or HTTPS'),
      port: z.string().optional().describe('traffic-port, or a number'),
      path: z.string().optional().describe('The path that an HTTP check requests'),
      matcher: z.string().optional().describe('The HTTP status codes that pass'),
    })
    .optional()
    .describe('Absent if the service left it out'),
  targets: z.object(targetCountFields).optional().describe('Absent if health was not asked for'),
});

const listener = z.object({
  protocol: z.string().describe('What clients speak'),
  port: forwardingFields.port,
  targetGroups: z
    .array(
      z.object({
        arn: z.string().describe('The target group’s ARN'),
        name: z.string().optional().describe('Its name; absent if it is not among the target groups'),
        weight: z.int().optional().describe('Its share of the connections, where the action has weights'),
      }),
    )
    .describe('The groups that its default action forwards to'),
});

/** The keys that only a Network Load Balancer of `status` has. */
export const networkStatusShape = {
  kind: z.literal('network').describe('A Network Load Balancer'),
  arn: z.string().describe('Its ARN'),
  scheme: z.string().optional().describe('internet-facing or internal'),
  vpcId: z.string().optional().describe('The VPC it is in'),
  state: z.string().optional().describe('provisioning, active, active_impaired or failed'),
  ipAddressType: z.string().optional().describe('ipv4 or dualstack'),
  listeners: z.array(listener).optional().describe('Absent if they are not known'),
  targetGroups: z.array(targetGroup).describe('Those whose state is known, by name'),
  notKnown: z
    .object({
      fields: z.array(z.string()).describe('The fields, as the API names them'),
      targetGroups: z
        .array(z.string())
        .describe('Groups whose state is not known; status lists them only here'),
      values: z
        .array(
          z.object({
            targetGroup: z.string().describe('The target group’s name'),
            value: z.string().describe('What its attribute says'),
          }),
        )
        .optional()
        .describe('Values of the attribute that are neither true nor false'),
    })
    .optional()
    .describe('What the service left out of its answers'),
};
