import { lookup } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { byBudget } from '../helpers/budget.js';
import { freePorts } from '../helpers/free-ports.js';
import { onlyWith } from '../peers/engines.js';
import { verdictThere } from '../peers/verdict-there.js';
import { echo, Stage, silent, verdictOn } from '../peers/verify-servers.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';

const secret = { cert: certificate, key: privateKey };
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

function web(listener: RequestListener = (_, response) => void response.end('ok')): Server {
  return createHttp(listener);
}

function slowly(ms: number): RequestListener {
  return (_, response) => void setTimeout(() => response.end('ok'), ms);
}

function talk(onLine: (line: string, socket: Socket) => void, greeting?: string): Server {
  return createServer((socket) => {
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) onLine(line, socket);
    });
  });
}

const smtp = () => talk((_, socket) => void socket.write('500 what\r\n'), '220 hi\r\n');
/** Greets before it reads a PROXY line; `strict`: closes on a broken one, else skips it. */
const lateProxy = (strict: boolean) =>
  talk((line, socket) => {
    if (line.startsWith('PROXY TCP') || (!strict && line.startsWith('PROXY '))) return;
    if (line.startsWith('PROXY ')) socket.end();
    else socket.write('500 what\r\n');
  }, '220 hi\r\n');
/** Waits for a whole frame of 64 KiB, whatever came first. */
const frames = () =>
  createServer((socket) => {
    socket.write(Buffer.from([0, 1, 2, 3, 255, 254]));
    let length = 0;
    socket.on('data', (chunk) => {
      length += chunk.length;
      if (length > 65_536) socket.write(Buffer.from([0]));
    });
  });
const memcached = () => talk((_, socket) => void socket.write('ERROR\r\n'));
/** Closes as soon as it has bytes that are none of its protocol. */
const picky = () => createServer((socket) => void socket.once('data', () => socket.destroy()));
const required = <T extends Server>(server: T): T => acceptProxyProtocol(server, { mode: 'required' });
const optional = <T extends Server>(server: T): T => acceptProxyProtocol(server, { mode: 'optional' });

const servers: readonly (readonly [what: string, make: () => Server, said: string])[] = [
  ['http', () => web(), 'no-proxy strong'],
  [
    'http that answers 404',
    () => web((_, response) => void response.writeHead(404).end()),
    'no-proxy strong',
  ],
  ['http that answers 400 to everything', () => web((_, r) => void r.writeHead(400).end()), 'no-proxy weak'],
  ['http that is slower than the wait', () => web(slowly(1500)), 'no-proxy strong'],
  ['http that is far slower than the wait', () => web(slowly(20_000)), 'no-proxy weak'],
  ['https', () => createHttps(secret, (_, response) => void response.end('ok')), 'no-proxy strong'],
  ['HTTP/2 in the clear', () => createHttp2(), 'no-proxy strong'],
  ['TLS and an echo', () => createTls(secret, (socket) => void socket.pipe(socket)), 'no-proxy strong'],
  ['TLS and silence', () => createTls(secret, (socket) => void socket.resume()), 'no-proxy weak'],
  ['an echo', echo, 'no-proxy strong'],
  ['a greeting, and an error to each line', smtp, 'no-proxy strong'],
  ['a greeting, and silence', () => talk(() => undefined, 'hello\r\n'), 'no-proxy weak'],
  ['a greeting, and an error to each line but PROXY lines', () => lateProxy(false), 'accepts-both weak'],
  ['a greeting, then a PROXY line that must be valid, or none', () => lateProxy(true), 'accepts-both weak'],
  ['a greeting, and frames in binary behind a PROXY line or none', frames, 'no-proxy weak'],
  ['ERROR to each line', memcached, 'no-proxy weak'],
  ['silence', silent, 'inconclusive weak'],
  ['a close at the first bytes', picky, 'inconclusive weak'],
  ['a close at once', () => createServer((socket) => void socket.destroy()), 'inconclusive weak'],

  ['http, required', () => required(web()), 'requires-proxy strong'],
  [
    'http that answers 400 to everything, required',
    () => required(web((_, r) => void r.writeHead(400).end())),
    'requires-proxy strong',
  ],
  ['http that is slow, required', () => required(web(slowly(1500))), 'requires-proxy weak'],
  [
    'https, required',
    () => required(createHttps(secret, (_, r) => void r.end('ok'))),
    'requires-proxy strong',
  ],
  [
    'TLS and an echo, required',
    () => required(createTls(secret, (s) => void s.pipe(s))),
    'requires-proxy strong',
  ],
  ['an echo, required', () => required(echo()), 'requires-proxy strong'],
  ['a greeting, required', () => required(smtp()), 'requires-proxy strong'],
  ['ERROR to each line, required', () => required(memcached()), 'requires-proxy strong'],
  ['silence, required', () => required(silent()), 'requires-proxy weak'],
  ['a close at the first bytes, required', () => required(picky()), 'requires-proxy weak'],

  ['http, optional', () => optional(web()), 'accepts-both strong'],
  ['https, optional', () => optional(createHttps(secret, (_, r) => void r.end('ok'))), 'accepts-both strong'],
  [
    'TLS and an echo, optional',
    () => optional(createTls(secret, (s) => void s.pipe(s))),
    'accepts-both strong',
  ],
  ['an echo, optional', () => optional(echo()), 'accepts-both strong'],
  ['ERROR to each line, optional', () => optional(memcached()), 'accepts-both strong'],
  [
    'http that answers 400 to everything, optional',
    () => optional(web((_, r) => void r.writeHead(400).end())),
    'accepts-both weak',
  ],
  ['silence, optional', () => optional(silent()), 'accepts-both weak'],
];

const { proxy } = createRequire(import.meta.url)('findhit-proxywrap') as {
  proxy: (
    http: unknown,
    options: { strict: boolean },
  ) => { createServer: (listener: RequestListener) => Server };
};
const wrapped = (strict: boolean): Server =>
  proxy(createRequire(import.meta.url)('node:http'), { strict }).createServer(
    (_, response) => void response.end('ok'),
  );

describe.concurrent('servers of this process', () => {
  it.each(servers)('%s', async (_, make, said) => {
    await using stage = await Stage.open();
    const port = await stage.listen(make());
    const found = await verdictOn(port, { timeoutMs: 1000, bannerWaitMs: 500 });
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
    expect(found.result.evidence.length).toBeLessThanOrEqual(8);
  });
});

/** Verdicts that need to look inside TLS, as bash cannot. */
const insideTls: Readonly<Record<string, string>> = {
  https: 'no-proxy weak',
  'TLS and an echo': 'no-proxy weak',
};

describe.concurrent('the same servers, from an instance', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elb-proxy-engines-'));
    onlyWith(join(folder, 'bash'), {});
    // As interactive shells have it: a bash whose input is a socket would run it, and this one would never be done.
    await writeFile(join(folder, '.bashrc'), 'sleep 20\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(servers)('%s, by Python', async (_, make, said) => {
    await using stage = await Stage.open();
    const found = await verdictThere(await stage.listen(make()), { timeoutMs: 1000, bannerWaitMs: 500 });
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
    expect(found.result.evidence.length).toBeLessThanOrEqual(8);
    expect(found.output.length).toBeLessThan(2500);
  });

  // On the full budget only: in a run with coverage the look for bash times out, for a reason that is not known yet.
  it.each(servers.filter((_, index) => index % byBudget(3, 1) === 0))(
    '%s, by bash',
    async (what, make, said) => {
      await using stage = await Stage.open();
      const settings = { timeoutMs: 1000, bannerWaitMs: 500 };
      const found = await verdictThere(await stage.listen(make()), settings, {
        env: { PATH: join(folder, 'bash'), HOME: folder, SHLVL: '0' },
      });
      expect(found.output).toMatch(/^elb-proxy 1 bash /);
      expect(found.said, JSON.stringify(found.result, null, 1)).toBe(insideTls[what] ?? said);
    },
  );
});

describe('findhit-proxywrap', () => {
  it.each([
    ['strict', true, 'requires-proxy strong'],
    ['lax, which takes a broken line too', false, 'accepts-both weak'],
  ])('%s', async (_, strict, said) => {
    await using stage = await Stage.open();
    const found = await verdictOn(await stage.listen(wrapped(strict)), { bannerWaitMs: 300 });
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
  });
});

describe.skipIf(!hasIpv6)('IPv6', () => {
  it('has a line of its own family, and a name leads to the address that answers', async () => {
    const server = required(web());
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const port = (server.address() as AddressInfo).port;
    const named = (await lookup('localhost', { all: true })).some(({ address }) => address === '::1');
    for (const host of named ? ['::1', 'localhost'] : ['::1']) {
      const { said, result } = await verdictOn(port, {}, host);
      expect([said, result.seenFrom, result.address]).toEqual(['requires-proxy strong', '::1', '::1']);
      expect(result.evidence[2]?.sent.text).toMatch(/^PROXY TCP6 ::1 ::1 \d+ \d+/);
    }
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('what cannot be reached', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('a port that is down', async () => {
    const { down } = await freePorts('down');
    const { said, result } = await verdictOn(down);
    expect(said).toBe('inconclusive strong');
    expect(result.reason).toContain('refused');
    expect(result).not.toHaveProperty('seenFrom');
  });

  it('a name that is none', async () => {
    const { result } = await verdictOn(80, { timeoutMs: 500 }, 'no-such-name.invalid');
    expect(result).toMatchObject({ verdict: 'inconclusive', evidence: [] });
    expect(result.reason).toContain('has no address');
  });
});
