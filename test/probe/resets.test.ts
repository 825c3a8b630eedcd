import { setMaxListeners } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBackends } from '../../src/app/verify-backends.js';
import type { BackendResult } from '../../src/core/verify-result.js';
import { backendProber } from '../../src/probe/probe-backend.js';
import type { ProbeSettings } from '../../src/probe/settings.js';
import { Stage } from '../peers/verify-servers.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';

const http = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';
const bad = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
const quick: ProbeSettings = { app: 'auto', timeoutMs: 300, bannerWaitMs: 15 };

/** A relay that resets the client once so many bytes have passed, either way; 0: as soon as it is connected. */
function resetting(upstream: number, bytes: number): Server {
  return createServer((client) => {
    const reset = (): void => void client.resetAndDestroy();
    client.on('error', () => undefined);
    if (bytes === 0) return reset();
    let passed = 0;
    const server = connect(upstream, '127.0.0.1').on('error', reset);
    const pass = (to: Socket) => (chunk: Buffer) => {
      const left = bytes - passed;
      passed += chunk.length;
      to.write(chunk.subarray(0, left));
      if (passed >= bytes) setImmediate(reset);
    };
    client.on('data', pass(server)).on('close', () => server.destroy());
    server.on('data', pass(client)).on('end', () => client.end());
  });
}

describe('a target that resets', () => {
  let stage: Stage;
  let [web, secure, greeter] = [0, 0, 0];

  beforeAll(async () => {
    stage = await Stage.open();
    // It takes no PROXY line, so that no cut, however late, leaves a target that does.
    const answer = (socket: Socket): void =>
      void socket.once('data', (data) => socket.end(data.toString('latin1').startsWith('GET ') ? http : bad));
    web = await stage.listen(createServer(answer));
    secure = await stage.listen(createTls({ cert: certificate, key: privateKey }, answer));
    greeter = await stage.listen(createServer((socket) => void socket.write('220 hello\r\n')));
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  // At each byte of the request and of the answer, and of a handshake; a thousand runs in all.
  it('a target that resets at any byte ends as its own result, beside others', async () => {
    const cuts = [
      ...Array.from({ length: 250 }, (_, byte) => ({ upstream: web, byte })),
      ...Array.from({ length: 450 }, (_, byte) => ({ upstream: secure, byte: byte * 6 })),
      ...Array.from({ length: 60 }, (_, byte) => ({ upstream: greeter, byte })),
      ...Array.from({ length: 240 }, () => ({ upstream: web, byte: 0 })),
    ];
    const targets = await Promise.all(
      cuts.map(async ({ upstream, byte }) => ({
        host: '127.0.0.1',
        port: await stage.listen(resetting(upstream, byte)),
      })),
    );
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const { results } = await verifyBackends(targets, {
      probe: backendProber(quick),
      concurrency: 24,
      signal,
    });
    expect(results).toHaveLength(1000);
    const failed = results.filter(({ reason }) => reason.includes('on this side'));
    expect(failed.map(({ reason, target }) => `${target}: ${reason}`)).toEqual([]);
    for (const [index, { evidence }] of results.entries())
      expect(evidence.length, JSON.stringify(cuts[index])).toBeGreaterThan(0);
    // Nothing that such a target does is a PROXY line taken.
    // A weak verdict may rest on a reset that a busy machine delivers later than these short waits.
    const taken = results.filter(
      ({ verdict, confidence }: BackendResult) => confidence === 'strong' && /requires|both/.test(verdict),
    );
    expect(taken.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([]);
  });
});
