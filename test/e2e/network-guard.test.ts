import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePort } from '../helpers/free-ports.js';
import { bothKindsAt, type NetworkService, startNetworkService } from '../helpers/network-service.js';

/** A backend behind the target group `blue` of `edge`, which really sends the header, and its health checks. */
interface Backed extends AsyncDisposable {
  readonly service: NetworkService;
  readonly enable: readonly string[];
}

async function startBacked(backend: 'plain' | 'accepts', check: 'TCP' | 'HTTP'): Promise<Backed> {
  const server = createServer((_request, response) => response.end('ok'));
  if (backend === 'accepts')
    acceptProxyProtocol(server, { trusted: ['127.0.0.0/8', '::1/128'], mode: 'optional', timeoutMs: 5000 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const service = await startNetworkService(
    {
      loadBalancers: [],
      elbv2: {
        targetGroups: [
          {
            name: 'blue',
            protocol: 'TCP',
            port,
            targetType: 'ip',
            targets: ['127.0.0.1'],
            healthCheck: {
              protocol: check,
              ...(check === 'HTTP' ? { path: '/' } : {}),
              interval: 1,
              timeout: 1,
              healthyThreshold: 2,
              unhealthyThreshold: 2,
            },
          },
        ],
        loadBalancers: [
          { name: 'edge', listeners: [{ protocol: 'TCP', port: await freePort(), targetGroups: ['blue'] }] },
        ],
      },
    },
    { dataPlane: true },
  );
  const TargetGroupArn = await service.arnOf('blue');
  for (;;) {
    const { TargetHealthDescriptions } = await service.client.describeTargetHealth({ TargetGroupArn });
    if (TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy') break;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  return {
    service,
    enable: ['enable', 'edge', '--target-group', 'blue', '--yes', '-o', 'json'],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

describe('a target group under guard', () => {
  it('is put back by a request through its listener if its targets take no header', async () => {
    await using backed = await startBacked('plain', 'TCP');
    const { service, enable } = backed;
    const guard = ['--guard', 'http:/', '--guard-window', '1s', '--guard-hold', '1s'];
    const ran = await elbProxyHere([...enable, ...guard], bothKindsAt(service));
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    const phases = report.guard.checks.map(
      ({ phase, passed, targetGroup }: { phase: string; passed: boolean; targetGroup: string }) =>
        `${targetGroup} ${phase} ${passed}`,
    );
    expect(new Set(phases)).toEqual(
      new Set(['blue baseline true', 'blue after false', 'blue restored true']),
    );
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('stays on if its targets take it', async () => {
    await using backed = await startBacked('accepts', 'HTTP');
    const { service, enable } = backed;
    const guard = ['--guard', 'http:/', '--guard', 'tcp', '--guard', 'health', '--guard-hold', '1s'];
    const ran = await elbProxyHere([...enable, ...guard], bothKindsAt(service));
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(await service.valueOf('blue')).toBe('true');
  });

  it('is put back by the health that the service reports if its targets turn unhealthy, within the time that its check needs', async () => {
    await using backed = await startBacked('plain', 'HTTP');
    const { service, enable } = backed;
    const ran = await elbProxyHere([...enable, '--guard', 'health'], bothKindsAt(service));
    expect(ran.code).toBe(4);
    const report = ran.json();
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(report.reason).toMatch(
      /the guard health of blue failed after the change: 127\.0\.0\.1:\d+ is unhealthy/,
    );
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('is not switched on if its targets, or its health check, would refuse it', async () => {
    await using backed = await startBacked('plain', 'HTTP');
    const { service, enable } = backed;
    const ran = await elbProxyHere([...enable, '--verify-backends'], bothKindsAt(service));
    expect(ran.code).toBe(3);
    const codes = ran.json().changes[0].hazards.map(({ code }: { code: string }) => code);
    expect(codes).toContain('backend-rejects-proxy');
    expect(codes).toContain('health-check-order');
    expect(await service.valueOf('blue')).toBe('false');
  });
});
