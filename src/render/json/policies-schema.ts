import { z } from 'zod';
import { portSchema } from '../../core/plan-schema.js';
import { formatVersion, identity } from './schema-parts.js';
import { notKnown } from './status-schema.js';

const attachment = z.object({
  kind: z.enum(['instance-port', 'listener']).describe('What has the policy'),
  port: portSchema.describe('The instance port, or the listener’s load balancer port'),
});

const policy = z.object({
  name: z.string().describe('The policy’s name'),
  type: z.string().describe('Its type'),
  attributes: z
    .record(z.string(), z.union([z.string(), z.array(z.string()).min(2)]))
    .describe(
      'Values by attribute name; an array, in the service’s order, where an attribute occurs several times',
    ),
  attachedTo: z
    .array(attachment)
    .describe('Instance ports first, each kind ascending; empty if nothing uses the policy'),
});

/** The document of `policies -o json`. */
export const policiesSchema = z
  .object({
    formatVersion,
    loadBalancer: identity,
    policies: z.array(policy).describe('In the service’s order'),
    notKnown,
  })
  .meta({
    title: 'elb-proxy policies',
    description: 'A load balancer’s policies: type, attributes, where each is attached',
  });
