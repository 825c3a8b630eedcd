import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { byBudget } from '../helpers/budget.js';
import { client, frame, line, links, pcap, server, start, Talk } from '../helpers/capture-files.js';
import { elbProxy, type RunOptions, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';

const request = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const megabyte = 1_000_000;

const good = (port = 33_612) =>
  new Talk({ ...client, port })
    .open()
    .send(line + request)
    .close();
const bad = (port = 4) => new Talk({ ...client, port }).open().send(request).close();
const check = (port = 5) => new Talk({ ...client, port }).open().close();

async function captured(content: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), 'web.pcap');
  await writeFile(path, content);
  return path;
}

const fileOf = (...talks: Talk[]): Promise<string> => captured(pcap(talks.flatMap((talk) => talk.frames())));
const argvOf = (file: string, ...more: string[]) => ['verify', 'capture', file, '--port', '8443', ...more];

/** Pipes into the program, and leaves the pipe open. */
function piping(feed: (child: ChildProcess) => unknown): RunOptions {
  return { input: '', inputStaysOpen: true, onStart: (child) => void feed(child) };
}

/** The highest memory use of a run, in bytes. */
async function memoryOf(argv: readonly string[], options: RunOptions) {
  const file = join(await temporaryDirectory(), 'memory');
  const memoryAtExit = fileURLToPath(new URL('../helpers/memory-at-exit.cjs', import.meta.url));
  const ran = await elbProxy(argv, {
    ...options,
    env: { NODE_OPTIONS: `--require=${memoryAtExit}`, MEMORY_FILE: file },
  });
  return { ran, memory: Number(await readFile(file, 'utf8')) };
}

/** Writes at the pace of the reader, and closes. */
async function writeAll(stream: NodeJS.WritableStream, pieces: Iterable<Buffer>): Promise<void> {
  stream.on('error', () => undefined);
  for (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
}

describe('verify capture', () => {
  it('says what each connection of a file began with, when that was, and the sum', async () => {
    const ran = await elbProxyHere(argvOf(await fileOf(good(), bad(), check())));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toContain('10.0.0.8:33612 sent a valid PROXY line\n');
    expect(ran.stdout).toContain(`to 10.0.0.5:8443, ${new Date(start).toISOString()}\n`);
    expect(ran.stdout).toContain('client 203.0.113.9:51234, load balancer 10.0.0.8:443');
    expect(ran.stdout).toContain('10.0.0.8:5 sent nothing: it was closed without a byte');
    expect(ran.stdout).toMatch(/\n3 connections: 1 proxy-v1, 1 absent, 1 empty\.\n$/);
  });

  it('gives one JSON document that its schema describes', async () => {
    const before = new Talk({ ...client, port: 9 }).send('more').close();
    const file = await fileOf(before, good(), check());
    const ran = await elbProxyHere(argvOf(file, '-o', 'json'));
    expect(ran.json()).toMatchObject({
      formatVersion: 1,
      capture: file,
      ports: [8443],
      connections: [{ verdict: 'proxy-v1', to: '10.0.0.5:8443' }, { verdict: 'empty' }],
      ended: 'end',
      verdicts: { 'proxy-v1': 1, empty: 1 },
      notJudged: [{ code: 'began-before', from: '10.0.0.8:9' }],
      notJudgedCounts: { 'began-before': 1 },
    });
    const none = await elbProxyHere(['verify', 'capture', file, '--port', '1', '-o', 'json']);
    expect(none.json()).toMatchObject({ connections: [], otherPorts: [{ port: 8443, connections: 2 }] });
  });

  it.each([
    ['every connection has the line, health checks apart', [good(), good(2), check()], 'proxy-v1', 0],
    ['one has not', [good(), bad()], 'proxy-v1', 4],
    ['there is none', [check()], 'proxy-v1', 4],
    ['none could be judged', [new Talk().send('more')], 'proxy-v1', 4],
    ['only checks came, as expected', [check()], 'empty', 0],
  ])('decides by --expect: %s', async (_, talks, expected, code) => {
    const ran = await elbProxyHere(argvOf(await fileOf(...talks), '--expect', expected));
    expect(ran.code).toBe(code);
    if (code === 4) expect(ran.stderr).toContain(`expected ${expected}: `);
  });

  it('does not meet --expect with a damaged file, but does with one that was cut', async () => {
    const whole = pcap(good().frames());
    const damaged = await captured(Buffer.concat([whole, Buffer.alloc(80, 0xff)]));
    const spoiled = await elbProxyHere(argvOf(damaged, '--expect', 'proxy-v1'));
    expect([spoiled.code, spoiled.stdout]).toEqual([4, expect.stringContaining('1 connection: 1 proxy-v1')]);
    const cut = await elbProxyHere(argvOf(await captured(whole.subarray(0, -3)), '--expect', 'proxy-v1'));
    expect([cut.code, cut.stdout]).toEqual([0, expect.stringContaining('ends inside a packet')]);
  });

  it('takes several ports', async () => {
    const other = new Talk(client, { ...server, port: 9443 }).open().send(line).close();
    const ran = await elbProxyHere(argvOf(await fileOf(good(4), other), '--port', '9443,10443'));
    expect(ran.stdout).toContain('2 connections: 2 proxy-v1.');
  });

  it('stops after --count connections, checks not counted', async () => {
    const ran = await elbProxyHere(
      argvOf(await fileOf(check(), good(1), good(2), bad()), '--count', '2', '-o', 'json'),
    );
    expect(ran.json()).toMatchObject({ ended: 'count', verdicts: { empty: 1, 'proxy-v1': 2 } });
    expect(ran.json().connections).toHaveLength(3);
  });

  it.each([
    [['capture'], 'the capture is missing'],
    [['capture', 'a.pcap'], '--port is missing'],
    [['capture', 'a.pcap', '--port', '0'], '--port 0'],
    [['capture', 'a.pcap', 'b.pcap', '--port', '1'], 'unexpected argument "b.pcap"'],
    [
      ['capture', 'a.pcap', '--port', '1', '--host', '::1'],
      '--host only works with verify listen, not with verify capture',
    ],
    [['capture', 'a.pcap', '--port', '1', '--expect', 'no-proxy'], '--expect no-proxy: choose from proxy-v1'],
    [['listen', '--port', '1,2'], '--port 1 and --port 2 are both given'],
    [['listen', '--port', '1', '--app', 'tls'], '--app only works with verify backend'],
  ])('%j is a usage error', async (argv, words) => {
    const ran = await elbProxyHere(['verify', ...argv, '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
  });

  it.each([
    [
      'a file that is not there',
      async () => '/nonexistent/web.pcap',
      /can't be read: no such file or directory/,
    ],
    ['a directory', async () => '/', /\/ can't be read: it is a directory/],
    ['an empty file', async () => captured(Buffer.alloc(0)), /web\.pcap is empty/],
    ['a text', async () => captured(Buffer.from('15:30:12 IP\n')), /is text, not a pcap or pcapng capture/],
    [
      'another link type',
      async () => captured(pcap([frame(Buffer.alloc(60), start)], { linkType: 105 })),
      /link type 105 \(IEEE 802\.11\)/,
    ],
  ])('%s is one clear line, exit code 1', async (_, file, words) => {
    const ran = await elbProxyHere(argvOf(await file()));
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(words);
    const json = await elbProxyHere(argvOf(await file(), '-o', 'json'));
    expect(json.json().error.message).toMatch(words);
  });
});

describe('verify capture in a pipe', () => {
  it('says a verdict as soon as it is known, and Ctrl-C is how it ends', async () => {
    const ran = await elbProxy(
      argvOf('-', '--expect', 'proxy-v1'),
      piping((child) => {
        child.stdin?.write(pcap(good().frames().slice(0, 4)));
        child.stdout?.once('data', () => child.kill('SIGINT'));
      }),
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/1 connection: 1 proxy-v1\.\n$/);
  });

  it('says what is known of a line with nothing behind it once packets pause', async () => {
    const ran = await elbProxy(
      argvOf('-', '--count', '1', '-o', 'json'),
      piping((child) => child.stdin?.write(pcap(new Talk().open().send(line).frames()))),
    );
    expect(ran.json()).toMatchObject({ ended: 'count', connections: [{ verdict: 'proxy-v1' }] });
  });

  it('ends with what the writer still has when the same Ctrl-C ends that', async () => {
    const ran = await elbProxy(
      argvOf('-', '-o', 'json'),
      piping((child) => {
        child.stdin?.write(pcap([...check().frames(), ...good().frames().slice(0, 1)]));
        child.stdout?.once('data', () => {
          child.kill('SIGINT');
          setTimeout(() => child.stdin?.end(pcap(good().frames().slice(1)).subarray(24)), 50);
        });
      }),
    );
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ verdicts: { empty: 1, 'proxy-v1': 1 } });
  });

  it('ends at --timeout; with a bound, Ctrl-C cuts it off', async () => {
    const late = await elbProxy(
      argvOf('-', '--timeout', '0.3', '--expect', 'proxy-v1'),
      piping((child) => child.stdin?.write(pcap([]))),
    );
    expect([late.code, late.stdout]).toEqual([4, expect.stringContaining('until the timeout')]);
    const cut = await elbProxy(
      argvOf('-', '--count', '1'),
      piping((child) => {
        child.stdin?.write(pcap(check().frames()));
        child.stdout?.once('data', () => child.kill('SIGINT'));
      }),
    );
    expect(cut.code).toBe(130);
  });

  it('says where to look if nothing came through', async () => {
    const ran = await elbProxy(argvOf('-'), { input: '' });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('standard input is empty');
    expect(ran.stderr).toContain('tcpdump');
  });

  it("says at once that a live link type can't be read", async () => {
    const ran = await elbProxy(
      argvOf('-'),
      piping((child) => child.stdin?.write(pcap([frame(Buffer.alloc(60), start)], { linkType: 105 }))),
    );
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('link type 105')]);
  });
});

describe('memory', () => {
  const thousands = byBudget(20, 100);

  it('stays bounded for as many connections as there may be', { timeout: 240_000 }, async () => {
    function* pieces(): Generator<Buffer> {
      yield pcap([]);
      for (let many = 0; many < thousands; many += 1) {
        const talks = Array.from({ length: 1000 }, (_, one) => {
          const from = { address: `10.${many}.${one >> 8}.${one & 255}`, port: 1024 + one };
          return new Talk(from)
            .open()
            .send(line + request)
            .close();
        });
        // A thousand at once: each step of all of them, then the next step.
        const steps = talks[0]?.packets.length ?? 0;
        const frames = Array.from({ length: steps }, (_, step) =>
          talks.map(({ packets }) => frame(links.ethernet.wrap(packets[step]!), start + many * 1000 + step)),
        );
        yield pcap(frames.flat()).subarray(24);
      }
    }
    const { ran, memory } = await memoryOf(
      argvOf('-', '-o', 'json'),
      piping((child) => writeAll(child.stdin!, pieces())),
    );
    const document = ran.json();
    expect(document).toMatchObject({
      ended: 'end',
      verdicts: { 'proxy-v1': thousands * 1000 },
      notJudged: [],
    });
    expect(document.connections).toHaveLength(thousands * 1000);
    expect(memory).toBeLessThan(200 * megabyte);
  });

  it('stays bounded for 100,000 connections that are open at once and say nothing', {
    timeout: 240_000,
  }, async () => {
    function* pieces(): Generator<Buffer> {
      yield pcap([]);
      for (let many = 0; many < 100; many += 1)
        yield pcap(
          Array.from({ length: 1000 }, (_, one) => one).flatMap((one) =>
            new Talk({ address: `10.${many}.${one >> 8}.${one & 255}`, port: 1024 + one })
              .open()
              .frames('ethernet', 1, start + many * 200),
          ),
        ).subarray(24);
      yield pcap([frame(Buffer.alloc(60), start + 30_000)]).subarray(24);
    }
    const { ran, memory } = await memoryOf(
      argvOf('-'),
      piping((child) => writeAll(child.stdin!, pieces())),
    );
    expect(ran.stdout).toMatch(/\n100000 connections: 100000 empty\.\n$/);
    expect(memory).toBeLessThan(200 * megabyte);
  });

  it('stays bounded in a flood of other traffic', { timeout: 600_000 }, async () => {
    const bytes = byBudget(50, 1000) * megabyte;
    const flood = pcap(
      Array.from({ length: 1000 }, (_, one) => one).flatMap((one) =>
        new Talk({ ...client, port: 1024 + one }, { ...server, port: 443 })
          .open()
          .send(Buffer.alloc(1200, one))
          .send(Buffer.alloc(1200, one))
          .close()
          .frames(),
      ),
    ).subarray(24);
    function* pieces(): Generator<Buffer> {
      yield pcap([]);
      for (let sent = 0; sent < bytes; sent += flood.length) yield flood;
      yield pcap(good().frames()).subarray(24);
    }
    const { ran, memory } = await memoryOf(
      argvOf('-', '--expect', 'proxy-v1'),
      piping((child) => writeAll(child.stdin!, pieces())),
    );
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/\n1 connection: 1 proxy-v1\.\n$/);
    expect(memory).toBeLessThan(150 * megabyte);
  });
});
