import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Heard, verifyListen } from '../../src/app/verify-listen.js';
import { openSink } from '../../src/probe/listen/open-sink.js';
import { reachThrough } from '../../src/probe/listen/reach-through.js';
import { freePorts } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';
import { Stage } from './verify-servers.js';

const haproxy = findPeer('haproxy', 'apt-get install haproxy');
const names = [
  'sink',
  'sinkOfChecks',
  'plain',
  'v1',
  'v2',
  'double',
  'inner',
  'http',
  'ssl',
  'sslToSsl',
  'nothing',
  'down',
  'checks',
] as const;

describe.skipIf(haproxy === undefined)('verify listen behind HAProxy', () => {
  let stage: Stage;
  let ports: Record<(typeof names)[number], number>;

  beforeAll(async () => {
    if (haproxy === undefined) return;
    stage = await Stage.open();
    ports = await freePorts(...names);
    const pem = await stage.file('both.pem', `${certificate}\n${privateKey}`);
    const proxy = (name: keyof typeof ports, bind: string, server: string, more = '') =>
      `listen ${name}\n  bind 127.0.0.1:${ports[name]}${bind}\n${more}  server s 127.0.0.1:${server}\n`;
    await stage.file(
      'haproxy.cfg',
      `defaults
  mode tcp
  timeout connect 1s
  timeout client 20s
  timeout server 20s
  retries 1
${proxy('plain', '', `${ports.sink}`)}
${proxy('v1', '', `${ports.sink} send-proxy`)}
${proxy('v2', '', `${ports.sink} send-proxy-v2`)}
${proxy('double', '', `${ports.inner} send-proxy`)}
${proxy('inner', '', `${ports.sink} send-proxy`)}
${proxy('http', '', `${ports.sink}`, '  mode http\n  option forwardfor\n')}
${proxy('ssl', ` ssl crt ${pem}`, `${ports.sink} send-proxy`)}
${proxy('sslToSsl', ` ssl crt ${pem}`, `${ports.sink} ssl verify none send-proxy`)}
${proxy('down', '', `${ports.nothing}`)}
${proxy('checks', '', `${ports.sinkOfChecks} check inter 200ms check-send-proxy send-proxy`)}
`,
    );
    const open = Object.entries(ports).filter(([name]) => !/^(?:sink|nothing)/.test(name));
    await stage.run(
      haproxy,
      ['-db', '-f', `${stage.folder}/haproxy.cfg`],
      open.map(([, port]) => port),
    );
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function through(name: keyof typeof ports, timeoutMs = 5000): Promise<Heard> {
    const nonce = randomBytes(12).toString('hex');
    const ours = new Set<string>();
    const way = { host: '127.0.0.1', port: ports[name] };
    return verifyListen(
      {
        openSink: (onConnection) =>
          openSink({ host: '127.0.0.1', port: ports.sink, nonce, ours, onConnection }),
        reach: (arrived, signal) => reachThrough({ ...way, nonce, ours, timeoutMs, arrived, signal }),
      },
      {
        signal: new AbortController().signal,
        onListening: () => undefined,
        onConnection: () => undefined,
      },
    );
  }

  it.each([
    ['no PROXY line without send-proxy', 'plain', { verdict: 'absent', data: 'http' }],
    ['a line with send-proxy', 'v1', { verdict: 'proxy-v1', family: 'TCP4', data: 'http' }],
    ['version 2 with send-proxy-v2', 'v2', { verdict: 'proxy-v2', version: 2 }],
    [
      'X-Forwarded-For in its place',
      'http',
      { verdict: 'absent', notes: [expect.stringContaining('X-Forwarded-For')] },
    ],
    ['a line behind a listener that ends TLS', 'ssl', { verdict: 'proxy-v1' }],
    ['two lines, one of each of two proxies', 'double', { verdict: 'proxy-v1', second: { version: 1 } }],
  ] as const)('%s', async (_, name, expected) => {
    const { through: reached, connections } = await through(name);
    expect(reached).toMatchObject({ outcome: 'arrived' });
    const own = connections.find((one) => one.own);
    expect(own).toMatchObject(expected);
    if (name === 'v1' || name === 'v2')
      expect(`${own?.source?.address}:${own?.source?.port}`).toBe(reached?.seenFrom);
  });

  it('a ClientHello behind the line, where the instance protocol is SSL: the line says that it is ours', async () => {
    const { through: reached, connections } = await through('sslToSsl');
    expect(reached?.outcome).toBe('arrived');
    const own = connections.find((one) => one.own);
    expect(own).toMatchObject({ verdict: 'proxy-v1', data: 'tls-client-hello' });
    expect(`${own?.source?.address}:${own?.source?.port}`).toBe(reached?.seenFrom);
  });

  it('nothing, if the load balancer can’t reach this port, or does not exist', async () => {
    expect((await through('down', 2500)).through?.outcome).toBe('nothing-arrived');
    expect((await through('nothing')).through?.outcome).toBe('not-there');
  });

  it('a health check’s line for what it is', async () => {
    const { connections } = await verifyListen(
      {
        openSink: (onConnection) =>
          openSink({ host: '127.0.0.1', port: ports.sinkOfChecks, nonce: 'none', onConnection }),
      },
      {
        timeoutMs: 2500,
        signal: new AbortController().signal,
        onListening: () => undefined,
        onConnection: () => undefined,
      },
    );
    expect(connections.length).toBeGreaterThan(0);
    for (const one of connections) expect(one).toMatchObject({ verdict: 'proxy-v1', healthCheck: true });
  });
});
