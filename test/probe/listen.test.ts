import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  type Heard,
  type ListenBounds,
  unmetExpectation,
  verifyListen,
} from '../../src/app/verify-listen.js';
import type { ConnectionReport } from '../../src/core/verify-connection.js';
import { openSink } from '../../src/probe/listen/open-sink.js';
import { reachThrough } from '../../src/probe/listen/reach-through.js';
import { balance } from '../local/traffic.js';
import { Stage } from '../peers/verify-servers.js';

interface Listening {
  readonly port: number;
  readonly heard: Promise<Heard>;
  readonly stop: () => void;
}

interface ListenOptions extends Partial<Pick<ListenBounds, 'count' | 'timeoutMs' | 'onConnection'>> {
  readonly through?: { readonly host: string; readonly port: number; readonly tls?: boolean };
  readonly throughMs?: number;
}

async function listen(
  { through, throughMs = 5000, ...bounds }: ListenOptions = {},
  port = 0,
): Promise<Listening> {
  const controller = new AbortController();
  const nonce = randomBytes(12).toString('hex');
  const ours = new Set<string>();
  let heard: Promise<Heard> | undefined;
  const bound = await new Promise<number>((resolve, reject) => {
    heard = verifyListen(
      {
        openSink: (onConnection) => openSink({ host: '127.0.0.1', port, nonce, ours, onConnection }),
        ...(through === undefined
          ? {}
          : {
              reach: (arrived, signal) =>
                reachThrough({ ...through, nonce, ours, timeoutMs: throughMs, arrived, signal }),
            }),
      },
      {
        onConnection: () => undefined,
        ...bounds,
        signal: controller.signal,
        onListening: (sink) => resolve(sink.port),
      },
    );
    heard.catch(reject);
  });
  return { port: bound, heard: heard as unknown as Promise<Heard>, stop: () => controller.abort() };
}

async function send(port: number, ...chunks: string[]): Promise<string> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => undefined);
  await once(socket, 'connect');
  for (const chunk of chunks) {
    socket.write(Buffer.from(chunk, 'latin1'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  socket.end();
  if (!socket.closed) await once(socket, 'close');
  return answer;
}

const line = 'PROXY TCP4 203.0.113.9 10.0.0.8 51234 443\r\n';

describe('verify listen', () => {
  it('judges clients of every kind, each on its own, and ends after enough of them', async () => {
    const { port, heard } = await listen({ count: 5 });
    await send(port);
    expect(await send(port, `${line}GET / HTTP/1.1\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*proxy-v1\n$/,
    );
    expect(await send(port, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/absent\n$/);
    await send(port, line.slice(0, 20), line.slice(20));
    await send(port, 'PROXY TCP5 ');
    await send(port, '\u001b[2Jrubbish');
    const { connections, ended } = await heard;
    expect(ended).toBe('count');
    expect(connections.map(({ verdict }) => verdict)).toEqual([
      'empty',
      'proxy-v1',
      'absent',
      'proxy-v1',
      'malformed',
      'absent',
    ]);
    expect(connections[3]?.pieces).toBe(2);
    for (const { from, at } of connections) {
      expect(from).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(at).toMatch(/Z$/);
    }
  });

  it('judges five hundred connections side by side, the silent ones after three seconds', async () => {
    const { port, heard, stop } = await listen();
    const started = performance.now();
    const sockets = Array.from({ length: 500 }, (_, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      if (index % 2 === 0) socket.write(line);
      return socket;
    });
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    expect(performance.now() - started).toBeLessThan(9000);
    stop();
    const { connections, ended } = await heard;
    expect(ended).toBe('interrupted');
    const of = (verdict: string) => connections.filter((one) => one.verdict === verdict).length;
    expect([of('proxy-v1'), of('empty'), connections.length]).toEqual([250, 250, 500]);
  });

  it('does not hang on a client that sends a byte now and then', async () => {
    const { port, heard } = await listen({ count: 1 });
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const drip = setInterval(() => socket.write('P'.padEnd(1)), 200);
    socket.write('PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n');
    const { connections } = await heard;
    clearInterval(drip);
    expect(connections[0]?.verdict).toBe('proxy-v1');
  });

  it('ends when its time is over', async () => {
    const { heard } = await listen({ timeoutMs: 200 });
    expect(await heard).toMatchObject({ ended: 'timeout', connections: [] });
  });

  it('says that the port is taken', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(createServer());
    await expect(listen({}, port)).rejects.toMatchObject({ code: 'port-unavailable', fault: 'user' });
  });

  it('says what to do about an address that is none of this machine, in other words than of a port that is taken', async () => {
    const elsewhere = openSink({ host: '192.0.2.1', port: 0, nonce: 'x', onConnection: () => undefined });
    await expect(elsewhere).rejects.toMatchObject({
      code: 'port-unavailable',
      hint: expect.stringContaining('--host'),
    });
    await expect(elsewhere).rejects.not.toMatchObject({ hint: expect.stringContaining('stop what listens') });
  });
});

describe('what was expected', () => {
  const at = { at: '', from: '', notes: [], text: '', hex: '' };
  const heard = (...connections: Partial<ConnectionReport>[]): Heard => ({
    listening: { host: '', port: 1 },
    ended: 'count',
    omitted: 0,
    connections: connections.map((one) => ({ verdict: 'proxy-v1', ...at, ...one })),
  });

  it('holds if everything but health checks matches', () => {
    expect(
      unmetExpectation(
        heard(
          {},
          { verdict: 'empty' },
          { healthCheck: true, verdict: 'proxy-v2' },
          { healthCheck: true, verdict: 'absent' },
        ),
        'proxy-v1',
      ),
    ).toBeUndefined();
    expect(unmetExpectation(heard({}, { verdict: 'absent' }), 'proxy-v1')).toContain('1 of 2');
    expect(unmetExpectation(heard({ verdict: 'empty' }), 'proxy-v1')).toContain('no connection');
    expect(unmetExpectation(heard({ verdict: 'empty' }), 'empty')).toBeUndefined();
  });

  it('is the own connection’s, where there is one', () => {
    const through = { target: 'lb:1', attempts: 1, reason: 'not there', advice: '' };
    const own = heard({ verdict: 'absent' }, { own: true });
    expect(
      unmetExpectation({ ...own, through: { ...through, outcome: 'arrived' } }, 'proxy-v1'),
    ).toBeUndefined();
    expect(unmetExpectation({ ...own, through: { ...through, outcome: 'arrived' } }, 'absent')).toContain(
      'proxy-v1',
    );
    expect(unmetExpectation({ ...own, through: { ...through, outcome: 'not-there' } }, 'proxy-v1')).toBe(
      'not there',
    );
  });
});

describe('through the local load balancer', () => {
  it('distinguishes policy on from policy off, and names the client', async () => {
    const first = await listen({ timeoutMs: 60_000 });
    await using traffic = await balance(first.port, {});
    first.stop();
    await first.heard;
    const through = { host: traffic.host, port: traffic.port };

    const off = await (await listen({ through }, first.port)).heard;
    expect(off.through).toMatchObject({ outcome: 'arrived', target: `${through.host}:${through.port}` });
    expect(off.connections.find(({ own }) => own)).toMatchObject({ verdict: 'absent', data: 'http' });

    await traffic.enable();
    const on = await (await listen({ through }, first.port)).heard;
    const own = on.connections.find((one) => one.own);
    expect(own).toMatchObject({
      verdict: 'proxy-v1',
      data: 'http',
      destination: { address: traffic.host, port: traffic.port },
    });
    expect(`${own?.source?.address}:${own?.source?.port}`).toBe(on.through?.seenFrom);
  });

  it('goes through a listener that terminates TLS, with or without being asked to', async () => {
    const first = await listen({ timeoutMs: 60_000 });
    await using traffic = await balance(first.port, { protocol: 'SSL', instanceProtocol: 'TCP' });
    await traffic.enable();
    first.stop();
    await first.heard;
    const through = { host: traffic.host, port: traffic.port };
    for (const way of [through, { ...through, tls: true }]) {
      const { connections, through: reached } = await (await listen({ through: way }, first.port)).heard;
      expect(reached?.outcome).toBe('arrived');
      expect(connections.find((one) => one.own)).toMatchObject({ verdict: 'proxy-v1' });
    }
  });

  it('says that a load balancer is not there', async () => {
    await using stage = await Stage.open();
    const { heard } = await listen({ through: { host: '127.0.0.1', port: 1 } });
    expect((await heard).through).toMatchObject({ outcome: 'not-there', attempts: 1 });
    const named = await listen({ through: { host: 'no-such-name.invalid', port: 1 } });
    expect((await named.heard).through).toMatchObject({ outcome: 'not-there', attempts: 0 });
    expect(stage.folder).not.toBe('');
  });

  it('says that the connection was taken and nothing of it arrived', async () => {
    await using stage = await Stage.open();
    const other = await stage.listen(createServer((socket) => void socket.resume()));
    const { heard } = await listen({ through: { host: '127.0.0.1', port: other }, throughMs: 2500 });
    const { through, connections } = await heard;
    expect(through).toMatchObject({ outcome: 'nothing-arrived' });
    expect(through?.attempts).toBeGreaterThan(1);
    expect(connections).toEqual([]);
  });

  it('goes on until the load balancer picks this instance', async () => {
    await using stage = await Stage.open();
    let turn = 0;
    let here = 0;
    const roundRobin = await stage.listen(
      createServer((socket) => {
        turn += 1;
        if (turn < 4) return void socket.end('HTTP/1.1 200 OK\r\n\r\nanother instance');
        const to = connect(here, '127.0.0.1').on('error', () => undefined);
        to.write(`PROXY TCP4 127.0.0.1 127.0.0.1 ${socket.remotePort} 443\r\n`);
        return void socket.pipe(to).pipe(socket);
      }),
    );
    const { port, heard } = await listen({ through: { host: '127.0.0.1', port: roundRobin } });
    here = port;
    const { through, connections } = await heard;
    expect(through).toMatchObject({ outcome: 'arrived', reason: expect.stringMatching(/attempt [4-9]/) });
    // The client of the attempt that arrived: else it would look as if an address translation stood between.
    const { source } = connections.find((one) => one.own) ?? {};
    expect(`${source?.address}:${source?.port}`).toBe(through?.seenFrom);
  });
});
