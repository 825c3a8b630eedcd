import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { networkHaproxyConfig } from '../../src/haproxy/network-haproxy-config.js';
import { decode } from '../../src/proxy-protocol/index.js';
import {
  groupArn,
  loadBalancerArn,
  networkListener,
  nlb,
  targetGroup,
  withProxy,
} from '../core/network-builders.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { freePort } from '../helpers/free-ports.js';
import { findPeer } from './peer.js';

const haproxy = findPeer('haproxy', 'apt-get install haproxy');
const on = [loadBalancerArn('web')];

describe.skipIf(haproxy === undefined)('HAProxy instead of a Network Load Balancer', () => {
  it('accepts weights, TLS on both sides and every kind of health check', async () => {
    const directory = await temporaryDirectory();
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const certificate = join(directory, 'web.pem');
    await writeFile(certificate, `${cert}\n${key}\n`);
    const check = (protocol: string, port = 'traffic-port') => ({
      enabled: true,
      protocol,
      port,
      path: '/health?x=1',
      matcher: '200,202-299',
      interval: 10,
    });
    const loadBalancer = nlb({
      listeners: [
        networkListener({
          targetGroups: ['a', 'b', 'c'].map((name) => ({ arn: groupArn(name), weight: 0 })),
        }),
        networkListener({ port: 444, protocol: 'TLS' }, 'a'),
        networkListener({ port: 53, protocol: 'UDP' }, 'a'),
      ],
      targetGroups: [
        targetGroup({ name: 'a', loadBalancerArns: on, protocol: 'TLS', healthCheck: check('HTTPS') }),
        targetGroup({ name: 'b', loadBalancerArns: on, healthCheck: check('TCP', '9000') }),
        targetGroup({
          name: 'c',
          loadBalancerArns: on,
          attributes: withProxy('true'),
          healthCheck: check('HTTPS', '9'),
        }),
      ],
    });
    const file = join(directory, 'web.cfg');
    await writeFile(file, networkHaproxyConfig(loadBalancer, { certificate }));
    const { status, stdout, stderr } = spawnSync(haproxy ?? '', ['-c', '-f', file], { encoding: 'utf8' });
    expect([status, `${stdout}${stderr}`.replace('Configuration file is valid\n', '')]).toEqual([0, '']);
  });

  it('sends a version 2 header with a checksum in front of a connection and of a health check', async () => {
    const seen: Buffer[] = [];
    const backend = createServer((socket) => {
      socket.on('error', () => undefined);
      let bytes = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        // The header may come by itself; its signature has an empty line, too.
        if (!/HTTP\/1\.[01]\r\n[^]*\r\n$/.test(bytes.toString('latin1'))) return;
        seen.push(bytes);
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const { port } = backend.address() as AddressInfo;
    const listener = await freePort();
    const group = targetGroup({ port, targets: [], attributes: withProxy('true') });
    const text = networkHaproxyConfig(
      nlb({ listeners: [networkListener({ port: listener })], targetGroups: [group] }),
    );
    const file = join(await temporaryDirectory(), 'web.cfg');
    await writeFile(file, text);
    const child = spawn(haproxy ?? '', ['-db', '-f', file], { stdio: 'ignore' });
    try {
      const spoken = async (): Promise<void> => {
        for (;;) {
          const socket = connect(listener, '127.0.0.1');
          const answered = await new Promise<boolean>((resolve) => {
            socket.on('error', () => resolve(false));
            socket.on('data', () => resolve(true));
            socket.on('close', () => resolve(false));
            socket.on('connect', () => socket.write('GET /by-client HTTP/1.1\r\n\r\n'));
          });
          socket.destroy();
          if (answered) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      await spoken();
      await expect
        .poll(() => seen.some((bytes) => bytes.includes('GET / HTTP/1.1')), { timeout: 30_000 })
        .toBe(true);
    } finally {
      child.kill();
      backend.close();
    }
    for (const [request, command] of [
      ['GET /by-client', 'PROXY'],
      ['GET / HTTP/1.1', 'LOCAL'],
    ] as const) {
      const bytes = seen.find((one) => one.includes(request)) ?? Buffer.alloc(0);
      const decoded = decode(bytes);
      expect(decoded).toMatchObject({ kind: 'valid', version: 2, command });
      // The checksum's TLV; the codec checks its value.
      if (command === 'PROXY')
        expect(decoded.kind === 'valid' && decoded.tlvs?.map(({ type }) => type)).toContain(0x03);
    }
  });
});
