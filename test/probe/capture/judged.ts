import type { CaptureRead, NotJudged } from '../../../src/core/verify-capture.js';
import type { ConnectionReport } from '../../../src/core/verify-connection.js';
import { readCapture } from '../../../src/probe/capture/read-capture.js';

/** What is said of a capture. */
export interface Judged extends CaptureRead {
  readonly connections: readonly ConnectionReport[];
  readonly notJudged: readonly NotJudged[];
}

/** Judges a file in memory, in chunks of a size. */
export async function judged(
  file: Uint8Array,
  { ports = [8443], chunk = 65_536, live = false, name = 'web.pcap' } = {},
): Promise<Judged> {
  const connections: ConnectionReport[] = [];
  const notJudged: NotJudged[] = [];
  const read = await readCapture(
    {
      name,
      live,
      async *chunks() {
        for (let at = 0; at < file.length; at += chunk) yield Buffer.from(file.subarray(at, at + chunk));
      },
    },
    {
      ports: new Set(ports),
      onConnection: (report) => connections.push(report),
      onNotJudged: (connection) => notJudged.push(connection),
      room: async () => undefined,
    },
    new AbortController().signal,
  );
  return { ...read, connections, notJudged };
}
