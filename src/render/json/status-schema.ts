import { z } from 'zod';
import { portSchema } from '../../core/plan-schema.js';
import { networkStatusShape } from './network-status-schema.js';
import { formatVersion, hazards, identityShape, instances, listener, names } from './schema-parts.js';

const instancePort = z.object({
  instancePort: portSchema.describe('The port on the instances'),
  proxyProtocol: z
    .enum(['enabled', 'disabled', 'conflicting'])
    .describe('What its policies say; conflicting where they contradict each other'),
  sends: z
    .enum(['all', 'some', 'none'])
    .optional()
    .describe(
      'How many of its listeners’ connections carry the PROXY line; absent if policies contradict each other, or the service left listeners out',
    ),
  policyNames: names,
  proxyPolicyNames: names.describe('Those of them that switch PROXY on'),
});

/** Fields that the service left out of its answers about a Classic load balancer. */
export const notKnown = z
  .object({
    fields: z.array(z.string()).describe('The fields, as the API names them'),
    instancePorts: z
      .array(portSchema)
      .describe('Ports whose state is not known; status lists them only here'),
  })
  .optional()
  .describe('What the service left out of its answers');

const seconds = z.int().optional();
const healthCheck = z
  .object({
    target: z.string().describe('PROTOCOL:port, or PROTOCOL:port/path'),
    interval: seconds.describe('Seconds between checks'),
    timeout: seconds.describe('Seconds until a check fails'),
    unhealthyThreshold: z.int().optional().describe('Checks in a row that must fail'),
    healthyThreshold: z.int().optional().describe('Checks in a row that must pass'),
  })
  .optional()
  .describe('Absent if the service left it out');

/** A Classic load balancer of `status`. */
export const classicStatus = z
  .object({
    kind: z.literal('classic').describe('A Classic Load Balancer'),
    ...identityShape,
    scheme: z.string().optional().describe('internet-facing or internal'),
    vpcId: z.string().optional().describe('The VPC it is in'),
    listeners: z.array(listener.extend({ policyNames: names })).describe('Its listeners'),
    instancePorts: z
      .array(instancePort)
      .describe('Every instance port of a listener and every port that has policies, ascending'),
    notKnown,
    healthCheck,
    instances: instances.optional().describe('Absent if health was not asked for'),
    hazards,
  })
  .meta({ title: 'Classic Load Balancer' });

/** A Network Load Balancer of `status`. */
export const networkStatus = z
  .object({ ...identityShape, ...networkStatusShape, hazards })
  .meta({ title: 'Network Load Balancer' });

const statusError = z.object({
  region: z.string().describe('The region'),
  kind: z
    .literal('network')
    .optional()
    .describe('Only its Network Load Balancers could not be read; the Classic ones may still be listed'),
  code: z.string().describe('The service’s wire code, or one of this tool’s own'),
  message: z.string().describe('Why'),
});

/** The document of `status -o json`. */
export const statusSchema = z
  .object({
    formatVersion,
    regions: z.array(z.string()).describe('The regions that were asked'),
    loadBalancers: z
      .array(z.discriminatedUnion('kind', [classicStatus, networkStatus]))
      .describe('By region and name'),
    errors: z.array(statusError).describe('Regions that could not be read'),
  })
  .meta({
    title: 'elb-proxy status',
    description: 'Which instance ports and target groups send PROXY, and what else is attached',
  });
