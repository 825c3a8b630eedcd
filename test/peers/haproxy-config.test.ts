import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { haproxyConfig } from '../../src/haproxy/haproxy-config.js';
import type { Seed } from '../../src/local/index.js';
import { cases } from '../haproxy/cases.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { freePort } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { findPeer } from './peer.js';

const haproxy = findPeer('haproxy', 'apt-get install haproxy');

let directory: string;
let pem: { readonly cert: string; readonly key: string };
let certificate: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keySize: 2048,
  });
  pem = { cert, key };
  // A name that has to be quoted.
  certificate = join(directory, "o'hara's #1.pem");
  await writeFile(certificate, `${cert}\n${key}\n`);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe.skipIf(haproxy === undefined)('haproxy -c', () => {
  it.each(Object.entries(cases))('accepts %s', async (name, { loadBalancer, options }) => {
    const file = join(directory, `${name}.cfg`);
    await writeFile(file, haproxyConfig(loadBalancer, { ...options, certificate }));
    const { status, stdout, stderr } = spawnSync(haproxy ?? '', ['-c', '-f', file], { encoding: 'utf8' });
    expect([status, `${stdout}${stderr}`.replace('Configuration file is valid\n', '')]).toEqual([0, '']);
  });

  it('does not start until the certificate is there', async () => {
    const { loadBalancer } = cases['ssl-listener-without-certificate'] ?? {};
    if (loadBalancer === undefined) throw new Error('no such case');
    const file = join(directory, 'placeholder.cfg');
    await writeFile(file, haproxyConfig({ ...loadBalancer, name: 'there-is-none' }));
    const { status, stderr } = spawnSync(haproxy ?? '', ['-c', '-f', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('/etc/haproxy/there-is-none.pem')]);
  });
});

/** A server on a free port, and every connection's first bytes until it is quiet for a moment. */
interface Sink extends AsyncDisposable {
  readonly port: number;
  readonly seen: string[];
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** Answers `ok` to whatever comes, then closes; a connection's whole text is one entry of `seen`. */
async function startSink(secure = false): Promise<Sink> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += String(chunk);
      if (text.endsWith('end')) socket.end('ok');
    });
    socket.on('error', () => undefined).on('close', () => seen.push(text));
  };
  const server = secure ? createTlsServer(pem, serve) : createServer(serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  return {
    port: await listening(server),
    seen,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

/** Makes the configuration of the seed's load balancer with the real program and runs HAProxy with it. */
async function startHaproxy(seed: Seed, ...options: readonly string[]): Promise<AsyncDisposable> {
  await using service = await startService(seed, { dataPlane: false });
  const argv = ['haproxy-config', 'web', '--certificate', certificate, ...options];
  const made = await elbProxy(argv, { endpoint: service.endpoint });
  expect([made.code, made.stderr]).toEqual([0, '']);
  const file = join(directory, `${seed.loadBalancers?.[0]?.listeners[0]?.loadBalancerPort}.cfg`);
  await writeFile(file, made.stdout);
  const child = spawn(haproxy ?? '', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const ended = once(child, 'close');
  const ports = (seed.loadBalancers?.[0]?.listeners ?? []).map(({ loadBalancerPort }) => loadBalancerPort);
  for (const port of ports) {
    await expect.poll(() => accepts(port), { timeout: 10_000 }).toBe(true);
    expect(child.exitCode, output).toBe(null);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Says `end` on a socket and gives the answer and the port that it was said from. */
async function say(
  socket: Socket,
  event: 'connect' | 'secureConnect',
): Promise<{ answer: string; from: number }> {
  await once(socket, event);
  const from = socket.localPort ?? 0;
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => (answer += String(text)));
  const done = once(socket, 'close');
  socket.write('end');
  await done;
  return { answer, from };
}

describe.skipIf(haproxy === undefined)('HAProxy with the configuration', () => {
  it('sends the PROXY line on the instance port that has the policy, and on no other', async () => {
    await using withPolicy = await startSink();
    await using without = await startSink();
    await using secure = await startSink(true);
    const [one, two, three, four] = [await freePort(), await freePort(), await freePort(), await freePort()];
    await using _haproxy = await startHaproxy({
      loadBalancers: [
        {
          name: 'web',
          listeners: [
            { protocol: 'TCP', loadBalancerPort: one, instancePort: withPolicy.port },
            { protocol: 'TCP', loadBalancerPort: two, instancePort: without.port },
            {
              protocol: 'SSL',
              loadBalancerPort: three,
              instanceProtocol: 'TCP',
              instancePort: withPolicy.port,
              sslCertificateId: 'arn:aws:iam::123456789012:server-certificate/web',
            },
            {
              protocol: 'TCP',
              loadBalancerPort: four,
              instanceProtocol: 'SSL',
              instancePort: secure.port,
            },
          ],
          policies: [
            {
              policyName: 'any-name',
              policyTypeName: 'ProxyProtocolPolicyType',
              attributes: { ProxyProtocol: 'True' },
            },
          ],
          backendPolicies: [{ instancePort: withPolicy.port, policyNames: ['any-name'] }],
          healthCheck: {
            target: `TCP:${withPolicy.port}`,
            interval: 5,
            timeout: 2,
            healthyThreshold: 2,
            unhealthyThreshold: 2,
          },
        },
      ],
    });
    // The check of each of the four backends carries a line as well, which distinguishes this port from the listeners'.
    const isCheck = (text: string) => text.endsWith(` ${withPolicy.port}\r\n`);
    await expect.poll(() => withPolicy.seen.filter(isCheck).length, { timeout: 20_000 }).toBeGreaterThan(1);

    const plain = await say(connect(one, '127.0.0.1'), 'connect');
    const bare = await say(connect(two, '127.0.0.1'), 'connect');
    const tls = await say(
      connectTls({ port: three, host: '127.0.0.1', rejectUnauthorized: false }),
      'secureConnect',
    );
    const inside = await say(connect(four, '127.0.0.1'), 'connect');

    expect([plain, bare, tls, inside].map(({ answer }) => answer)).toEqual(['ok', 'ok', 'ok', 'ok']);
    await expect
      .poll(() => withPolicy.seen.filter((text) => text.endsWith('end')))
      .toEqual([
        `PROXY TCP4 127.0.0.1 127.0.0.1 ${plain.from} ${one}\r\nend`,
        `PROXY TCP4 127.0.0.1 127.0.0.1 ${tls.from} ${three}\r\nend`,
      ]);
    // Empty: how it was found out that HAProxy listens.
    await expect.poll(() => without.seen.filter((text) => text !== '')).toEqual(['end']);
    await expect.poll(() => secure.seen.filter((text) => text !== '')).toEqual(['end']);
  });

  it('has X-Forwarded headers on requests, and the PROXY line on WebSocket ones', async () => {
    const path = `/it's/up?a=$HOME&b=%5B#1`;
    const checks: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
    const plain = createHttpServer((asked, answer) => {
      if (asked.url === path) checks.push({ url: asked.url, headers: asked.headers });
      answer.end(JSON.stringify({ backend: 'plain', headers: asked.headers }));
    });
    const behindLine = createHttpServer((asked, answer) => {
      answer.end(JSON.stringify({ backend: 'websocket', headers: asked.headers }));
    });
    const sockets = new WebSocketServer({ server: behindLine });
    sockets.on('connection', (socket, { headers }) => {
      socket.send(JSON.stringify(headers));
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    const lines: string[] = [];
    const front = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('readable', () => {
        const bytes = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
        const end = bytes.indexOf('\r\n') + 2;
        lines.push(bytes.subarray(0, end).toString('latin1'));
        if (end < bytes.length) socket.unshift(bytes.subarray(end));
        behindLine.emit('connection', socket);
      });
    });
    const [plainPort, frontPort] = [await listening(plain), await listening(front)];
    const [http, https, tcp] = [await freePort(), await freePort(), await freePort()];
    const sslCertificateId = 'arn:aws:iam::123456789012:server-certificate/web';
    const instancePort = plainPort;
    await using _running = await startHaproxy(
      {
        loadBalancers: [
          {
            name: 'web',
            listeners: [
              { protocol: 'HTTP', loadBalancerPort: http, instancePort },
              {
                protocol: 'HTTPS',
                loadBalancerPort: https,
                instanceProtocol: 'HTTP',
                instancePort,
                sslCertificateId,
              },
              { protocol: 'TCP', loadBalancerPort: tcp, instancePort: frontPort },
            ],
            policies: [
              {
                policyName: 'pp',
                policyTypeName: 'ProxyProtocolPolicyType',
                attributes: { ProxyProtocol: 'true' },
              },
            ],
            backendPolicies: [{ instancePort: frontPort, policyNames: ['pp'] }],
            healthCheck: {
              target: `HTTP:${plainPort}${path}`,
              interval: 5,
              timeout: 2,
              healthyThreshold: 2,
              unhealthyThreshold: 2,
            },
          },
        ],
      },
      '--backend',
      'localhost',
    );
    const linesFrom = (port: number) => lines.filter((line) => line.endsWith(` ${port}\r\n`));

    expect(await get(http, { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-port': '1' })).toMatchObject({
      backend: 'plain',
      headers: {
        'x-forwarded-for': '192.0.2.1, 127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': String(http),
      },
    });
    expect(
      await get(http, { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': '' }),
    ).toMatchObject({
      backend: 'plain',
    });
    expect(linesFrom(http)).toEqual([]);
    expect(await get(http, { host: 'WS.example.com' })).toMatchObject({ backend: 'websocket' });
    const line = (port: number) =>
      expect.stringMatching(new RegExp(`^PROXY TCP4 127.0.0.1 127.0.0.1 \\d+ ${port}\r\n$`));
    expect(linesFrom(http)).toEqual([line(http)]);

    for (const [url, port, proto] of [
      [`ws://127.0.0.1:${http}/`, http, 'http'],
      [`wss://127.0.0.1:${https}/`, https, 'https'],
    ] as const) {
      lines.length = 0;
      const socket = new WebSocket(url, { rejectUnauthorized: false });
      const [greeting] = (await once(socket, 'message')) as [Buffer];
      expect(JSON.parse(String(greeting))).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': proto,
      });
      socket.send('there and back');
      const [echo] = (await once(socket, 'message')) as [Buffer];
      expect(String(echo)).toBe('there and back');
      expect(linesFrom(port)).toEqual([line(port)]);
      socket.terminate();
    }

    // The check's path came through the configuration's quoting as it is.
    await expect.poll(() => checks.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(checks[0]?.headers).toMatchObject({ host: 'localhost', 'user-agent': 'ELB-HealthChecker/1.0' });

    sockets.close();
    for (const server of [plain, behindLine]) server.closeAllConnections();
    await Promise.all([closed(plain), closed(front)]);
  });
});

/** The answer to a request, as JSON. */
function get(port: number, headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: '/', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      answer.on('end', () => resolve(JSON.parse(text)));
    });
    asking.on('error', reject).end();
  });
}
