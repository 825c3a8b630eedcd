import { z } from 'zod';
import { connectionVerdicts } from '../../core/verify-connection.js';
import { backendVerdicts } from '../../core/verify-result.js';
import { documentFormatVersion } from './status.js';
import type { BackendDocument } from './verify-backend.js';
import type { ListenDocument } from './verify-listen.js';

const shownText = z.string().meta({ description: 'The first 256 bytes; all but printable ASCII escaped' });
const shownHex = z.string().meta({ description: 'The same bytes in hexadecimal' });
const shownBytes = z.object({
  bytes: z.int().meta({ description: 'How many there were in all' }),
  text: shownText,
  hex: shownHex,
});
const endpoint = z.object({ address: z.string(), port: z.int().min(0).max(65_535) });

const evidence = z.object({
  probe: z.string().meta({ description: 'What stood in front, and what followed: v1+http' }),
  what: z.string(),
  sent: shownBytes,
  received: shownBytes,
  inside: z.object({ established: z.boolean(), received: shownBytes }).optional(),
  ended: z.enum(['open', 'fin', 'reset', 'refused', 'timeout', 'unreachable']),
  ms: z.number(),
});

const result = z.object({
  target: z.string(),
  address: z.string().optional(),
  instanceId: z.string().optional(),
  verdict: z.enum(backendVerdicts),
  confidence: z.enum(['strong', 'weak']),
  seenFrom: z.string().optional().meta({ description: 'For another address the backend may do otherwise' }),
  reason: z.string(),
  advice: z.string(),
  notes: z.array(z.string()),
  evidence: z.array(evidence),
});

const header = {
  version: z.union([z.literal(1), z.literal(2)]),
  command: z.enum(['PROXY', 'LOCAL']),
  family: z.string(),
  source: endpoint.optional(),
  destination: endpoint.optional(),
};

const connection = z.object({
  at: z.string().meta({ description: 'ISO 8601, UTC' }),
  from: z.string(),
  verdict: z.enum(connectionVerdicts),
  ...z.object(header).partial().shape,
  field: z.string().optional(),
  reason: z.string().optional(),
  offset: z.int().optional().meta({ description: 'The first byte at which no valid header could go on' }),
  data: z.enum(['http', 'tls-client-hello', 'other']).optional(),
  healthCheck: z.boolean().optional(),
  pieces: z.int().optional(),
  second: z.object(header).optional(),
  own: z.boolean().optional().meta({ description: 'The connection that --through made' }),
  notes: z.array(z.string()),
  text: shownText,
  hex: shownHex,
});

const formatVersion = z.literal(documentFormatVersion);

const backendShape = {
  results: z.array(result).meta({ description: 'In the order of the targets' }),
  interrupted: z.boolean(),
  notProbed: z.array(z.string()).meta({ description: 'Targets of which nothing is known' }),
};

const listenShape = {
  listening: z.string(),
  ended: z.enum(['count', 'timeout', 'interrupted', 'through']),
  through: z
    .object({
      target: z.string(),
      outcome: z.enum(['arrived', 'not-there', 'nothing-arrived']),
      attempts: z.int(),
      seenFrom: z.string().optional(),
      reason: z.string(),
      advice: z.string(),
    })
    .optional(),
  connections: z.array(connection).meta({ description: 'In the order in which they were judged' }),
  omitted: z.int().meta({ description: 'Connections beyond those that are kept' }),
};

/** What `verify backend -o json` prints. */
export const backendSchema: z.ZodType<BackendDocument> = z.object({ formatVersion, ...backendShape });

/** What `verify listen -o json` prints. */
export const listenSchema: z.ZodType<ListenDocument> = z.object({ formatVersion, ...listenShape });

/** What `verify -o json` prints: `results` of backends, or `connections` that were listened to. */
export const verifySchema = z
  .object({
    formatVersion,
    ...z.object(backendShape).partial().shape,
    ...z.object(listenShape).partial().shape,
  })
  .meta({
    title: 'elb-proxy verify',
    description:
      'What backends do with the PROXY line (results), or what connections began with (connections)',
  });
