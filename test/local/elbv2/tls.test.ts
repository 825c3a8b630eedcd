import { once } from 'node:events';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, certificateSource } from '../../../src/local/data-plane/certificate-source.js';
import { acceptProxyProtocol } from '../../../src/proxy-protocol/index.js';
import { backend, closed, collect, type Received, serve, until } from '../traffic.js';
import { balanceNetwork, type NetworkTraffic, received } from './network-traffic.js';

let own: Certificate;
beforeAll(async () => {
  own = await certificateSource(undefined)();
});

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/web';
const tls = { protocol: 'TLS', certificateArn };

interface SecureClient extends Received {
  readonly socket: TLSSocket;
}

async function dialTls({ host, port }: NetworkTraffic, options: object = {}): Promise<SecureClient> {
  const socket = connect({ host, port, rejectUnauthorized: false, ...options } as ConnectionOptions);
  const client = collect(socket) as SecureClient;
  await once(socket, 'secureConnect');
  return client;
}

describe('a TLS listener', () => {
  it('ends the TLS and puts the header in front of the decrypted bytes, once there are some', async () => {
    await using instance = await backend();
    await using edge = await balanceNetwork({ groups: [{ port: instance.port }], listener: tls });
    await edge.proxy(true);
    const client = await dialTls(edge);
    client.socket.write('hello');
    const seen = await until(() => instance.connections.find((one) => received(one).payload === 'hello'));
    expect(received(seen)).toMatchObject({
      consumed: 100,
      header: {
        command: 'PROXY',
        source: { address: '127.0.0.1', port: client.socket.localPort },
        destination: { address: edge.host, port: edge.port },
      },
    });
    seen.socket.write('plain answer');
    await until(() => client.text() === 'plain answer');
  });

  it('passes half-close on, and ends with its target', async () => {
    await using instance = await backend();
    await using edge = await balanceNetwork({ groups: [{ port: instance.port }], listener: tls });
    const client = await dialTls(edge, { allowHalfOpen: true });
    client.socket.end('question');
    const seen = await instance.connection(0);
    await until(() => seen.ended);
    seen.socket.end('answer');
    await until(() => client.text() === 'answer');
    expect(await closed(client.socket)).toBe(false);
  });

  it('speaks the TLS versions of its security policy, and the protocols of its ALPN policy', async () => {
    await using instance = await backend();
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port }],
      listener: {
        ...tls,
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        alpnPolicy: 'HTTP2Preferred',
      },
    });
    const newest = await dialTls(edge, { ALPNProtocols: ['http/1.1', 'h2'] });
    expect([newest.socket.getProtocol(), newest.socket.alpnProtocol]).toEqual(['TLSv1.3', 'h2']);
    const old = connect({
      host: edge.host,
      port: edge.port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect((await once(old, 'error'))[0]).toBeInstanceOf(Error);
  });

  it('puts the header in clear in front of the TLS to a group of TLS', async () => {
    const server = createServer({ ...own });
    acceptProxyProtocol(server, { mode: 'required', trusted: ['127.0.0.0/8'] });
    await using instance = await serve(server, { event: 'secureConnection' });
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, protocol: 'TLS', attributes: { 'proxy_protocol_v2.enabled': 'true' } }],
      listener: tls,
    });
    const client = await dialTls(edge);
    client.socket.write('hello');
    const seen = await instance.connection(0);
    await until(() => seen.text() === 'hello');
    expect([seen.socket.remoteAddress, seen.socket.remotePort]).toEqual([
      '127.0.0.1',
      client.socket.localPort,
    ]);
    seen.socket.end('answer');
    await until(() => client.text() === 'answer' && client.ended);
  });

  it('forwards to a group of TLS without a header, too', async () => {
    await using instance = await serve(createServer({ ...own }), { event: 'secureConnection' });
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, protocol: 'TLS' }],
      listener: tls,
    });
    const client = await dialTls(edge);
    client.socket.write('hello');
    const seen = await instance.connection(0);
    await until(() => seen.text() === 'hello');
    seen.socket.write('answer');
    await until(() => client.text() === 'answer');
  });
});
