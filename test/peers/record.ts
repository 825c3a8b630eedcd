import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { carry } from '../../src/probe/carry.js';
import { classify } from '../../src/probe/classify.js';
import { exchangeFor } from '../../src/probe/exchange.js';
import type { Recording } from '../../src/probe/recording.js';
import type { ProbeSettings } from '../../src/probe/settings.js';
import { turns } from '../../src/probe/turns.js';

/** As much of an answer as a golden recording keeps; of TLS, what shows that it is a handshake. */
const keptAtMost = { clear: 512, tls: 8 };

/**
 * Probes a port, and keeps what it answered as a golden input of the classifier: recorded again where ELB_PROXY_RECORD is
 * set, and looked at before it is committed.
 */
export async function record(server: string, port: number, settings: ProbeSettings): Promise<void> {
  if (process.env['ELB_PROXY_RECORD'] === undefined) return;
  const { app, send, expectReply, timeoutMs } = settings;
  const goal = { app, send: send !== undefined, expectReply };
  const recordings: Recording[] = [];
  for (let decision = classify(recordings, goal); ; decision = classify(recordings, goal)) {
    if (decision.kind === 'verdict') {
      const shown = {
        server,
        app,
        ...(send === undefined ? {} : { send: text(send) }),
        ...(expectReply === undefined ? {} : { expectReply: text(expectReply) }),
        verdict: `${decision.verdict} ${decision.confidence}`,
        recordings: recordings.map(golden),
      };
      const name = server.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const path = fileURLToPath(new URL(`../probe/recordings/${name}.json`, import.meta.url));
      await writeFile(path, `${JSON.stringify(shown, undefined, 2)}\n`);
      return;
    }
    const exchange = exchangeFor(decision, { settings, target: `127.0.0.1:${port}`, name: undefined });
    const carried = await carry(
      exchange,
      { address: '127.0.0.1', port, timeoutMs },
      { signal: new AbortController().signal, turns: turns(1, timeoutMs) },
    );
    if (carried === undefined) throw new Error('nothing was carried');
    recordings.push(carried.recording);
  }
}

function golden({ probe, received, greeting, ended, ms, inside }: Recording) {
  return {
    probe,
    received: text(received.subarray(0, received[0] === 0x16 ? keptAtMost.tls : keptAtMost.clear)),
    ...(greeting === undefined ? {} : { greeting }),
    ended,
    ms: Math.round(ms),
    ...(inside === undefined
      ? {}
      : {
          inside: {
            established: inside.established,
            received: text(inside.received.subarray(0, keptAtMost.clear)),
          },
        }),
  };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
