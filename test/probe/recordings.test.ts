import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { classify } from '../../src/probe/classify.js';
import type { ProbeName } from '../../src/probe/probe.js';
import type { Recording } from '../../src/probe/recording.js';
import type { Goal } from '../../src/probe/seen.js';

const folder = new URL('recordings/', import.meta.url);
const golden = z.object({
  server: z.string(),
  app: z.enum(['auto', 'http', 'tls', 'tcp']),
  send: z.string().optional(),
  expectReply: z.string().optional(),
  verdict: z.string(),
  recordings: z.array(
    z.object({
      probe: z.string(),
      received: z.string(),
      greeting: z.number().optional(),
      ended: z.enum(['open', 'fin', 'reset', 'refused', 'timeout', 'unreachable']),
      ms: z.number(),
      inside: z.object({ established: z.boolean(), received: z.string() }).optional(),
    }),
  ),
});
const all = readdirSync(folder).map((name) =>
  golden.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
);
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** What test/peers recorded of real servers, each with its verdict: `ELB_PROXY_RECORD=1` records them again. */
it.each(all.map((one) => [`${one.server}: ${one.verdict}`, one] as const))('%s', (_, one) => {
  const recordings: readonly Recording[] = one.recordings.map((recording) => ({
    ...recording,
    probe: recording.probe as ProbeName,
    sent: bytes(''),
    received: bytes(recording.received),
    receivedTotal: recording.received.length,
    inside: recording.inside && { ...recording.inside, received: bytes(recording.inside.received) },
  }));
  const goal: Goal = {
    app: one.app,
    send: one.send !== undefined,
    expectReply: one.expectReply === undefined ? undefined : bytes(one.expectReply),
  };
  // Each probe was asked for by what was known before it; nothing else was.
  for (const [index, { probe }] of recordings.entries())
    expect(classify(recordings.slice(0, index), goal)).toMatchObject({ kind: 'ask', probe });
  const decision = classify(recordings, goal);
  expect(decision.kind === 'verdict' ? `${decision.verdict} ${decision.confidence}` : decision).toBe(
    one.verdict,
  );
});
