import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decode,
  type Endpoint,
  encodeV1,
  encodeV2,
  type ValidHeader,
} from '../../src/proxy-protocol/index.js';
import { freePort } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';

/** What every encoder takes. */
interface Pair {
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

const haproxy = findPeer('haproxy', 'apt-get install haproxy');
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

async function connect(options: net.NetConnectOpts): Promise<net.Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = net.connect(options);
    try {
      await once(socket, 'connect');
      socket.on('error', () => {});
      return socket;
    } catch (error) {
      socket.destroy();
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.skipIf(haproxy === undefined)('HAProxy', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let log = '';
  const arrived: { header: Buffer; port: number }[] = [];
  const backend = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk: Buffer) => {
      arrived.push({ header: chunk, port: socket.remotePort ?? 0 });
      socket.end('seen');
    });
  });
  const senders = [
    ['send-proxy', 'send-proxy'],
    ['send-proxy-v2', 'send-proxy-v2'],
    ['send-proxy-v2 with CRC and unique id', 'send-proxy-v2 proxy-v2-options crc32c,unique-id'],
  ] as const;
  const tlsSender =
    'send-proxy-v2-ssl proxy-v2-options crc32c,authority,unique-id,ssl,ssl-cipher,cert-cn,cert-sig,cert-key';
  let ports: number[] = [];
  let receiver = 0;

  beforeAll(async () => {
    if (haproxy === undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'elb-proxy-haproxy-'));
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const target = `127.0.0.1:${(backend.address() as net.AddressInfo).port}`;
    for (let count = senders.length + 2; count > 0; count--) ports.push(await freePort());
    receiver = ports.at(-1) ?? 0;
    await writeFile(join(folder, 'pair.pem'), certificate.trim() + privateKey);
    const listeners = [...senders.map(([, sender]) => sender), tlsSender].map((sender, index) => {
      const ssl = sender === tlsSender ? ` ssl crt ${folder}/pair.pem` : '';
      const ipv6 = hasIpv6 ? `\n  bind [::1]:${ports[index]}${ssl}` : '';
      return `listen sender-${index}
  bind 127.0.0.1:${ports[index]}${ssl}${ipv6}
  bind unix@${folder}/${index}.sock${ssl}
  unique-id-format id-%ci
  server backend ${target} ${sender}
`;
    });
    const config = `global
  log stdout format raw local0
defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
${listeners.join('')}
frontend receiver
  mode http
  log global
  bind 127.0.0.1:${receiver} accept-proxy
  log-format "sent %[src]:%[src_port] %[dst]:%[dst_port]"
  http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port] %[dst]:%[dst_port]"
`;
    await writeFile(join(folder, 'haproxy.cfg'), config);
    child = spawn(haproxy, ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    (await connect({ port: receiver, host: '127.0.0.1' })).destroy();
  });

  afterAll(async () => {
    if (child !== undefined && child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    backend.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  /** What the backend got from HAProxy for a connection like this. */
  async function through(
    options: net.NetConnectOpts,
    secure = false,
  ): Promise<{ header: ValidHeader; local: number; rest: string }> {
    arrived.length = 0;
    const socket = await connect(options);
    const local = socket.localPort ?? 0;
    const speaker = secure
      ? tls.connect({ socket, servername: 'localhost', rejectUnauthorized: false })
      : socket;
    speaker.on('error', () => {});
    speaker.write('hello');
    await expect.poll(() => arrived.length, { timeout: 5000 }).toBe(1);
    speaker.destroy();
    const bytes = arrived[0]?.header ?? Buffer.alloc(0);
    const answer = decode(bytes);
    if (answer.kind !== 'valid') throw new Error(`${JSON.stringify(answer)}: ${bytes.toString('hex')}`);
    return { header: answer, local, rest: bytes.subarray(answer.consumed).toString() };
  }

  function tlvText(header: ValidHeader, type: number): string | undefined {
    const found = header.tlvs?.find((tlv) => tlv.type === type);
    return found === undefined ? undefined : Buffer.from(found.value).toString('latin1');
  }

  describe.each(senders.map(([name], index) => [name, index] as const))('%s', (name, index) => {
    it.each([
      ['127.0.0.1', 'TCP4'],
      ['::1', 'TCP6'],
    ])('from %s decodes right', async (host, family) => {
      if (host === '::1' && !hasIpv6) return;
      const { header, local } = await through({ port: ports[index]!, host });
      expect(header).toMatchObject({
        version: name === 'send-proxy' ? 1 : 2,
        command: 'PROXY',
        family,
        source: { address: host, port: local },
        destination: { address: host, port: ports[index] },
      });
      if (name.includes('CRC')) {
        expect(header.tlvs?.map(({ type }) => type).sort()).toEqual([3, 5]);
        expect(tlvText(header, 5)).toBe(`id-${host}`);
      }
    });

    it('from a UNIX socket decodes as what has no client address', async () => {
      const { header } = await through({ path: join(folder, `${index}.sock`) });
      expect(header).not.toHaveProperty('source.address');
      expect(header.family).toMatch(/^(?:UNKNOWN|UNSPEC|UNIX_STREAM)$/u);
    });
  });

  it('send-proxy-v2-ssl with CRC, authority and all else decodes right', async () => {
    const { header, local } = await through({ port: ports[senders.length]!, host: '127.0.0.1' }, true);
    expect(header).toMatchObject({
      version: 2,
      family: 'TCP4',
      source: { address: '127.0.0.1', port: local },
      destination: { address: '127.0.0.1', port: ports[senders.length] },
    });
    expect(header.tlvs?.map(({ type }) => type)).toEqual(expect.arrayContaining([2, 3, 5, 0x20]));
    expect(tlvText(header, 2)).toBe('localhost');
    expect(tlvText(header, 0x20)).toContain('TLSv1.3');
  });

  describe('accept-proxy', () => {
    async function sent(header: Buffer): Promise<string> {
      const socket = await connect({ port: receiver, host: '127.0.0.1' });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.write(
        Buffer.concat([header, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')]),
      );
      // Not `once`, which takes the reset of a refused connection for a failure.
      await new Promise((resolve) => socket.on('close', resolve));
      return text;
    }

    const tlvs = [
      { type: 2, value: Buffer.from('example.com') },
      { type: 5, value: Buffer.from('an id') },
      { type: 0xea, value: Buffer.from('\x01vpce-1') },
    ];
    it.each([
      ['encodeV1', '192.0.2.10', '198.51.100.20', encodeV1],
      ['encodeV1', '2001:db8::a', '2001:db8::b', encodeV1],
      ['encodeV2', '192.0.2.11', '198.51.100.21', encodeV2],
      ['encodeV2', '2001:db8::1a', '2001:db8::1b', encodeV2],
      ['encodeV2 with TLVs', '192.0.2.12', '198.51.100.22', (pair) => encodeV2({ ...pair, tlvs })],
      [
        'encodeV2 with a checksum',
        '192.0.2.13',
        '198.51.100.23',
        (pair) => encodeV2({ ...pair, tlvs, crc32c: true }),
      ],
      ['encodeV1 of a dual-stack socket', '::ffff:192.0.2.14', '::ffff:198.51.100.24', encodeV1],
    ] as [string, string, string, (pair: Pair) => Buffer][])(
      'takes %s from %s to %s and logs them',
      async (_, source, destination, encode) => {
        const header = encode({
          source: { address: source, port: 51000 },
          destination: { address: destination, port: 443 },
        });
        const told = `${source.replace('::ffff:', '')}:51000 ${destination.replace('::ffff:', '')}:443`;
        expect(await sent(header)).toContain(`\r\n\r\n${told}`);
        await expect.poll(() => log).toContain(`sent ${told}\n`);
      },
    );

    it('takes LOCAL as the real connection, and refuses a wrong checksum', async () => {
      expect(await sent(encodeV2({ command: 'LOCAL' }))).toContain('\r\n\r\n127.0.0.1:');
      const wrong = encodeV2({
        source: { address: '192.0.2.10', port: 51000 },
        destination: { address: '198.51.100.20', port: 443 },
        crc32c: true,
      });
      wrong[wrong.length - 1]! ^= 1;
      expect(decode(wrong)).toMatchObject({ kind: 'invalid', field: 'crc32c' });
      expect(await sent(wrong)).toBe('');
    });
  });
});
