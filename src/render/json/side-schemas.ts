import { z } from 'zod';
import { portSchema } from '../../core/plan-schema.js';
import { formatVersion, listener } from './schema-parts.js';

// The documents of the other commands with --output json. `iam-policy` prints IAM's document and
// `schema` a JSON Schema, which are not ours to describe.

const addresses = z
  .array(z.string())
  .describe('host:port that were opened; none where the port could not be bound');

/** A schema by the name of the command that prints it. */
export const sideSchemas = {
  unlock: z
    .object({
      formatVersion,
      outcome: z.enum(['unlocked', 'unchanged']).describe('unchanged: it was not locked'),
      loadBalancer: z
        .object({ name: z.string().describe('Its name'), region: z.string().describe('Its region') })
        .describe('The load balancer'),
      holder: z
        .object({
          host: z.string().optional().describe('The host of the run'),
          pid: z.int().optional().describe('Its process'),
          since: z.string().optional().describe('When it took the lock; ISO 8601, UTC'),
        })
        .optional()
        .describe('The run that held the lock'),
    })
    .meta({ title: 'elb-proxy unlock', description: 'What became of the lock on a load balancer' }),
  local: z
    .object({
      formatVersion,
      endpoint: z.string().describe('The URL of the service'),
      listeners: z
        .array(
          z.object({
            region: z.string().describe('The load balancer’s region'),
            loadBalancerName: z.string().describe('Its name'),
            ...listener.shape,
            addresses,
          }),
        )
        .describe('Of Classic Load Balancers'),
      networkListeners: z
        .array(
          z.object({
            region: z.string().describe('The load balancer’s region'),
            loadBalancerName: z.string().describe('Its name'),
            protocol: z.string().describe('What clients speak'),
            port: portSchema.describe('The port that clients connect to'),
            targetGroups: z.array(z.string()).describe('Names of the groups that it forwards to'),
            addresses,
          }),
        )
        .describe('Of Network Load Balancers'),
    })
    .meta({ title: 'elb-proxy local', description: 'Where the local service listens' }),
  demo: z
    .object({
      formatVersion,
      scenes: z
        .array(
          z.object({
            title: z.string().describe('The scene’s title'),
            did: z.string().describe('What was done'),
            output: z.string().describe('What it printed'),
          }),
        )
        .describe('In order'),
    })
    .meta({ title: 'elb-proxy demo', description: 'The scenes as they were played' }),
  'haproxy-config': z.object({ formatVersion, config: z.string().describe('The text of haproxy.cfg') }).meta({
    title: 'elb-proxy haproxy-config',
    description: 'An HAProxy configuration that replaces a load balancer',
  }),
  completion: z
    .object({
      formatVersion,
      shell: z.string().optional().describe('The shell that the script is for'),
      script: z.string().optional().describe('The script'),
      kind: z.enum(['words', 'files', 'command']).optional().describe('For `completion words`'),
      words: z
        .array(
          z.object({
            word: z.string().describe('The word'),
            about: z.string().optional().describe('What it means'),
          }),
        )
        .optional()
        .describe('What completes the line'),
      names: z.array(z.string()).optional().describe('Load balancers; for `completion names`'),
    })
    .meta({
      title: 'elb-proxy completion',
      description: 'The script of a shell, or the names that it completes',
    }),
  help: z
    .object({
      formatVersion,
      topic: z.string().optional().describe('Where a topic of the manual was asked for'),
      help: z.string().describe('Of the program, or of one command; of a topic its Markdown'),
    })
    .meta({ title: 'elb-proxy help', description: 'The help as text' }),
  version: z
    .object({ formatVersion, version: z.string().describe('X.Y.Z') })
    .meta({ title: 'elb-proxy version', description: 'The version of this program' }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
