import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { certificateSource } from '../../src/local/data-plane/certificate-source.js';
import { createHealthMonitor } from '../../src/local/data-plane/health-monitor.js';
import { afterCheck, type InstanceHealth, newInstance } from '../../src/local/data-plane/instance-health.js';
import type { LoadBalancer } from '../../src/local/index.js';
import { backend, balance, instanceId, serve, until } from './traffic.js';

const own = certificateSource(undefined);
const failed = 'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.';

/** An HTTP server that answers health checks with a status. */
const answering = (status: () => number) =>
  createHttpServer((_request, response) => void response.writeHead(status()).end());

const thresholds = { target: 'TCP:1', interval: 5, timeout: 2, unhealthyThreshold: 2, healthyThreshold: 3 };
const kinds = (results: string, from: InstanceHealth = newInstance): string[] => {
  let health = from;
  return Array.from(results, (result) => (health = afterCheck(health, result === '+', thresholds)).kind);
};

describe('the health of an instance', () => {
  it('is good after the first passed check', () => {
    expect(kinds('+')).toEqual(['in-service']);
  });

  it('fails after as many failures as the unhealthy threshold, and one passed check is still enough', () => {
    expect(kinds('---+')).toEqual(['registering', 'never-in-service', 'never-in-service', 'in-service']);
  });

  it('goes bad at the unhealthy threshold, in a row', () => {
    expect(kinds('+-+-+--').slice(1)).toEqual([...Array<string>(5).fill('in-service'), 'failed']);
  });

  it('goes good again at the healthy threshold, in a row', () => {
    expect(kinds('+--++-+++').slice(2)).toEqual([...Array<string>(6).fill('failed'), 'in-service']);
  });
});

const monitors: { close: () => void }[] = [];
afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.close();
});

/** Watches an instance by a check with an interval of milliseconds, which the API does not allow. */
function watch(target: string, { intervalMs = 20, timeoutMs = 200 } = {}) {
  const monitor = createHealthMonitor({});
  monitors.push(monitor);
  const healthCheck = { ...thresholds, target, interval: intervalMs / 1000, timeout: timeoutMs / 1000 };
  const loadBalancer = {
    dnsName: '127.0.0.1',
    instances: [instanceId],
    healthCheck,
    policies: [],
    backendPolicies: [],
  };
  const follow = (change: object = {}): void =>
    monitor.follow({ ...loadBalancer, ...change } as unknown as LoadBalancer);
  follow();
  const reaches = (state: string): Promise<unknown> =>
    until(() => monitor.stateOf(instanceId).state === state);
  return { monitor, healthCheck, follow, reaches };
}

describe('health checks', () => {
  it('pass for TCP while the connection is accepted', async () => {
    const instance = await backend();
    const { monitor, reaches } = watch(`TCP:${instance.port}`);
    await reaches('InService');
    await instance[Symbol.asyncDispose]();
    await reaches('OutOfService');
    expect(monitor.stateOf(instanceId)).toEqual({
      state: 'OutOfService',
      reasonCode: 'Instance',
      description: failed,
    });
    await using again = await backend({ port: instance.port });
    await reaches('InService');
    expect(again.port).toBe(instance.port);
  });

  it('need a handshake for SSL', async () => {
    const certificate = await own();
    await using secure = await serve(createTlsServer(certificate));
    await watch(`SSL:${secure.port}`).reaches('InService');
    await using plain = await serve(createServer((socket) => socket.end('220 no TLS\r\n')));
    const { monitor } = watch(`SSL:${plain.port}`);
    await until(() => monitor.stateOf(instanceId).description === failed);
  });

  it.each(['HTTP', 'HTTPS'] as const)('need exactly 200 for %s', async (protocol) => {
    let status = 200;
    const plain = answering(() => status);
    const server =
      protocol === 'HTTP'
        ? plain
        : createHttpsServer(
            await own(),
            (request, response) => void plain.emit('request', request, response),
          );
    await using instance = await serve(server);
    const { reaches } = watch(`${protocol}:${instance.port}/health?deep`);
    await reaches('InService');
    for (const other of [204, 302, 404, 500]) {
      status = other;
      await reaches('OutOfService');
      status = 200;
      await reaches('InService');
    }
  });

  it('ask for the path, under the name of the real health checker', async () => {
    const asked: (string | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      asked.push(request.url, request.headers['user-agent']);
      response.end();
    });
    await using instance = await serve(server);
    await watch(`HTTP:${instance.port}/health?deep`).reaches('InService');
    expect(asked.slice(0, 2)).toEqual(['/health?deep', 'ELB-HealthChecker/1.0']);
  });

  it('fail when nothing comes back in time', async () => {
    await using silent = await backend();
    const { monitor } = watch(`HTTP:${silent.port}/`, { timeoutMs: 40 });
    await until(() => monitor.stateOf(instanceId).description === failed);
    const { monitor: other } = watch(`SSL:${silent.port}`, { timeoutMs: 40 });
    await until(() => other.stateOf(instanceId).description === failed);
  });

  it('follow a changed check at once', async () => {
    await using good = await backend();
    const { monitor, healthCheck, follow, reaches } = watch('TCP:1', { intervalMs: 1_000_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(monitor.stateOf(instanceId)).toMatchObject({
      state: 'OutOfService',
      reasonCode: 'ELB',
      description: 'Instance registration is still in progress.',
    });
    follow({ healthCheck: { ...healthCheck, target: `TCP:${good.port}` } });
    await reaches('InService');
  });
});

it('shows in the API: registration in progress, and InService with the first check that passed', async () => {
  const gone = await backend();
  const { port } = gone;
  await gone[Symbol.asyncDispose]();
  await using web = await balance(port, { healthy: false });
  const { elb } = web;
  const stateNow = async () =>
    (await elb.describeInstanceHealth({ LoadBalancerName: 'web' })).InstanceStates?.[0];
  expect(await stateNow()).toEqual({
    InstanceId: instanceId,
    State: 'OutOfService',
    ReasonCode: 'ELB',
    Description: 'Instance registration is still in progress.',
  });
  await using instance = await backend({ port });
  await elb.configureHealthCheck({
    LoadBalancerName: 'web',
    HealthCheck: {
      Target: `TCP:${instance.port}`,
      Interval: 5,
      Timeout: 2,
      UnhealthyThreshold: 2,
      HealthyThreshold: 10,
    },
  });
  await web.inService();
  expect(await stateNow()).toEqual({
    InstanceId: instanceId,
    State: 'InService',
    ReasonCode: 'N/A',
    Description: 'N/A',
  });
});

/** A backend that refuses what does not begin with a PROXY line. */
const proxyOnly = () =>
  createHttpServer().on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const first = String(socket.read() ?? '');
      if (!first.startsWith('PROXY ')) socket.destroy();
    });
  });

describe('health checks and the PROXY policy', () => {
  it('go together for TCP: a bare line with the address of the load balancer twice, and the instance port', async () => {
    await using instance = await backend({ health: true });
    await using web = await balance(instance.port, { target: `TCP:${instance.port}` });
    const [plain] = instance.connections;
    await until(() => plain?.ended);
    expect(plain?.text()).toBe('');
    await web.enable();
    // A changed check starts at once, and finds the policy.
    const before = instance.connections.length;
    await web.elb.configureHealthCheck({
      LoadBalancerName: 'web',
      HealthCheck: {
        Target: `TCP:${instance.port}`,
        Interval: 6,
        Timeout: 2,
        UnhealthyThreshold: 2,
        HealthyThreshold: 2,
      },
    });
    const check = await instance.connection(before);
    await until(() => check.ended);
    const { remoteAddress, remotePort } = check.socket;
    expect(remoteAddress).toBe(process.platform === 'linux' ? web.host : '127.0.0.1');
    expect(check.text()).toBe(
      `PROXY TCP4 ${remoteAddress} ${remoteAddress} ${remotePort} ${instance.port}\r\n`,
    );
  });

  it('do not for HTTP: a backend that requires the line goes out of service', async () => {
    await using instance = await serve(proxyOnly());
    await using web = await balance(instance.port, { target: `HTTP:${instance.port}/`, healthy: false });
    await web.enable();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await web.healthOf()).toBe('OutOfService');
  });
});
