import { z } from 'zod';
import { captureEnds, notJudgedCodes } from '../../core/verify-capture.js';
import { connectionVerdicts } from '../../core/verify-connection.js';
import { backendVerdicts } from '../../core/verify-result.js';
import { documentFormatVersion } from './status.js';
import type { BackendDocument } from './verify-backend.js';
import type { CaptureDocument } from './verify-capture.js';
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
  probe: z.string().meta({ description: 'What came first, and what followed: v1+http' }),
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
  vantage: z
    .object({ kind: z.enum(['here', 'instance']), instanceId: z.string().optional() })
    .meta({ description: 'Where the probes came from: this machine, or the target’s own instance' }),
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
  to: z.string().optional().meta({ description: 'The server’s end, in a capture' }),
  verdict: z.enum(connectionVerdicts),
  ...z.object(header).partial().shape,
  sender: z
    .enum(['network-load-balancer'])
    .optional()
    .meta({ description: 'Who sends such headers, where their form shows it' }),
  vpceEndpointId: z
    .string()
    .optional()
    .meta({ description: 'The VPC endpoint that the client came through (PrivateLink)' }),
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

const heardUntil = z.enum(['count', 'timeout', 'interrupted', 'through']);

const listenShape = {
  listening: z.string(),
  ended: heardUntil,
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

const count = z.int().min(0);
const readUntil = z.enum(captureEnds);

const captureShape = {
  capture: z.string().meta({ description: 'The file; - for standard input' }),
  ports: z.array(z.int()),
  connections: listenShape.connections,
  ended: readUntil,
  packets: count,
  verdicts: z.object({
    'proxy-v1': count.optional(),
    'proxy-v2': count.optional(),
    absent: count.optional(),
    malformed: count.optional(),
    empty: count.optional(),
  }),
  healthChecks: count,
  notJudged: z
    .array(
      z.object({
        at: z.string(),
        from: z.string(),
        to: z.string(),
        code: z.enum(notJudgedCodes),
        reason: z.string(),
      }),
    )
    .meta({ description: 'Connections to the port that get no verdict; the first thousand' }),
  notJudgedCounts: z.object(Object.fromEntries(notJudgedCodes.map((code) => [code, count.optional()]))),
  notes: z.array(z.string()).meta({ description: 'What is to be known about the capture itself' }),
  otherPorts: z
    .array(z.object({ port: z.int(), connections: count }))
    .meta({ description: 'Where else connections went, the most frequent first' }),
};

/** What `verify backend -o json` prints. */
export const backendSchema: z.ZodType<BackendDocument> = z.object({ formatVersion, ...backendShape });

/** What `verify listen -o json` prints. */
export const listenSchema: z.ZodType<ListenDocument> = z.object({ formatVersion, ...listenShape });

/** What `verify capture -o json` prints. */
export const captureSchema: z.ZodType<CaptureDocument> = z.object({ formatVersion, ...captureShape });

/** What `verify -o json` prints: `results` of backends, or `connections` that were listened to or captured. */
export const verifySchema = z
  .object({
    formatVersion,
    ...z.object(backendShape).partial().shape,
    ...z.object(listenShape).partial().shape,
    ...z.object(captureShape).partial().shape,
    ended: z.enum([...heardUntil.options, ...captureEnds]).optional(),
  })
  .meta({
    title: 'elb-proxy verify',
    description:
      'What backends do with the PROXY line (results), or what connections began with (connections)',
  });
