import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { start, tcp, zones } from './clients.js';
import { backend, balance, closed, instanceId, somePort, until } from './traffic.js';

const linux = process.platform === 'linux';
const web = 'web';

describe('the port of a listener', () => {
  it('that is taken is a warning, and the call succeeds; it is opened with a later change', async () => {
    const port = somePort();
    const holder = createServer().listen(port, linux ? '127.0.1.1' : '127.0.0.1');
    await once(holder, 'listening');
    await using running = await start({ dataPlane: true });
    await running.elb.createLoadBalancer({ LoadBalancerName: web, Listeners: [tcp(port, 1)], ...zones });
    const warnings = () => running.events.filter((event) => event.kind === 'warning');
    expect(warnings()).toMatchObject([
      {
        code: 'ListenerNotOpened',
        message: expect.stringMatching(/^web: cannot listen on 127\.0\.\d\.1:\d+: .*EADDRINUSE/),
      },
    ]);
    expect(running.local.openPorts()).toMatchObject([{ loadBalancerName: web, addresses: [] }]);

    const touch = (Value: string) =>
      running.elb.addTags({ LoadBalancerNames: [web], Tags: [{ Key: 'touched', Value }] });
    await touch('1');
    // The same trouble is not told twice.
    expect(warnings()).toHaveLength(1);
    await new Promise((resolve) => holder.close(resolve));
    await touch('2');
    expect(running.local.openPorts()[0]?.addresses[0]).toMatch(new RegExp(`^127\\.0\\.\\d\\.1:${port}$`));
  });

  it('that an instance has at the same address is not opened, since it would connect to itself', async (context) => {
    if (!linux) return context.skip('one loopback address');
    const port = somePort();
    await using running = await start({ dataPlane: true, instances: { [instanceId]: '127.0.1.1' } });
    await running.elb.createLoadBalancer({ LoadBalancerName: web, Listeners: [tcp(port)], ...zones });
    await running.elb.registerInstancesWithLoadBalancer({
      LoadBalancerName: web,
      Instances: [{ InstanceId: instanceId }],
    });
    expect(running.local.openPorts()[0]?.addresses).toEqual([]);
    expect(running.events).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('an instance has this address and port') }),
    );
  });

  it('can be the same for two load balancers, of which the first has ::1', async (context) => {
    if (!linux) return context.skip('one loopback address');
    const port = somePort();
    await using running = await start({ dataPlane: true });
    for (const LoadBalancerName of ['one', 'two']) {
      await running.elb.createLoadBalancer({ LoadBalancerName, Listeners: [tcp(port, 1)], ...zones });
    }
    const [first = [], second = []] = running.local.openPorts().map(({ addresses }) => addresses);
    expect(first[0]).toBe(`127.0.1.1:${port}`);
    expect(second).toEqual([`127.0.1.2:${port}`]);
  });
});

describe('a listener', () => {
  it('that is added is open when the call is answered, and one that is removed takes nobody in but lets the others finish', async () => {
    await using instance = await backend();
    await using traffic = await balance(instance.port);
    const client = await traffic.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    await traffic.elb.deleteLoadBalancerListeners({
      LoadBalancerName: web,
      LoadBalancerPorts: [traffic.port],
    });
    await expect(traffic.dial()).rejects.toThrow('ECONNREFUSED');
    seen.socket.write('still here');
    await until(() => client.text() === 'still here');

    await traffic.elb.createLoadBalancerListeners({
      LoadBalancerName: web,
      Listeners: [tcp(traffic.port, instance.port)],
    });
    const again = await traffic.dial();
    again.socket.write('y');
    expect((await instance.connection(1)).text()).toBe('y');
  });

  it('of a load balancer that is deleted is closed, and its connections too', async () => {
    await using instance = await backend();
    await using traffic = await balance(instance.port);
    const clients = [await traffic.dial()];
    clients[0]?.socket.write('x');
    await instance.connection(0);
    await traffic.elb.deleteLoadBalancerListeners({
      LoadBalancerName: web,
      LoadBalancerPorts: [traffic.port],
    });
    await traffic.elb.createLoadBalancerListeners({
      LoadBalancerName: web,
      Listeners: [tcp(traffic.port, instance.port)],
    });
    clients.push(await traffic.dial());
    await traffic.elb.deleteLoadBalancer({ LoadBalancerName: web });
    await expect(traffic.dial()).rejects.toThrow('ECONNREFUSED');
    for (const client of clients) await until(() => client.ended || client.socket.closed);
    expect(instance.connections).toHaveLength(1);
  });
});

it('close ends open connections at once', async () => {
  await using instance = await backend();
  const traffic = await balance(instance.port);
  const client = await traffic.dial({ allowHalfOpen: false });
  client.socket.write('x');
  const seen = await instance.connection(0);
  const started = performance.now();
  await traffic.local.close();
  await closed(client.socket);
  await until(() => seen.ended || seen.socket.closed);
  expect(performance.now() - started).toBeLessThan(1000);
  traffic.elb.destroy();
});

it('close leaves nothing behind that would keep a process alive', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-close-'));
  const program = join(folder, 'close-and-end.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./close-and-end.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 10_000 });
  const { open, ms } = JSON.parse(stdout) as { open: number; ms: number };
  expect(open).toBe(5);
  expect(ms).toBeLessThan(2000);
  await rm(folder, { recursive: true });
});
