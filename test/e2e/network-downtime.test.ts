import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type AcceptOptions, acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { byBudget } from '../helpers/budget.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { balanceNetwork, type NetworkTraffic, quickCheck } from '../local/elbv2/network-traffic.js';
import { instanceId, secondInstanceId, until } from '../local/traffic.js';

const requests = byBudget(2000, 10_000);

/** A backend that answers with the address that it sees. */
async function application(mode: AcceptOptions['mode'] | 'plain', port = 0, host = '127.0.0.1') {
  const server = createServer(({ socket }, response) => {
    response.setHeader('connection', 'close').end(`hello, ${socket.remoteAddress}\n`);
  });
  if (mode !== 'plain' && mode !== undefined) acceptProxyProtocol(server, { mode, trusted: ['127.0.0.0/8'] });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

/** Clients who ask without a pause, each on a connection of its own, until they are told to stop. */
function clients({ host, port }: Pick<NetworkTraffic, 'host' | 'port'>, count = 8) {
  const failures: string[] = [];
  let asked = 0;
  const over = new AbortController();
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const failed = (why: string): void => {
        failures.push(`request ${asked}: ${why}`);
        resolve();
      };
      asked += 1;
      const outgoing = request({ host, port, path: '/', agent: false, timeout: 10_000 }, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200) resolve();
          else failed(`HTTP ${response.statusCode}`);
        });
        response.once('error', (error) => failed(error.message));
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer')));
      outgoing.once('error', (error) => failed(error.message));
      outgoing.end();
    });
  const all = Array.from({ length: count }, async () => {
    while (!over.signal.aborted) await ask();
  });
  return {
    failures,
    /** Goes on until so many more have been asked. */
    more: (n: number) => {
      const goal = asked + n;
      return until(() => asked >= goal, 120_000);
    },
    stop: async () => {
      over.abort();
      await Promise.all(all);
      return asked;
    },
  };
}

/** `elb-proxy enable edge`. */
const enable = async ({ local }: NetworkTraffic, words: readonly string[]) =>
  elbProxyHere(['enable', 'edge', '--yes', ...words], {
    stateDirectory: await temporaryDirectory(),
    env: {
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: local.endpoint,
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: local.endpoint,
    },
  });

describe('a switch of a Network Load Balancer without one failed request', () => {
  it('by a backend that takes both, then requires the header', { timeout: 240_000 }, async () => {
    if (process.platform !== 'linux') return;
    // Two instances, so that one can be deployed while the other serves.
    const hosts = { [instanceId]: '127.0.0.1', [secondInstanceId]: '127.0.0.3' };
    const ids = [instanceId, secondInstanceId] as const;
    const first = await application('optional');
    const { port } = first;
    const servers = new Map([
      [ids[0], first.server],
      [ids[1], (await application('optional', port, '127.0.0.3')).server],
    ]);
    await using edge = await balanceNetwork({
      instances: hosts,
      groups: [{ port, targets: ids, healthCheck: { protocol: 'HTTP', ...quickCheck } }],
    });
    const healthy = (n: number) =>
      until(async () => {
        const { TargetHealthDescriptions: all = [] } = await edge.v2.describeTargetHealth({
          TargetGroupArn: edge.groupArn(),
        });
        return all.length === n && all.every(({ TargetHealth }) => TargetHealth?.State === 'healthy');
      }, 20_000);
    await healthy(2);
    const traffic = clients(edge);
    await traffic.more(requests / 4);
    const guarded = '--guard http:/ --guard health --guard-hold 2s'.split(' ');
    const ran = await enable(edge, ['--target-group', 'group-0', ...guarded]);
    expect(ran.stderr).not.toContain('failed');
    expect(ran.code).toBe(0);
    await traffic.more(requests / 4);
    // The backend is deployed again, instance by instance, and requires the header now.
    for (const id of ids) {
      const Targets = [{ Id: id }];
      await edge.v2.deregisterTargets({ TargetGroupArn: edge.groupArn(), Targets });
      await healthy(1);
      const server = servers.get(id);
      if (server !== undefined) await close(server);
      servers.set(id, (await application('required', port, hosts[id])).server);
      await edge.v2.registerTargets({ TargetGroupArn: edge.groupArn(), Targets });
      await healthy(2);
      await traffic.more(requests / 4);
    }
    expect(await traffic.stop()).toBeGreaterThanOrEqual(requests);
    expect(traffic.failures).toEqual([]);
    await Promise.all([...servers.values()].map(close));
  });

  it('by weights: a second group, on, with the targets’ other port', { timeout: 240_000 }, async () => {
    const plain = await application('plain');
    const strict = await application('required');
    await using edge = await balanceNetwork({
      groups: [{ port: plain.port, healthCheck: { protocol: 'HTTP', ...quickCheck } }],
    });
    const { TargetGroups } = await edge.v2.createTargetGroup({
      Name: 'green',
      Protocol: 'TCP',
      Port: strict.port,
      VpcId: 'vpc-1',
      HealthCheckProtocol: 'HTTP',
      HealthCheckIntervalSeconds: 5,
    });
    const green = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await edge.v2.registerTargets({ TargetGroupArn: green, Targets: [{ Id: instanceId }] });
    const traffic = clients(edge);
    // Before any listener forwards to it nothing can go wrong.
    const ran = await enable(edge, ['--target-group', 'green']);
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('failed')]);
    const weigh = async (blueWeight: number, greenWeight: number) => {
      await edge.v2.modifyListener({
        ListenerArn: edge.local.elbv2().listeners[0]?.arn,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: edge.groupArn(), Weight: blueWeight },
                { TargetGroupArn: green, Weight: greenWeight },
              ],
            },
          },
        ],
      });
      // The guard of a step: both groups' targets are well.
      await edge.becomes('healthy');
      await edge.becomes('healthy', 'green');
      await traffic.more(requests / 3);
    };
    await weigh(100, 0);
    await weigh(90, 10);
    await weigh(0, 100);
    expect(await traffic.stop()).toBeGreaterThanOrEqual(requests);
    expect(traffic.failures).toEqual([]);
    await Promise.all([plain.server, strict.server].map(close));
  });
});
