import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';
import { echo, Stage, silent, verdictBothWays } from './verify-servers.js';

const haproxy = findPeer('haproxy', 'apt-get install haproxy');

type Port = (typeof names)[number];
const names = [
  'http',
  'httpProxy',
  'ssl',
  'sslProxy',
  'sslStrict',
  'tcp',
  'tcpProxy',
  'tcpSslProxy',
  'silent',
  'silentProxy',
  'downHttpProxy',
  'downTcp',
  'trusting',
  'nothing',
  'deny',
] as const;

const expected: readonly (readonly [what: string, port: Port, said: string])[] = [
  ['http', 'http', 'no-proxy strong'],
  ['http with accept-proxy', 'httpProxy', 'requires-proxy strong'],
  ['http over TLS', 'ssl', 'no-proxy strong'],
  ['http over TLS with accept-proxy', 'sslProxy', 'requires-proxy strong'],
  ['TLS that wants a server name it knows', 'sslStrict', 'no-proxy strong'],
  ['tcp to an echo', 'tcp', 'no-proxy strong'],
  ['tcp with accept-proxy to an echo', 'tcpProxy', 'requires-proxy strong'],
  ['TLS with accept-proxy to an echo', 'tcpSslProxy', 'requires-proxy strong'],
  ['tcp to a silent server', 'silent', 'inconclusive weak'],
  ['tcp with accept-proxy to a silent server', 'silentProxy', 'requires-proxy weak'],
  ['http with accept-proxy and nothing behind it', 'downHttpProxy', 'requires-proxy strong'],
  ['http that denies every request', 'deny', 'no-proxy strong'],
];

describe.skipIf(haproxy === undefined)('verify backend and HAProxy', { concurrent: true }, () => {
  let stage: Stage;
  let ports: Record<Port, number>;

  beforeAll(async () => {
    if (haproxy === undefined) return;
    stage = await Stage.open();
    const [web, echoPort, silentPort] = [
      await stage.listen(createServer((_, response) => void response.end('ok'))),
      await stage.listen(echo()),
      await stage.listen(silent()),
    ];
    ports = await freePorts(...names);
    const pem = await stage.file('both.pem', `${certificate}\n${privateKey}`);
    const proxy = (port: Port, mode: string, options: string, upstream: number, more = '') =>
      `listen ${port}\n  mode ${mode}\n  bind 127.0.0.1:${ports[port]}${options}\n${more}  server s 127.0.0.1:${upstream}\n`;
    await stage.file(
      'haproxy.cfg',
      `global
  maxconn 500
defaults
  timeout connect 1s
  timeout client 20s
  timeout server 20s
  retries 1
${proxy('http', 'http', '', web)}
${proxy('httpProxy', 'http', ' accept-proxy', web)}
${proxy('ssl', 'http', ` ssl crt ${pem}`, web)}
${proxy('sslProxy', 'http', ` accept-proxy ssl crt ${pem}`, web)}
${proxy('sslStrict', 'http', ` ssl crt ${pem} strict-sni`, web)}
${proxy('tcp', 'tcp', '', echoPort)}
${proxy('tcpProxy', 'tcp', ' accept-proxy', echoPort)}
${proxy('tcpSslProxy', 'tcp', ` accept-proxy ssl crt ${pem}`, echoPort)}
${proxy('silent', 'tcp', '', silentPort)}
${proxy('silentProxy', 'tcp', ' accept-proxy', silentPort)}
${proxy('downHttpProxy', 'http', ' accept-proxy', ports.nothing)}
${proxy('downTcp', 'tcp', '', ports.nothing)}
${proxy('trusting', 'http', '', web, '  tcp-request connection expect-proxy layer4 if { src 127.0.0.2 }\n')}
${proxy('deny', 'http', '', web, '  http-request deny deny_status 403\n')}
`,
    );
    const open = Object.entries(ports).filter(([name]) => name !== 'nothing');
    await stage.run(
      haproxy,
      ['-db', '-f', `${stage.folder}/haproxy.cfg`],
      open.map(([, port]) => port),
    );
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  it.each(expected)('%s', async (_, port, said) => {
    const found = await verdictBothWays(ports[port]);
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
  });

  it('tcp with nothing behind it is not known, whatever it looks like', async () => {
    expect((await verdictBothWays(ports.downTcp)).result.verdict).toBe('inconclusive');
  });

  it('says from where: the same port behaves differently for another address', async () => {
    const { said, result } = await verdictBothWays(ports.trusting);
    expect([said, result.seenFrom]).toEqual(['no-proxy strong', '127.0.0.1']);
  });
});
