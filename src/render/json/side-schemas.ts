import { z } from 'zod';
import { portSchema } from '../../core/plan-schema.js';
import { documentFormatVersion } from './status.js';

// What the commands beside the load balancers' own print with --output json. `iam-policy` prints IAM's document and
// `schema` a JSON Schema, which are not ours to describe.

const formatVersion = z.literal(documentFormatVersion);

/** A schema by the name of the command that prints it. */
export const sideSchemas = {
  unlock: z
    .object({
      formatVersion,
      outcome: z.enum(['unlocked', 'unchanged']),
      loadBalancer: z.object({ name: z.string(), region: z.string() }),
      holder: z
        .object({ host: z.string().optional(), pid: z.int().optional(), since: z.string().optional() })
        .optional()
        .meta({ description: 'The run that held the lock' }),
    })
    .meta({ title: 'elb-proxy unlock', description: 'What became of the lock on a load balancer' }),
  local: z
    .object({
      formatVersion,
      endpoint: z.string(),
      listeners: z.array(
        z.object({
          region: z.string(),
          loadBalancerName: z.string(),
          protocol: z.string(),
          loadBalancerPort: portSchema,
          instanceProtocol: z.string(),
          instancePort: portSchema,
          addresses: z
            .array(z.string())
            .meta({ description: 'host:port that were opened; none where the port could not be bound' }),
        }),
      ),
      networkListeners: z
        .array(
          z.object({
            region: z.string(),
            loadBalancerName: z.string(),
            protocol: z.string(),
            port: portSchema,
            targetGroups: z
              .array(z.string())
              .meta({ description: 'Names of the groups that it forwards to' }),
            addresses: z.array(z.string()),
          }),
        )
        .meta({ description: 'Of Network Load Balancers' }),
    })
    .meta({ title: 'elb-proxy local', description: 'Where the local service listens' }),
  demo: z
    .object({
      formatVersion,
      scenes: z.array(z.object({ title: z.string(), did: z.string(), output: z.string() })),
    })
    .meta({ title: 'elb-proxy demo', description: 'The scenes as they were played' }),
  'haproxy-config': z
    .object({ formatVersion, config: z.string().meta({ description: 'The text of haproxy.cfg' }) })
    .meta({
      title: 'elb-proxy haproxy-config',
      description: 'A configuration that stands in for a load balancer',
    }),
  completion: z
    .object({
      formatVersion,
      shell: z.string().optional(),
      script: z.string().optional(),
      kind: z.enum(['words', 'files', 'command']).optional().meta({ description: 'For `completion words`' }),
      words: z.array(z.object({ word: z.string(), about: z.string().optional() })).optional(),
      names: z.array(z.string()).optional().meta({ description: 'Load balancers; for `completion names`' }),
    })
    .meta({
      title: 'elb-proxy completion',
      description: 'The script of a shell, or the names that it completes',
    }),
  help: z
    .object({
      formatVersion,
      topic: z.string().optional().meta({ description: 'Where a topic of the manual was asked for' }),
      help: z.string().meta({ description: 'Of the program, or of one command; of a topic its Markdown' }),
    })
    .meta({ title: 'elb-proxy help', description: 'The help as text' }),
  version: z
    .object({ formatVersion, version: z.string() })
    .meta({ title: 'elb-proxy version', description: 'The version of this program' }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
