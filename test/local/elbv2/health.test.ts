import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { createServer as createPlainServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { certificateSource } from '../../../src/local/data-plane/certificate-source.js';
import { matches } from '../../../src/local/elbv2/data-plane/check-target.js';
import { acceptProxyProtocol } from '../../../src/proxy-protocol/index.js';
import { backend, instanceId, secondInstanceId, serve, until } from '../traffic.js';
import { balanceNetwork, received } from './network-traffic.js';

/** A server that listens. */
async function listening(server: Server | SecureServer, port = 0) {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const http = (answer: RequestListener) => listening(createServer(answer));
const ok: RequestListener = (_request, response) => void response.end('ok');

describe('a health check of a group without the PROXY protocol', () => {
  it('connects and sends nothing by TCP', async () => {
    const from: (string | undefined)[] = [];
    const server = createPlainServer(({ remoteAddress }) => from.push(remoteAddress));
    await using instance = await serve(server, { health: true });
    await using edge = await balanceNetwork({ groups: [{ port: instance.port }] });
    const check = await instance.connection(0);
    await until(() => check.ended);
    expect(check.chunks).toEqual([]);
    if (process.platform === 'linux') expect(from[0]).toBe(edge.host);
  });

  it('asks for the path by HTTP, and names the health checker', async () => {
    const asked: IncomingMessage[] = [];
    await using instance = await http((request, response) => {
      asked.push(request);
      response.end();
    });
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTP', path: '/up?x=1' } }],
    });
    expect(await edge.healthOf()).toEqual(['healthy', undefined]);
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: '/up?x=1',
      headers: { host: `127.0.0.1:${instance.port}`, 'user-agent': 'ELB-HealthChecker/2.0' },
    });
  });

  it('takes any certificate by HTTPS', async () => {
    const own = await certificateSource(undefined)();
    await using instance = await listening(createSecureServer({ ...own }, ok));
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTPS' } }],
    });
    expect(await edge.healthOf()).toEqual(['healthy', undefined]);
  });
});

describe('a target', () => {
  it('is initial before its first check is through, then healthy', async () => {
    let answer: (() => void) | undefined;
    await using instance = await http((_request, response) => {
      answer ??= () => response.end();
    });
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTP', interval: 20, timeout: 20 } }],
      healthy: false,
    });
    expect(await edge.healthOf()).toEqual(['initial', 'Elb.InitialHealthChecking']);
    (await until(() => answer))();
    await edge.becomes('healthy');
  });

  it.each<readonly [string, RequestListener, string]>([
    [
      'answers with a status that the matcher does not have',
      (_request, response) => {
        response.statusCode = 404;
        response.end();
      },
      'Target.ResponseCodeMismatch',
    ],
    ['does not answer in time', () => undefined, 'Target.Timeout'],
    ['closes without an answer', ({ socket }) => socket.destroy(), 'Target.FailedHealthChecks'],
    [
      'answers with what is not HTTP',
      ({ socket }) => void socket.end('hello\r\n'),
      'Target.FailedHealthChecks',
    ],
  ])('is unhealthy, with the reason, if it %s', async (_sentence, answer, reason) => {
    await using instance = await http(answer);
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTP' } }],
      healthy: false,
    });
    await edge.becomes('unhealthy');
    expect(await edge.healthOf()).toEqual(['unhealthy', reason]);
  });

  it('is unhealthy if it refuses connections, and new connections still go to it: fail open', async () => {
    await using instance = await backend();
    const { port: closedPort } = await (async () => {
      await using server = await http(ok);
      return { port: server.port };
    })();
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { port: closedPort } }],
      healthy: false,
    });
    await edge.becomes('unhealthy');
    expect(await edge.healthOf()).toEqual(['unhealthy', 'Target.FailedHealthChecks']);
    const client = await edge.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    await until(() => seen.text() === 'x');
  });

  it('gets nothing while it is unhealthy and another is healthy', async () => {
    if (process.platform !== 'linux') return;
    await using good = await serve(createPlainServer());
    await using bad = await serve(createPlainServer(), { host: '127.0.0.2', port: good.port });
    await using check = await http(ok);
    await using edge = await balanceNetwork({
      groups: [
        {
          port: good.port,
          targets: [instanceId, secondInstanceId],
          // Nothing listens there at 127.0.0.2.
          healthCheck: { port: check.port },
        },
      ],
      instances: { [secondInstanceId]: '127.0.0.2' },
    });
    await until(async () => {
      const { TargetHealthDescriptions: all = [] } = await edge.v2.describeTargetHealth({
        TargetGroupArn: edge.groupArn(),
      });
      return all[1]?.TargetHealth?.State === 'unhealthy';
    });
    for (let n = 0; n < 4; n++) (await edge.dial()).socket.write('x');
    await until(() => good.connections.length === 4);
    expect(bad.connections).toHaveLength(0);
  });

  it('loses its connections when it turns unhealthy, unless the attribute keeps them', async () => {
    await using instance = await backend();
    let status = 200;
    await using check = await http((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTP', port: check.port } }],
    });
    const first = await edge.dial();
    first.socket.write('x');
    const seen = await instance.connection(0);
    status = 500;
    await until(() => first.ended && seen.ended);
    expect(await edge.healthOf()).toEqual(['unhealthy', 'Target.ResponseCodeMismatch']);

    status = 200;
    await edge.becomes('healthy');
    await edge.set('target_health_state.unhealthy.connection_termination.enabled', 'false');
    const second = await edge.dial();
    second.socket.write('x');
    const kept = await instance.connection(1);
    status = 500;
    await edge.becomes('unhealthy');
    kept.socket.write('still here');
    await until(() => second.text() === 'still here');
  });

  it('drains once deregistered while it has connections, and is gone then', async () => {
    await using instance = await backend();
    await using edge = await balanceNetwork({ groups: [{ port: instance.port }] });
    const client = await edge.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    await edge.v2.deregisterTargets({ TargetGroupArn: edge.groupArn(), Targets: [{ Id: instanceId }] });
    expect(await edge.healthOf()).toEqual(['draining', 'Target.DeregistrationInProgress']);
    seen.socket.write('still here');
    await until(() => client.text() === 'still here');
    client.socket.resetAndDestroy();
    await until(async () => (await edge.healthOf())[0] === undefined);
  });

  it('is unused, and is not checked, if no listener forwards to its group', async () => {
    await using instance = await serve(createPlainServer(), { health: true });
    await using edge = await balanceNetwork({ groups: [{ port: instance.port }] });
    await edge.v2.deleteListener({ ListenerArn: edge.local.elbv2().listeners[0]?.arn });
    expect(await edge.healthOf()).toEqual(['unused', 'Target.NotInUse']);
    const before = instance.connections.length;
    await delay(1500);
    expect(instance.connections.length).toBe(before);
  });

  it('is checked at once when the check is another one', async () => {
    await using instance = await http(ok);
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, healthCheck: { protocol: 'HTTP', interval: 300, timeout: 2 } }],
    });
    await edge.v2.modifyTargetGroup({ TargetGroupArn: edge.groupArn(), Matcher: { HttpCode: '201' } });
    await edge.v2.modifyTargetGroup({ TargetGroupArn: edge.groupArn(), HealthCheckPath: '/x' });
    expect(await edge.healthOf()).toEqual(['healthy', undefined]);
  });
});

describe('a health check of a group with the PROXY protocol', () => {
  it.each(['TCP', 'HTTP'])(
    'begins with the LOCAL header of 100 bytes by %s, on another port too',
    async (protocol) => {
      await using instance = await backend();
      await using health = await serve(
        createPlainServer((socket: Socket) =>
          socket.on('data', (chunk: Buffer) => {
            if (chunk.includes('GET /')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
          }),
        ),
      );
      await using edge = await balanceNetwork({
        groups: [
          {
            port: instance.port,
            attributes: { 'proxy_protocol_v2.enabled': 'true' },
            healthCheck: { protocol, port: health.port },
          },
        ],
      });
      expect(await edge.healthOf()).toEqual(['healthy', undefined]);
      const check = await health.connection(0);
      await until(() => received(check).consumed === 100);
      expect(received(check).header).toMatchObject({ version: 2, command: 'LOCAL' });
      expect(received(check).bytes.toString('hex', 12, 26)).toBe('20110054030004bce5951f04004a');
    },
  );

  it('has the header in clear in front of the handshake by HTTPS', async () => {
    const own = await certificateSource(undefined)();
    const server = createSecureServer({ ...own }, ok);
    acceptProxyProtocol(server, { mode: 'required', trusted: ['127.0.0.0/8'] });
    await using instance = await listening(server);
    await using edge = await balanceNetwork({
      groups: [
        {
          port: instance.port,
          attributes: { 'proxy_protocol_v2.enabled': 'true' },
          healthCheck: { protocol: 'HTTPS' },
        },
      ],
    });
    expect(await edge.healthOf()).toEqual(['healthy', undefined]);
  });
});

// The table of facts about health checks: what a group sends, what its backend is, and what each kind of check says.
describe('the truth table', () => {
  const requires = (server: Server): Server => {
    acceptProxyProtocol(server, { mode: 'required', trusted: ['127.0.0.0/8'] });
    return server;
  };
  it.each<readonly [on: boolean, backend: 'plain' | 'requires', check: string, state: string]>([
    [false, 'plain', 'HTTP', 'healthy'],
    [false, 'plain', 'HTTP elsewhere', 'healthy'],
    [false, 'plain', 'TCP', 'healthy'],
    [true, 'plain', 'HTTP', 'unhealthy'],
    [true, 'plain', 'HTTP elsewhere', 'unhealthy'],
    [true, 'plain', 'TCP', 'healthy'],
    [false, 'requires', 'HTTP', 'unhealthy'],
    [false, 'requires', 'HTTP elsewhere', 'healthy'],
    [false, 'requires', 'TCP', 'healthy'],
    [true, 'requires', 'HTTP', 'healthy'],
    [true, 'requires', 'HTTP elsewhere', 'unhealthy'],
    [true, 'requires', 'TCP', 'healthy'],
  ])('on: %s, a backend: %s, a check by %s: %s', async (on, kind, check, state) => {
    const server = createServer(ok);
    await using instance = await listening(kind === 'requires' ? requires(server) : server);
    await using plain = await http(ok);
    await using edge = await balanceNetwork({
      groups: [
        {
          port: instance.port,
          attributes: { 'proxy_protocol_v2.enabled': String(on) },
          healthCheck: {
            protocol: check === 'TCP' ? 'TCP' : 'HTTP',
            ...(check === 'HTTP elsewhere' ? { port: plain.port } : {}),
          },
        },
      ],
      healthy: false,
    });
    await edge.becomes(state);
  });
});

describe('a matcher', () => {
  it.each([
    ['200', [200], [199, 201, 404]],
    ['200-399', [200, 302, 399], [199, 400]],
    ['200,301-302', [200, 301, 302], [201, 300, 303]],
  ])('%s', (matcher, passing, failing) => {
    expect(passing.every((status) => matches(matcher, status))).toBe(true);
    expect(failing.some((status) => matches(matcher, status))).toBe(false);
  });
});
