import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { backend, balance, closed, instanceId, type Traffic, type TrafficOptions, until } from './traffic.js';

const web = { LoadBalancerName: 'web' };
const Instances = [{ InstanceId: instanceId }];

const drain = async ({ elb }: Traffic, Enabled: boolean, Timeout?: number): Promise<void> => {
  await elb.modifyLoadBalancerAttributes({
    ...web,
    LoadBalancerAttributes: { ConnectionDraining: { Enabled, Timeout } },
  });
};
const stateOf = async ({ elb }: Traffic, ids: typeof Instances | undefined = Instances) => {
  const { InstanceStates } = await elb.describeInstanceHealth({ ...web, Instances: ids });
  return InstanceStates;
};

/** A load balancer with a connection through it on which something was said. */
async function connected(port: number, options: TrafficOptions = {}) {
  const traffic = await balance(port, options);
  const client = await traffic.dial();
  client.socket.write('hello');
  return { traffic, client };
}

it("a deregistered instance's connections end at once without draining", async () => {
  await using instance = await backend();
  const { traffic, client } = await connected(instance.port);
  await using _ = traffic;
  const atInstance = await instance.connection(0);
  const ended = Promise.all([closed(client.socket), closed(atInstance.socket)]);
  client.socket.once('end', () => client.socket.end());
  atInstance.socket.once('end', () => atInstance.socket.end());
  await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
  await ended;
  expect(await stateOf(traffic)).toMatchObject([
    {
      State: 'OutOfService',
      ReasonCode: 'Instance',
      Description: 'Instance is not currently registered with the LoadBalancer.',
    },
  ]);
});

it("a deregistered instance's connections go on with draining, and health says so until the last one has ended", async () => {
  await using instance = await backend();
  const { traffic, client } = await connected(instance.port);
  await using _ = traffic;
  const atInstance = await instance.connection(0);
  await drain(traffic, true, 3600);
  await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
  const deregistering = [
    {
      InstanceId: instanceId,
      State: 'InService',
      ReasonCode: 'N/A',
      Description: 'Instance deregistration currently in progress.',
    },
  ];
  expect(await stateOf(traffic)).toEqual(deregistering);
  expect(await stateOf(traffic, [])).toEqual(deregistering);
  // No new ones, though.
  const late = await traffic.dial();
  await until(() => late.ended);
  late.socket.destroy();
  client.socket.write(', still here');
  await until(() => atInstance.text() === 'hello, still here');
  client.socket.end();
  atInstance.socket.end();
  await until(async () => (await stateOf(traffic))?.[0]?.State === 'OutOfService');
  expect(await stateOf(traffic, [])).toEqual([]);
});

it('draining ends when its time is up', async () => {
  await using instance = await backend();
  const { traffic, client } = await connected(instance.port);
  await using _ = traffic;
  await instance.connection(0);
  await drain(traffic, true, 1);
  const started = performance.now();
  client.socket.once('end', () => client.socket.end());
  const ended = closed(client.socket);
  await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
  await ended;
  expect(performance.now() - started).toBeGreaterThan(900);
  expect((await stateOf(traffic))?.[0]?.State).toBe('OutOfService');
});

it('an instance that is registered again while it drains keeps its connections', async () => {
  await using instance = await backend();
  const { traffic, client } = await connected(instance.port);
  await using _ = traffic;
  const atInstance = await instance.connection(0);
  await drain(traffic, true, 1);
  await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
  await traffic.elb.registerInstancesWithLoadBalancer({ ...web, Instances });
  await traffic.inService();
  await new Promise((resolve) => setTimeout(resolve, 1300));
  client.socket.write(', still here');
  await until(() => atInstance.text() === 'hello, still here');
});

it('an instance that fails its checks loses its connections; where draining is on, only at the end of it', async () => {
  let status = 200;
  await using instance = await backend();
  const checks = createServer((_request, response) => void response.writeHead(status).end());
  await new Promise<void>((resolve) => void checks.listen(0, '127.0.0.1', resolve));
  const target = `HTTP:${(checks.address() as AddressInfo).port}/`;
  try {
    const { traffic, client } = await connected(instance.port, { target });
    await using _ = traffic;
    await instance.connection(0);
    status = 503;
    client.socket.once('end', () => client.socket.end());
    await closed(client.socket);
    expect(await stateOf(traffic)).toMatchObject([
      { State: 'OutOfService', Description: expect.stringContaining('UnhealthyThreshold') },
    ]);
  } finally {
    checks.close();
    checks.closeAllConnections();
  }
});

it('a request under way over HTTP is finished with draining, and given up without', async () => {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => void waiting.push(response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (traffic: Traffic) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: traffic.host, port: traffic.port, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  try {
    await using traffic = await balance(port, { protocol: 'HTTP' });
    const givenUp = ask(traffic);
    await until(() => waiting.length === 1);
    await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
    expect(await givenUp).toBe(504);

    await drain(traffic, true, 3600);
    await traffic.elb.registerInstancesWithLoadBalancer({ ...web, Instances });
    await traffic.inService();
    const finished = ask(traffic);
    await until(() => waiting.length === 2);
    await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances });
    expect((await stateOf(traffic))?.[0]?.State).toBe('InService');
    waiting[1]?.end('done');
    expect(await finished).toBe(200);
    await until(async () => (await stateOf(traffic))?.[0]?.State === 'OutOfService');
    // The connection that waited for a next request has gone as well.
    await until(
      () => new Promise<boolean>((resolve) => server.getConnections((_error, count) => resolve(count === 0))),
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
