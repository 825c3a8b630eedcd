import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';
import { echo, Stage, silent, verdictBothWays } from './verify-servers.js';

const nginx = findPeer('nginx', 'apt-get install nginx libnginx-mod-stream');

/** Debian builds the stream module apart. */
function streamModule(command: string): string {
  const configured = execFileSync('sh', ['-c', '"$0" -V 2>&1', command], { encoding: 'utf8' });
  return configured.includes('--with-stream=dynamic')
    ? 'load_module /usr/lib/nginx/modules/ngx_stream_module.so;'
    : '';
}

type Port = (typeof names)[number];
const names = [
  'http',
  'httpProxy',
  'https',
  'httpsProxy',
  'h2c',
  'h2cProxy',
  'drops',
  'dropsProxy',
  'badProxy',
  'bad',
  'echo',
  'echoProxy',
  'secureEcho',
  'secureEchoProxy',
  'silentProxy',
  'stranger',
] as const;

const expected: readonly (readonly [what: string, port: Port, said: string])[] = [
  ['http', 'http', 'no-proxy strong'],
  ['http with proxy_protocol', 'httpProxy', 'requires-proxy strong'],
  ['https', 'https', 'no-proxy strong'],
  ['https with proxy_protocol', 'httpsProxy', 'requires-proxy strong'],
  ['HTTP/2 in the clear', 'h2c', 'no-proxy strong'],
  ['HTTP/2 in the clear with proxy_protocol', 'h2cProxy', 'requires-proxy weak'],
  // A plain server that answers garbage with 400 only.
  ['http that drops every request', 'drops', 'no-proxy weak'],
  ['the same with proxy_protocol', 'dropsProxy', 'requires-proxy weak'],
  ['http that answers 400 to everything', 'bad', 'no-proxy weak'],
  ['the same with proxy_protocol', 'badProxy', 'requires-proxy strong'],
  ['stream to an echo', 'echo', 'no-proxy strong'],
  ['stream with proxy_protocol to an echo', 'echoProxy', 'requires-proxy strong'],
  ['stream with TLS to an echo', 'secureEcho', 'no-proxy strong'],
  ['stream with TLS and proxy_protocol to an echo', 'secureEchoProxy', 'requires-proxy strong'],
  ['stream with proxy_protocol to a silent server', 'silentProxy', 'requires-proxy weak'],
];

describe.skipIf(nginx === undefined)('verify backend and nginx', { concurrent: true }, () => {
  let stage: Stage;
  let ports: Record<Port, number>;

  beforeAll(async () => {
    if (nginx === undefined) return;
    stage = await Stage.open();
    const [echoPort, silentPort] = [await stage.listen(echo()), await stage.listen(silent())];
    ports = await freePorts(...names);
    await stage.file('cert.pem', certificate);
    await stage.file('key.pem', privateKey);
    const tls = 'ssl_certificate cert.pem; ssl_certificate_key key.pem;';
    const http = (port: Port, options: string, body: string) =>
      `server { listen 127.0.0.1:${ports[port]}${options}; ${body} }`;
    const to = (port: Port, options: string, upstream: number, body = '') =>
      `server { listen 127.0.0.1:${ports[port]}${options}; ${body} proxy_pass 127.0.0.1:${upstream}; }`;
    const ok = 'location / { return 200 ok; }';
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${stage.folder}/${name};`)
      .join(' ');
    await stage.file(
      'nginx.conf',
      `${streamModule(nginx)}
daemon off; master_process off; pid nginx.pid; error_log error.log;
events {}
http {
  access_log off; ${temporary}
  ${http('http', '', ok)}
  ${http('httpProxy', ' proxy_protocol', ok)}
  ${http('https', ' ssl', tls + ok)}
  ${http('httpsProxy', ' ssl proxy_protocol', tls + ok)}
  ${http('h2c', ' http2', ok)}
  ${http('h2cProxy', ' http2 proxy_protocol', ok)}
  ${http('drops', '', 'return 444;')}
  ${http('dropsProxy', ' proxy_protocol', 'return 444;')}
  ${http('bad', '', 'return 400;')}
  ${http('badProxy', ' proxy_protocol', 'return 400;')}
}
stream {
  ${to('echo', '', echoPort)}
  ${to('echoProxy', ' proxy_protocol', echoPort)}
  ${to('secureEcho', ' ssl', echoPort, tls)}
  ${to('secureEchoProxy', ' ssl proxy_protocol', echoPort, tls)}
  ${to('silentProxy', ' proxy_protocol', silentPort)}
  ${to('stranger', '', ports.httpProxy)}
}
`,
    );
    await stage.run(
      nginx,
      ['-p', stage.folder, '-c', `${stage.folder}/nginx.conf`, '-e', `${stage.folder}/error.log`],
      Object.values(ports),
    );
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  it.each(expected)('%s', async (_, port, said) => {
    const found = await verdictBothWays(ports[port]);
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
  });

  it('a plain relay in front of a port that requires the line passes the line on', async () => {
    expect((await verdictBothWays(ports.stranger)).said).toBe('requires-proxy strong');
  });

  it('is judged right if it is given the protocol', async () => {
    expect((await verdictBothWays(ports.httpProxy, { app: 'http' })).said).toBe('requires-proxy strong');
    expect((await verdictBothWays(ports.httpsProxy, { app: 'tls' })).said).toBe('requires-proxy strong');
    expect((await verdictBothWays(ports.https, { app: 'tls' })).said).toBe('no-proxy strong');
    const send = { app: 'tcp', send: Buffer.from('ping\r\n'), expectReply: Buffer.from('ping') } as const;
    expect((await verdictBothWays(ports.echoProxy, send)).said).toBe('requires-proxy strong');
    expect((await verdictBothWays(ports.echo, send)).said).toBe('no-proxy strong');
    expect((await verdictBothWays(ports.echoProxy, { app: 'tcp' })).said).toBe('requires-proxy weak');
  });
});
