import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, certificateSource } from '../../src/local/data-plane/certificate-source.js';
import { start } from './clients.js';
import { backend, balance, closed, collect, type Received, serve, type Traffic, until } from './traffic.js';

let own: Certificate;
beforeAll(async () => {
  own = await certificateSource(undefined)();
});

interface SecureClient extends Received {
  readonly socket: TLSSocket;
}

async function dialTls({ host, port }: Pick<Traffic, 'host' | 'port'>): Promise<SecureClient> {
  const socket = connect({ host, port, rejectUnauthorized: false, allowHalfOpen: true } as ConnectionOptions);
  const received = collect(socket) as SecureClient;
  await once(socket, 'secureConnect');
  return received;
}

/** A backend that speaks TLS. */
const secureBackend = (names: (string | false | null)[] = []) =>
  serve(
    createServer({ ...own, allowHalfOpen: true }, (socket) => names.push(socket.servername)),
    { event: 'secureConnection' },
  );

describe('an SSL listener', () => {
  it('ends the TLS and puts the line in front of the plain bytes', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { protocol: 'SSL', instanceProtocol: 'TCP' });
    await web.enable();
    const client = await dialTls(web);
    client.socket.write('hello');
    const seen = await instance.connection(0);
    const line = `PROXY TCP4 127.0.0.1 ${web.host} ${client.socket.localPort} ${web.port}\r\n`;
    await until(() => seen.text() === `${line}hello`);
    seen.socket.write('plain answer');
    await until(() => client.text() === 'plain answer');
  });

  it('passes half-close on, both ways', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { protocol: 'SSL', instanceProtocol: 'TCP' });
    const client = await dialTls(web);
    client.socket.end('question');
    const seen = await instance.connection(0);
    await until(() => seen.ended);
    seen.socket.end('answer');
    await until(() => client.text() === 'answer');
    expect(await closed(client.socket)).toBe(false);

    const other = await dialTls(web);
    other.socket.write('x');
    const first = await instance.connection(1);
    first.socket.end('bye');
    await until(() => other.text() === 'bye');
    other.socket.end(' and more');
    await until(() => first.ended && first.text() === 'x and more');
  });

  it('shows a certificate for localhost that is made when it is needed', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { protocol: 'SSL', instanceProtocol: 'TCP' });
    const client = await dialTls(web);
    const shown = new X509Certificate(client.socket.getPeerCertificate().raw);
    expect(shown.checkHost('localhost')).toBe('localhost');
    expect(shown.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('shows the certificate that was given', async () => {
    await using instance = await backend();
    const options = { protocol: 'SSL', instanceProtocol: 'TCP', certificate: own } as const;
    await using web = await balance(instance.port, options);
    const client = await dialTls(web);
    expect(client.socket.getPeerX509Certificate()?.fingerprint).toBe(
      new X509Certificate(own.cert).fingerprint,
    );
  });

  it('survives clients that do not speak TLS', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { protocol: 'SSL', instanceProtocol: 'TCP' });
    // The beginning of a ClientHello, which is waited for.
    (await web.dial()).socket.write(Buffer.from([0x16, 3, 1]));
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0'.repeat(64)]) {
      const client = await web.dial();
      client.socket.write(bytes);
      await until(() => client.ended || client.socket.closed);
    }
    const client = await dialTls(web);
    client.socket.write('hello');
    expect((await instance.connection(0)).text()).toBe('hello');
  });
});

it.each(['SSL', 'HTTPS'] as const)(
  'a client of an %s listener that begins no handshake is not waited for longer than ten seconds',
  { timeout: 30_000 },
  async (protocol) => {
    await using instance = await backend();
    await using web = await balance(instance.port, { protocol, healthy: false });
    const silent = await web.dial();
    const started = performance.now();
    await until(() => silent.ended || silent.socket.closed, 15_000);
    expect(performance.now() - started).toBeGreaterThan(8000);
  },
);

describe('an SSL back end', () => {
  it.each(['SSL', 'TCP'] as const)(
    'gets the line of a %s listener inside the TLS stream, as its first bytes',
    async (protocol) => {
      const names: (string | false | null)[] = [];
      await using instance = await secureBackend(names);
      await using web = await balance(instance.port, { protocol, instanceProtocol: 'SSL' });
      await web.enable();
      const client = protocol === 'SSL' ? await dialTls(web) : await web.dial();
      client.socket.write('hello');
      const seen = await instance.connection(0);
      const line = `PROXY TCP4 127.0.0.1 ${web.host} ${client.socket.localPort} ${web.port}\r\n`;
      await until(() => seen.text() === `${line}hello`);
      seen.socket.write('answer');
      await until(() => client.text() === 'answer');
      // It gets no server name (the guide's listener table says so).
      expect(names).toEqual([false]);
    },
  );

  it('gets the connection closed if it does not speak TLS', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { instanceProtocol: 'SSL' });
    const client = await web.dial();
    const seen = await instance.connection(0);
    expect(seen.chunks[0]?.[0]).toBe(0x16);
    seen.socket.end('220 no TLS here\r\n');
    await until(() => client.ended || client.socket.closed);
    expect(client.text()).toBe('');
  });
});

it('refuses to start with a certificate and a key that do not match', async () => {
  const { key } = await certificateSource(undefined)();
  await expect(start({ dataPlane: true, certificate: { cert: own.cert, key } })).rejects.toMatchObject({
    name: 'LocalElbError',
    code: 'CertificateInvalid',
    message: expect.stringContaining('certificate'),
  });
  await expect(start({ dataPlane: true, certificate: { cert: 'no PEM', key } })).rejects.toMatchObject({
    code: 'CertificateInvalid',
  });
});
