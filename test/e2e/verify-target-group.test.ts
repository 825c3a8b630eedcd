import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { acceptProxyProtocol, createDecoder } from '../../src/proxy-protocol/index.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startFleet } from '../helpers/fleet.js';
import { Stage } from '../peers/verify-servers.js';

const id = 'i-0123456789abcdef0';
const web = () => createHttp((_, response) => void response.end('ok'));

/** Answers behind a header of one version only, and closes on all else. */
function ofVersion(version: 1 | 2): Server {
  return createServer((socket) => {
    const decoder = createDecoder();
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      const decoded = decoder.push(chunk);
      if (decoded.kind !== 'valid' || decoded.version !== version) return void socket.destroy();
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
    });
  });
}

async function staged(ports: readonly number[]) {
  const elbv2: NonNullable<Seed['elbv2']> = {
    targetGroups: [
      // A port that no target has: what counts is the target's own.
      { name: 'web-tls', protocol: 'TCP', port: 1, targets: ports.map((port) => ({ id, port })) },
      { name: 'empty', protocol: 'TCP', port: 1 },
      { name: 'datagrams', protocol: 'UDP', port: 1, targets: [{ id }] },
    ],
    loadBalancers: [
      {
        name: 'edge',
        listeners: [
          { protocol: 'TCP', port: 443, targetGroups: ['web-tls'] },
          { protocol: 'TCP', port: 444, targetGroups: ['empty'] },
          { protocol: 'UDP', port: 445, targetGroups: ['datagrams'] },
        ],
      },
    ],
  };
  const fleet = await startFleet([], { seed: { elbv2, loadBalancers: [] } });
  const verify = (...args: readonly string[]) =>
    elbProxyHere(['verify', 'backend', ...args, '-o', 'json'], {
      endpoint: fleet.endpoint,
      env: { AWS_ENDPOINT_URL_EC2: fleet.endpoint },
    });
  return { fleet, verify };
}

describe('verify backend of a target group', () => {
  it('asks each registered target on its own port, with a version 2 header as a Network Load Balancer sends it', async () => {
    await using stage = await Stage.open();
    const ports = [
      await stage.listen(ofVersion(2)),
      await stage.listen(ofVersion(1)),
      await stage.listen(web()),
      await stage.listen(acceptProxyProtocol(web(), { mode: 'optional' })),
    ];
    const { fleet, verify } = await staged(ports);
    await using _ = fleet;
    const ran = await verify('--load-balancer', 'edge', '--target-group', 'web-tls');
    const { results } = ran.json();
    expect(
      results.map(({ target, instanceId, verdict }: Record<string, string>) => [target, instanceId, verdict]),
    ).toEqual([
      [`127.0.0.1:${ports[0]}`, id, 'requires-proxy-v2'],
      [`127.0.0.1:${ports[1]}`, id, 'requires-proxy'],
      [`127.0.0.1:${ports[2]}`, id, 'no-proxy'],
      [`127.0.0.1:${ports[3]}`, id, 'accepts-both'],
    ]);
    expect(results[0].advice).toContain('Keep proxy_protocol_v2.enabled on');
    expect(results[1].advice).toContain('sends version 2 only');
    const behind = results[0].evidence.find(({ probe }: { probe: string }) => probe === 'v2+http');
    // Version 2, TCP over IPv4, 12 bytes of addresses and 7 of the checksum.
    expect(behind.sent.hex).toMatch(/^0d0a0d0a000d0a515549540a21110013/);
    expect(behind.what).toBe('a version 2 header, then an HTTP request');
    expect(JSON.stringify(results[0])).not.toContain('PROXY line');
  });

  it('takes the group by its ARN, and holds every verdict to --expect', async () => {
    await using stage = await Stage.open();
    const { fleet, verify } = await staged([await stage.listen(ofVersion(2))]);
    await using _ = fleet;
    const status = await elbProxyHere(['status', 'edge', '-o', 'json'], fleet);
    const { arn } = status
      .json()
      .loadBalancers[0].targetGroups.find(({ name }: { name: string }) => name === 'web-tls');
    const args = ['--load-balancer', 'edge', '--target-group', arn];
    expect((await verify(...args, '--expect', 'requires-proxy-v2')).code).toBe(0);
    expect((await verify(...args, '--expect', 'no-proxy')).code).toBe(4);
  });

  it("is inconclusive if it can't be reached, and advised as a target is", async () => {
    await using stage = await Stage.open();
    const closed = createServer();
    const port = await stage.listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    const { fleet, verify } = await staged([port]);
    await using _ = fleet;
    const ran = await verify('--load-balancer', 'edge', '--target-group', 'web-tls');
    expect(ran.code).toBe(4);
    const [found] = ran.json().results;
    expect(found.verdict).toBe('inconclusive');
    expect(found.advice).toContain('this is the port of the target');
  });

  it.each([
    [['--load-balancer', 'edge', '--target-group', 'gone'], 'edge (us-east-1) has no target group gone'],
    [['--load-balancer', 'edge', '--target-group', 'empty'], 'empty has no registered target'],
    [
      ['--load-balancer', 'edge', '--target-group', 'datagrams'],
      'datagrams takes UDP, which carries no TCP connection',
    ],
    [
      ['--load-balancer', 'edge', '--target-group', 'empty', '--port', '1'],
      '--port and --target-group are both given',
    ],
    [['--target-group', 'empty'], '--target-group only works with --load-balancer'],
    [
      ['127.0.0.1:1', '--load-balancer', 'edge', '--target-group', 'empty'],
      '127.0.0.1:1 and --load-balancer are both given',
    ],
    [
      ['--load-balancer', 'edge', '--target-group', 'empty', '--from', 'instances'],
      'empty has no registered target',
    ],
    [['--load-balancer', 'edge'], '--load-balancer needs --port, the instance port (or --target-group'],
  ])('%j is one clear error', async (args, words) => {
    const { fleet, verify } = await staged([1]);
    await using _ = fleet;
    const ran = await verify(...args);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
  });
});
