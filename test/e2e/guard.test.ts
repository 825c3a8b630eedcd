import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';
import { Stage } from '../peers/verify-servers.js';

/** A backend on a free port, that speaks PROXY or not, behind a load balancer that really forwards. */
async function behindLoadBalancer(
  speaks: 'plain' | 'proxy' | 'requires-proxy' | 'web-socket',
  instances: readonly string[] = ['i-0123456789abcdef0'],
) {
  const server: Server = createServer((request, response) =>
    response.end(`${request.socket.remoteAddress}\n`),
  );
  if (speaks === 'proxy') acceptProxyProtocol(server, { mode: 'optional', trusted: ['127.0.0.0/8'] });
  if (speaks === 'requires-proxy') acceptProxyProtocol(server, { trusted: ['127.0.0.0/8'] });
  const webSockets = speaks === 'web-socket' ? new WebSocketServer({ server }) : undefined;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const service: Service = await startService(
    {
      loadBalancers: [
        {
          name: 'web',
          listeners: [{ protocol: 'TCP', loadBalancerPort: 20_000 + (port % 10_000), instancePort: port }],
          instances: [...instances],
          healthCheck: { target: `TCP:${port}`, interval: 5, timeout: 2 },
        },
      ],
    },
    { dataPlane: true },
  );
  return {
    service,
    port,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      webSockets?.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Resolves once the port has the policy. */
async function onceOn({
  service,
  port,
}: {
  readonly service: Service;
  readonly port: number;
}): Promise<void> {
  while ((await service.listOf(port)).length === 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

const quick = ['--guard-window', '1500ms', '--guard-hold', '600ms', '--yes', '-o', 'json'];

describe.concurrent('enable --guard', () => {
  it('takes the change back by itself when the backend does not speak PROXY: 200 before, 400 after, 200 again, exit 4', async () => {
    await using web = await behindLoadBalancer('plain');
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', ...quick],
      web.service,
    );
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'guard-failed' },
      guard: { probe: 'http:/' },
    });
    const seen = (phase: string) =>
      report.guard.checks
        .filter((check: { phase: string }) => check.phase === phase)
        .map((check: { seen: string }) => check.seen);
    expect(seen('baseline')).toEqual(['HTTP 200']);
    expect(new Set(seen('after'))).toEqual(new Set(['HTTP 400']));
    expect(seen('restored').at(-1)).toBe('HTTP 200');
    expect(await web.service.listOf(web.port)).toEqual([]);
    expect(await web.service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });

  it('leaves the change when the backend speaks PROXY', async () => {
    await using web = await behindLoadBalancer('proxy');
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', ...quick],
      web.service,
    );
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(ran.code).toBe(0);
    expect(await web.service.listOf(web.port)).toEqual(['ProxyProtocol-enabled']);
  });

  it('changes nothing when its baseline fails: exit 3', async () => {
    await using web = await behindLoadBalancer('plain');
    await using relay = await startRelay(web.service.endpoint);
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'ws:/', ...quick],
      relay,
    );
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({
      outcome: 'refused',
      changeId: null,
      error: { code: 'guard-baseline-failed' },
    });
    expect(relay.writes()).toEqual([]);
  });

  it('watches a WebSocket', async () => {
    await using web = await behindLoadBalancer('web-socket');
    const webSocket = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'ws:/', ...quick],
      web.service,
    );
    expect(webSocket.code).toBe(4);
    expect(webSocket.json().guard.checks[0]).toMatchObject({
      phase: 'baseline',
      passed: true,
      seen: 'HTTP 101, WebSocket open',
    });
  });

  it('ends with 5 if its way back fails too, and says what is left and how to put it back', async () => {
    await using web = await behindLoadBalancer('plain');
    await using relay = await startRelay(web.service.endpoint, async ({ action, nth }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' && nth > 1
        ? { error: 'AccessDenied', status: 403, message: 'not now' }
        : 'pass',
    );
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', ...quick],
      relay,
    );
    expect(ran.code).toBe(5);
    const report = ran.json();
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'guard-failed' } });
    expect(report.leftovers.find((one: { harmless: boolean }) => !one.harmless)).toMatchObject({
      command: `elb-proxy undo ${report.changeId}`,
    });
    expect(await web.service.listOf(web.port)).toEqual(['ProxyProtocol-enabled']);
  });

  it('is rolled back even if the answer to the way back is lost', async () => {
    await using web = await behindLoadBalancer('plain');
    await using relay = await startRelay(web.service.endpoint, async ({ action, nth }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' && nth === 2 ? 'cut-after' : 'pass',
    );
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', ...quick],
      relay,
    );
    expect(ran.code).toBe(4);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(await web.service.listOf(web.port)).toEqual([]);
  });

  it('makes a new connection for each look', async () => {
    const asked: (string | undefined)[] = [];
    const ports = new Set<number | undefined>();
    await using web = await behindLoadBalancer('plain');
    await using stage = await Stage.open();
    const looked = createServer((request, response) => {
      asked.push(request.headers.connection);
      ports.add(request.socket.remotePort);
      response.end();
    });
    const target = `127.0.0.1:${await stage.listen(looked)}`;
    const argv = ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', ...quick];
    const ran = await elbProxyHere([...argv, '--guard-target', target], web.service);
    expect(ran.code).toBe(0);
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked)).toEqual(new Set(['close']));
    expect(ports.size).toBe(asked.length);
  });

  it('looks at --guard-target instead of the listener', async () => {
    await using web = await behindLoadBalancer('plain');
    const ran = await elbProxyHere(
      [
        'enable',
        'web',
        '--port',
        String(web.port),
        '--guard',
        'http:/',
        '--guard-target',
        `127.0.0.1:${web.port}`,
        ...quick,
      ],
      web.service,
    );
    expect(ran.json()).toMatchObject({
      outcome: 'applied',
      guard: {
        checks: expect.arrayContaining([expect.objectContaining({ target: `127.0.0.1:${web.port}` })]),
      },
    });
  });

  it('killed during the hold: the next run says so, and undo restores', async () => {
    await using web = await behindLoadBalancer('proxy');
    const stateDirectory = await temporaryDirectory();
    const { endpoint } = web.service;
    const killed = await elbProxy(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', '--guard-hold', '60s', '--yes'],
      {
        endpoint,
        stateDirectory,
        onStart: (child) => {
          void onceOn(web).then(() => setTimeout(() => child.kill('SIGKILL'), 300));
        },
      },
    );
    expect(killed.signal).toBe('SIGKILL');
    const next = await elbProxyHere(['status', 'web'], { endpoint, stateDirectory });
    expect(next.stderr).toContain('cut off');
    expect((await elbProxyHere(['undo', '--yes'], { endpoint, stateDirectory })).code).toBe(0);
    expect(await web.service.listOf(web.port)).toEqual([]);
  });

  it('still takes the change back if the output is not read and Ctrl-C is pressed', async () => {
    await using web = await behindLoadBalancer('plain');
    const stateDirectory = await temporaryDirectory();
    const { endpoint } = web.service;
    const ran = await elbProxy(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', '--guard-window', '60s', '--yes'],
      {
        endpoint,
        stateDirectory,
        onStart: (child) => {
          child.stdout?.destroy();
          child.stderr?.destroy();
          // Once the guard has seen that it fails.
          void onceOn(web).then(() => setTimeout(() => child.kill('SIGINT'), 1500));
        },
      },
    );
    expect(ran).toMatchObject({ code: 130, signal: null });
    expect(await web.service.listOf(web.port)).toEqual([]);
    const past = await elbProxyHere(['history', '-o', 'json'], { stateDirectory });
    expect(past.json().changes).toMatchObject([{ outcome: 'rolled-back' }]);
  });

  it.each([
    ['--guard', 'ftp:/x', '--guard ftp:/x'],
    ['--guard-hold', '5s', '--guard-hold only works with --guard'],
    ['--guard', 'tcp', '--guard-window', 'soon', '--guard-window soon'],
    ['--guard', 'tcp', '--guard-target', 'nowhere', '--guard-target nowhere'],
    ['--guard', 'tcp', '--guard-target', 'a b:80', '--guard-target a b:80'],
    ['--guard', 'http', 'http needs a path'],
    ['--guard', 'https:health', 'https needs a path'],
    ['--guard', 'http://web.example/', 'give the path alone, as http:/health'],
    ['--guard', 'ws:/caf\u00e9', 'ws needs a path, in printable ASCII'],
  ])('says what is wrong with %s %s', async (...words) => {
    const ran = await elbProxyHere(['enable', 'web', '--port', '1', ...words.slice(0, -1)]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(words.at(-1));
  });
});

describe.concurrent('--verify-backends', () => {
  const probing = (endpoint: string) => ({ endpoint, env: { AWS_ENDPOINT_URL_EC2: endpoint } });

  it('refuses to enable where an instance does not take the line, and says which; the plan shows it', async () => {
    await using web = await behindLoadBalancer('plain');
    const argv = ['enable', 'web', '--port', String(web.port), '--verify-backends', '-o', 'json'];
    const dry = await elbProxyHere([...argv, '--dry-run'], probing(web.service.endpoint));
    expect(dry.json().changes[0].hazards).toContainEqual(
      expect.objectContaining({ code: 'backend-rejects-proxy', level: 'blocker', instancePort: web.port }),
    );
    const refused = await elbProxyHere([...argv, '--yes'], probing(web.service.endpoint));
    expect(refused.code).toBe(3);
    expect(refused.json()).toMatchObject({
      outcome: 'refused',
      error: { code: 'blocked', message: expect.stringContaining('i-0123456789abcdef0 (no-proxy)') },
    });
    const forced = await elbProxyHere(
      [...argv, '--yes', '--force', 'backend-rejects-proxy'],
      probing(web.service.endpoint),
    );
    expect(forced.json()).toMatchObject({ outcome: 'applied' });
  });

  it('lets enable pass where the instance takes the line, and disable where it takes both', async () => {
    await using web = await behindLoadBalancer('proxy');
    for (const verb of ['enable', 'disable']) {
      const ran = await elbProxyHere(
        [verb, 'web', '--port', String(web.port), '--verify-backends', '--yes', '-o', 'json'],
        probing(web.service.endpoint),
      );
      expect(ran.json()).toMatchObject({ outcome: 'applied' });
    }
  });

  it('says of an instance whose address EC2 does not know that it was not asked', async () => {
    await using web = await behindLoadBalancer('proxy', ['i-0123456789abcdef0', 'i-0123456789abcdef1']);
    const known =
      '<instanceId>i-0123456789abcdef0</instanceId><privateIpAddress>127.0.0.1</privateIpAddress>';
    const item = `<item><instancesSet><item>${known}</item></instancesSet></item>`;
    const body = `<DescribeInstancesResponse><reservationSet>${item}</reservationSet></DescribeInstancesResponse>`;
    await using relay = await startRelay(web.service.endpoint, async ({ action }) =>
      action === 'DescribeInstances' ? { status: 200, body } : 'pass',
    );
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(web.port), '--verify-backends', '--dry-run', '-o', 'json'],
      probing(relay.endpoint),
    );
    expect(ran.json().changes[0].hazards).toContainEqual(
      expect.objectContaining({
        code: 'backend-inconclusive',
        level: 'warning',
        message: expect.stringContaining('i-0123456789abcdef1 (inconclusive)'),
      }),
    );
  });

  it('refuses to disable where an instance requires the line', async () => {
    await using web = await behindLoadBalancer('requires-proxy');
    await web.service.createPolicy('EnableProxyProtocol');
    await web.service.setList(web.port, ['EnableProxyProtocol']);
    const ran = await elbProxyHere(
      ['disable', 'web', '--port', String(web.port), '--verify-backends', '--yes', '-o', 'json'],
      probing(web.service.endpoint),
    );
    expect(ran.code).toBe(3);
    expect(ran.json().error.hint).toContain('--force backend-requires-proxy');
    expect(await web.service.listOf(web.port)).toEqual(['EnableProxyProtocol']);
  });
});
