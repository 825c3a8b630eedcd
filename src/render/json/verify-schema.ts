import { z } from 'zod';
import { captureEnds, notJudgedCodes } from '../../core/verify-capture.js';
import { connectionVerdicts } from '../../core/verify-connection.js';
import { backendVerdicts } from '../../core/verify-result.js';
import { formatVersion, time } from './schema-parts.js';

const shownText = z.string().describe('The first 256 bytes; all but printable ASCII escaped');
const shownHex = z.string().describe('The same bytes in hexadecimal');
const shownBytes = z.object({
  bytes: z.int().describe('How many there were in all'),
  text: shownText,
  hex: shownHex,
});
const end = z.object({
  address: z.string().describe('The IP address'),
  port: z.int().min(0).max(65_535).describe('The port'),
});

const evidence = z.object({
  probe: z.string().describe('What came first, and what followed: v1+http'),
  what: z.string().describe('The same in words'),
  sent: shownBytes.describe('What was sent'),
  received: shownBytes.describe('What came back'),
  inside: z
    .object({
      established: z.boolean().describe('Whether the TLS handshake succeeded'),
      received: shownBytes.describe('What came back'),
    })
    .optional()
    .describe('Inside TLS; absent if no TLS session was tried'),
  ended: z
    .enum(['open', 'fin', 'reset', 'refused', 'timeout', 'unreachable'])
    .describe('How the connection ended; open: it was open when the wait was over'),
  ms: z.number().describe('Milliseconds to the first byte, to the end, or to the end of the wait'),
});

const result = z.object({
  target: z.string().describe('host:port, as it was given'),
  address: z.string().optional().describe('The IP address that was probed'),
  instanceId: z.string().optional().describe('Where the target is a registered instance'),
  vantage: z
    .object({
      kind: z.enum(['here', 'instance']).describe('This machine, or the target’s own instance'),
      instanceId: z.string().optional().describe('The instance that probed'),
    })
    .describe('Where the probes came from'),
  verdict: z.enum(backendVerdicts).describe('What the backend does with the PROXY line'),
  confidence: z
    .enum(['strong', 'weak'])
    .describe('strong: only such a backend behaves so; weak: the likeliest reading'),
  seenFrom: z
    .string()
    .optional()
    .describe('The address that the backend saw; for another address it may do otherwise'),
  reason: z.string().describe('How the verdict is known, or why there is none'),
  advice: z.string().describe('What to do'),
  notes: z.array(z.string()).describe('What else was noticed'),
  evidence: z.array(evidence).describe('The probes, in the order in which they were made'),
});

const header = {
  version: z.union([z.literal(1), z.literal(2)]).describe('The version of the header'),
  command: z.enum(['PROXY', 'LOCAL']).describe('LOCAL: the sender’s own connection'),
  family: z.string().describe('The addresses’ family and transport: TCP4'),
  source: end.optional().describe('The client, as the header names it'),
  destination: end.optional().describe('What the client connected to, as the header names it'),
};

const connection = z.object({
  at: time.describe('When it came; ISO 8601, UTC'),
  from: z.string().describe('The peer’s address and port'),
  to: z.string().optional().describe('The server’s end, in a capture'),
  verdict: z.enum(connectionVerdicts).describe('What its first bytes are'),
  ...z.object(header).partial().shape,
  sender: z
    .enum(['network-load-balancer'])
    .optional()
    .describe('Who sends such headers, where their form shows it'),
  vpceEndpointId: z
    .string()
    .optional()
    .describe('The VPC endpoint that the client came through (PrivateLink)'),
  field: z.string().optional().describe('The field of a malformed header'),
  reason: z.string().optional().describe('Why it is malformed, or what was strange'),
  offset: z.int().optional().describe('The first byte at which no valid header could go on'),
  data: z
    .enum(['http', 'tls-client-hello', 'other'])
    .optional()
    .describe('What followed the header, or came instead of it'),
  healthCheck: z.boolean().optional().describe('A load balancer’s own connection'),
  pieces: z
    .int()
    .optional()
    .describe(
      'How many pieces the header came in, if more than one; HAProxy, nginx and lighttpd refuse that',
    ),
  second: z.object(header).optional().describe('Another header right behind the first'),
  own: z.boolean().optional().describe('The connection that --through made'),
  notes: z.array(z.string()).describe('What else was noticed'),
  text: shownText,
  hex: shownHex,
});

const backendShape = {
  results: z.array(result).describe('In the order of the targets'),
  interrupted: z.boolean().describe('Whether the run was interrupted'),
  notProbed: z.array(z.string()).describe('Targets of which nothing is known'),
};

const heardUntil = z.enum(['count', 'timeout', 'interrupted', 'through']);

const listenShape = {
  listening: z.string().describe('host:port that was bound'),
  ended: heardUntil.describe('Why it stopped'),
  through: z
    .object({
      target: z.string().describe('host:port that was connected to'),
      outcome: z
        .enum(['arrived', 'not-there', 'nothing-arrived'])
        .describe('not-there: it was not accepted; nothing-arrived: it was, and did not come out here'),
      attempts: z.int().describe('How often it was tried'),
      seenFrom: z.string().optional().describe('The client’s address, which the header must name'),
      reason: z.string().describe('How the outcome is known'),
      advice: z.string().describe('What to do'),
      next: z.string().optional().describe('The command that does it, where there is one'),
    })
    .optional()
    .describe('The connection that --through made'),
  connections: z.array(connection).describe('In the order in which they were judged'),
  omitted: z.int().describe('Connections beyond those that are kept'),
};

const count = z.int().min(0);
const readUntil = z.enum(captureEnds);

const captureShape = {
  capture: z.string().describe('The file; - for standard input'),
  ports: z.array(z.int()).describe('The ports that were judged'),
  connections: listenShape.connections,
  ended: readUntil.describe('Why it stopped'),
  packets: count.describe('Packets that were read'),
  verdicts: z
    .partialRecord(z.enum(connectionVerdicts), count)
    .describe('How many connections have each verdict'),
  healthChecks: count.describe('How many of them were health checks'),
  notJudged: z
    .array(
      z.object({
        at: time.describe('The time of its first packet; ISO 8601, UTC'),
        from: z.string().describe('The client’s end'),
        to: z.string().describe('The server’s end'),
        code: z.enum(notJudgedCodes).describe('Why, for scripts'),
        reason: z.string().describe('Why'),
      }),
    )
    .describe('Connections to the port that get no verdict; the first thousand'),
  notJudgedCounts: z
    .partialRecord(z.enum(notJudgedCodes), count)
    .describe('How many connections get no verdict, by reason'),
  notes: z.array(z.string()).describe('What to know about the capture itself'),
  otherPorts: z
    .array(
      z.object({
        port: z.int().describe('The port'),
        connections: count.describe('How many went there'),
      }),
    )
    .describe('Where else connections went, the most frequent first'),
};

/** The document of `verify backend -o json`. */
export const backendSchema = z.object({ formatVersion, ...backendShape });

/** The document of `verify listen -o json`. */
export const listenSchema = z.object({ formatVersion, ...listenShape });

/** The document of `verify capture -o json`. */
export const captureSchema = z.object({ formatVersion, ...captureShape });

/** The document of `verify -o json`: `results` of backends, or `connections` that were listened to or captured. */
export const verifySchema = z
  .object({
    formatVersion,
    ...z.object(backendShape).partial().shape,
    ...z.object(listenShape).partial().shape,
    ...z.object(captureShape).partial().shape,
    ended: z
      .enum([...heardUntil.options, ...captureEnds])
      .optional()
      .describe('Why it stopped'),
  })
  .meta({
    title: 'elb-proxy verify',
    description:
      'What backends do with the PROXY line (results), or what connections began with (connections)',
  });
