import dns from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acceptProxyProtocol, encodeV1 } from '../../src/proxy-protocol/index.js';
import { freePort } from '../helpers/free-ports.js';

const line = encodeV1({
  source: { address: '192.0.2.10', port: 51000 },
  destination: { address: '198.51.100.20', port: 443 },
});
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** Makes localhost two addresses, as most hosts have it, whatever this one's hosts file says. */
function makeLocalhostTwo(): void {
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  const lookup = dns.lookup as (...values: unknown[]) => void;
  const answer = (name: string, ...rest: unknown[]): void => {
    if (name !== 'localhost') return lookup(name, ...rest);
    const done = rest.at(-1) as (...values: unknown[]) => void;
    if ((rest[0] as { all?: boolean }).all === true) process.nextTick(done, null, both);
    else process.nextTick(done, null, '127.0.0.1', 4);
  };
  vi.spyOn(dns, 'lookup').mockImplementation(answer);
}

/** What a server answers to a GET on the address, after the bytes given. */
async function get(address: string, port: number, first: string | Buffer = ''): Promise<string> {
  const socket = net.connect({ host: address, port });
  let said = '';
  socket.on('error', () => {}).on('data', (chunk: Buffer) => (said += chunk));
  socket.write(
    Buffer.concat([
      Buffer.from(first),
      Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    ]),
  );
  await once(socket, 'close');
  return said;
}

describe('acceptProxyProtocol on a server with a twin', () => {
  const warnings: (Error & { code?: string })[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  const closing: (() => unknown)[] = [];
  // What a run's own listener would fail the run for is what is tested here.
  let listeners: NodeJS.WarningListener[] = [];

  beforeEach(() => {
    warnings.length = 0;
    listeners = process.listeners('warning');
    process.removeAllListeners('warning');
    process.on('warning', collect);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const close of closing.splice(0)) await close();
    process.removeAllListeners('warning');
    for (const listener of listeners) process.on('warning', listener);
  });

  /** Warnings are given on the next tick. */
  const warned = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return warnings.map(({ code }) => code);
  };

  it.skipIf(!hasIpv6)(
    'warns once when fastify listens on localhost and its second server is used',
    async () => {
      makeLocalhostTwo();
      const fastify = Fastify();
      closing.push(() => fastify.close());
      fastify.get('/', (request) => request.socket.remoteAddress);
      acceptProxyProtocol(fastify.server);
      await fastify.listen({ port: await freePort() });
      const { address, port } = fastify.server.address() as net.AddressInfo;
      const addresses = fastify.addresses().map((bound) => (bound as net.AddressInfo).address);
      expect(new Set(addresses)).toEqual(new Set(['127.0.0.1', '::1']));
      const twin = address === '::1' ? '127.0.0.1' : '::1';

      expect(await get(address, port, line)).toContain('192.0.2.10');
      expect(await warned()).toEqual([]);
      // The server that it does not guard serves a connection without a line.
      expect(await get(twin, port)).toContain('200 OK');
      expect(await get(twin, port)).toContain('200 OK');
      expect(await warned()).toEqual(['PROXY_PROTOCOL_UNGUARDED']);
      expect(warnings[0]?.message).toContain(`${twin} port ${port}`);
    },
  );

  it.skipIf(!hasIpv6)(
    'keeps quiet where both servers are guarded, or the other port is another',
    async () => {
      const port = await freePort();
      const servers = ['127.0.0.1', '::1'].map((host) =>
        acceptProxyProtocol(http.createServer((_, response) => response.end('served'))).listen(port, host),
      );
      const apart = http
        .createServer((_, response) => response.end('served'))
        .listen(await freePort(), '::1');
      for (const server of [...servers, apart]) {
        if (!server.listening) await once(server, 'listening');
        closing.push(() => new Promise((resolve) => server.close(resolve)));
      }
      for (const host of ['127.0.0.1', '::1']) expect(await get(host, port, line)).toContain('served');
      expect(await get('::1', (apart.address() as net.AddressInfo).port)).toContain('served');
      expect(await warned()).toEqual([]);
    },
  );

  it('keeps quiet when fastify is given one address', async () => {
    const fastify = Fastify();
    closing.push(() => fastify.close());
    fastify.get('/', (request) => request.socket.remoteAddress);
    acceptProxyProtocol(fastify.server);
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    expect(fastify.addresses()).toHaveLength(1);
    const { port } = fastify.server.address() as net.AddressInfo;
    expect(await get('127.0.0.1', port, line)).toContain('192.0.2.10');
    expect(await get('127.0.0.1', port)).toBe('');
    expect(await warned()).toEqual([]);
  });
});
