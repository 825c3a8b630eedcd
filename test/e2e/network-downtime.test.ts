import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { application, clients, close, requests } from '../local/elbv2/clients.js';
import { balanceNetwork, type NetworkTraffic, quickCheck } from '../local/elbv2/network-traffic.js';
import { instanceId, secondInstanceId, until } from '../local/traffic.js';

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
});
