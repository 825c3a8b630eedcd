import { type ChildProcess, spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type VerifyProgress, verifyBackends } from '../../src/app/verify-backends.js';
import type { Target } from '../../src/core/verify-result.js';
import { backendProber } from '../../src/probe/probe-backend.js';
import type { ProbeSettings } from '../../src/probe/settings.js';
import { echo, Stage, silent } from '../peers/verify-servers.js';

const settings: ProbeSettings = { app: 'http', timeoutMs: 200, bannerWaitMs: 100 };

/** Loopback addresses, all of the one server that listens on all. */
function targets(port: number, count: number): Target[] {
  return Array.from({ length: count }, (_, index) => ({
    host: `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`,
    port,
  }));
}

/** As the program's own signal is: each connection listens to it. */
function neverAborted(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}

/** A server in a process of its own; the code has it as `s`. */
async function inProcess(
  code: string,
  backlog = 511,
): Promise<AsyncDisposable & { readonly port: number; readonly child: ChildProcess }> {
  const listen = `const s=require('net').createServer().listen({port:0,host:'0.0.0.0',backlog:${backlog}},()=>console.log(s.address().port));`;
  const child = spawn(process.execPath, ['-e', listen + code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(line.toString()),
    child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A port whose queue is full, so that connecting to it gets no answer at all: a stopped process listens. */
async function blackHole(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = await inProcess('', 1);
  server.child.kill('SIGSTOP');
  const { port } = server;
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('many targets', () => {
  it.skipIf(process.platform !== 'linux')(
    'a thousand black holes take the time that their number and the concurrency make, and little memory',
    async () => {
      await using hole = await blackHole();
      const concurrency = 64;
      const timeoutMs = 250;
      global.gc?.();
      const before = process.memoryUsage().rss;
      const started = performance.now();
      const { results } = await verifyBackends(targets(hole.port, 1000), {
        probe: backendProber({ ...settings, timeoutMs }),
        concurrency,
        signal: neverAborted(),
      });
      const ms = performance.now() - started;
      expect(results).toHaveLength(1000);
      expect(new Set(results.map(({ reason }) => reason))).toEqual(
        new Set(['the connection was not established in time']),
      );
      const ideal = (timeoutMs * 1000) / concurrency;
      expect(ms).toBeGreaterThanOrEqual(ideal * 0.95);
      expect(ms).toBeLessThan(ideal * 2);
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    },
  );

  it('never has more under way than the concurrency, nor more than one connection to a target', async () => {
    await using stage = await Stage.open();
    let [open, most] = [0, 0];
    const server = createServer((socket) => {
      most = Math.max(most, (open += 1));
      socket.on('error', () => undefined).once('close', () => (open -= 1));
      socket.resume();
    });
    const port = await stage.listen(server);
    const progress: VerifyProgress[] = [];
    const all = Array.from({ length: 40 }, () => ({ host: '127.0.0.1', port }));
    const { results } = await verifyBackends(all, {
      probe: backendProber(settings),
      concurrency: 8,
      signal: neverAborted(),
      onProgress: (now) => progress.push(now),
    });
    expect(most).toBeLessThanOrEqual(9);
    expect(results.every(({ verdict }) => verdict === 'inconclusive')).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: 40, total: 40, verdicts: { inconclusive: 40 } });
  });

  it('that say nothing are waited for together, not one after the other', async () => {
    await using stage = await Stage.open();
    const controller = new AbortController();
    let open = 0;
    const port = await stage.listen(
      createServer((socket) => {
        socket.on('error', () => undefined).resume();
        if (++open === 200) controller.abort();
      }),
    );
    const minute = 60_000;
    const { results, notProbed } = await verifyBackends(
      Array.from({ length: 200 }, () => ({ host: '127.0.0.1', port })),
      {
        probe: backendProber({ app: 'auto', timeoutMs: minute, bannerWaitMs: minute }),
        signal: controller.signal,
      },
    );
    expect(results.length + notProbed.length).toBe(200);
  });

  it('whose greeting arrived while this process was busy are not taken for silent', async () => {
    await using greeter = await inProcess(
      `s.on('connection',c=>c.on('error',()=>{}).write('220 mail\\r\\n'))`,
    );
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    const busy = setInterval(() => Atomics.wait(sleeper, 0, 0, 150), 1);
    try {
      const { results } = await verifyBackends(targets(greeter.port, 4), {
        probe: backendProber({ app: 'auto', timeoutMs: 400, bannerWaitMs: 50 }),
        signal: neverAborted(),
      });
      expect(results.map(({ evidence }) => evidence[0]?.received.text)).toEqual(
        Array.from({ length: 4 }, () => String.raw`220 mail\r\n`),
      );
    } finally {
      clearInterval(busy);
    }
  });

  it('keeps little of a backend that pours out bytes, and stops reading it', async () => {
    await using stage = await Stage.open();
    const block = Buffer.alloc(1 << 16, 'x');
    const port = await stage.listen(
      createServer((socket) => {
        const pour = (): void => {
          while (socket.writable && socket.write(block));
        };
        socket.on('drain', pour);
        pour();
      }),
    );
    const started = performance.now();
    const probe = backendProber({ ...settings, app: 'auto' });
    const result = await probe({ host: '127.0.0.1', port }, new AbortController().signal);
    expect(performance.now() - started).toBeLessThan(5000);
    for (const { received } of result.evidence) {
      expect(received.hex.length).toBeLessThanOrEqual(512);
      expect(received.text.length).toBeLessThanOrEqual(1024);
    }
  });
});

describe('an interruption', () => {
  it('gives what is known: whole results, begun ones as such, and names the rest', async () => {
    await using stage = await Stage.open();
    const quick = await stage.listen(echo());
    const slow = await stage.listen(silent());
    const controller = new AbortController();
    const all = [quick, slow, slow, slow].map((port) => ({ host: '127.0.0.1', port }));
    const started = performance.now();
    const running = verifyBackends(all, {
      probe: backendProber({ ...settings, app: 'auto', timeoutMs: 20_000 }),
      concurrency: 2,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 1000);
    const { results, notProbed } = await running;
    expect(performance.now() - started).toBeLessThan(3000);
    expect(results.map(({ verdict }) => verdict)).toEqual(['no-proxy', 'inconclusive', 'inconclusive']);
    expect(results[1]?.reason).toMatch(/^interrupted after 1 of at most 8/);
    expect(notProbed).toHaveLength(1);
  });
});
