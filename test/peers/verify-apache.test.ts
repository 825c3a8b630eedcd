import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';
import { Stage, verdictBothWays } from './verify-servers.js';

const apache = findPeer('apache2', 'apt-get install apache2');
const names = ['http', 'httpProxy', 'https', 'httpsProxy', 'excepted'] as const;

describe.skipIf(apache === undefined)('verify backend and Apache', () => {
  let stage: Stage;
  let ports: Record<(typeof names)[number], number>;

  beforeAll(async () => {
    if (apache === undefined) return;
    stage = await Stage.open();
    ports = await freePorts(...names);
    await stage.file('cert.pem', certificate);
    await stage.file('key.pem', privateKey);
    const modules = ['mpm_event', 'authz_core', 'remoteip', 'ssl']
      .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
      .join('\n');
    const host = (port: keyof typeof ports, body: string) =>
      `Listen 127.0.0.1:${ports[port]}\n<VirtualHost 127.0.0.1:${ports[port]}>\n${body}\n</VirtualHost>`;
    const tls = 'SSLEngine on\nSSLCertificateFile cert.pem\nSSLCertificateKeyFile key.pem';
    // The exceptions hold for the whole server, whatever host names them: so there are two.
    const serve = async (name: string, hosts: string, listening: readonly number[]) => {
      const config = await stage.file(
        `${name}.conf`,
        `ServerRoot ${stage.folder}
ServerName localhost
PidFile ${stage.folder}/${name}.pid
DefaultRuntimeDir ${stage.folder}
ErrorLog ${stage.folder}/${name}.log
DocumentRoot ${stage.folder}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${modules}
Mutex pthread
${hosts}
`,
      );
      await stage.run(apache, ['-D', 'FOREGROUND', '-f', config], listening);
    };
    const on = 'RemoteIPProxyProtocol On';
    await serve(
      'all',
      [host('http', ''), host('httpProxy', on), host('https', tls), host('httpsProxy', `${tls}\n${on}`)].join(
        '\n',
      ),
      [ports.http, ports.httpProxy, ports.https, ports.httpsProxy],
    );
    await serve('some', host('excepted', `${on}\nRemoteIPProxyProtocolExceptions 127.0.0.0/8`), [
      ports.excepted,
    ]);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  it.each([
    ['http', 'http', 'no-proxy strong'],
    ['http with RemoteIPProxyProtocol', 'httpProxy', 'requires-proxy strong'],
    ['https', 'https', 'no-proxy strong'],
    ['https with RemoteIPProxyProtocol', 'httpsProxy', 'requires-proxy strong'],
    ['an address that is excepted', 'excepted', 'no-proxy strong'],
  ] as const)('%s', async (_, port, said) => {
    const found = await verdictBothWays(ports[port]);
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
  });
});
