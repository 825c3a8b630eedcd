import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { LocalOptions } from '../../src/local/index.js';
import { loopbackAddress } from '../../src/local/loopback-address.js';
import { type Running, start, tcp, zones } from './clients.js';
import { backend, balance, closed, instanceId, somePort, until } from './traffic.js';

const linux = process.platform === 'linux';
const web = 'web';

// Addresses go on behind those of a state file, whatever other services run beside this one.
const used = 200 * 254;
const knownAddress = loopbackAddress(used);

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function startAtKnownAddress(options: LocalOptions = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-listeners-'));
  folders.push(folder);
  const stateFile = join(folder, 'state.json');
  await writeFile(stateFile, JSON.stringify({ formatVersion: 1, addressesUsed: used, loadBalancers: [] }));
  return start({ dataPlane: true, stateFile, ...options });
}

describe('the port of a listener', () => {
  it('gives a warning if it is taken, though the call succeeds, and is opened with a later change', async () => {
    const port = somePort();
    const holder = createServer().listen(port, knownAddress);
    await once(holder, 'listening');
    await using running = await startAtKnownAddress();
    await running.elb.createLoadBalancer({ LoadBalancerName: web, Listeners: [tcp(port, 1)], ...zones });
    const warnings = () => running.events.filter((event) => event.kind === 'warning');
    expect(warnings()).toMatchObject([
      {
        code: 'ListenerNotOpened',
        message: expect.stringMatching(/^web: cannot listen on 127[\d.]+:\d+: .*EADDRINUSE/),
      },
    ]);
    expect(running.local.openPorts()).toMatchObject([{ loadBalancerName: web, addresses: [] }]);

    const touch = (Value: string) =>
      running.elb.addTags({ LoadBalancerNames: [web], Tags: [{ Key: 'touched', Value }] });
    await touch('1');
    // The same problem is not reported twice.
    expect(warnings()).toHaveLength(1);
    await new Promise((resolve) => holder.close(resolve));
    await touch('2');
    expect(running.local.openPorts()[0]?.addresses[0]).toMatch(new RegExp(`^127[\\d.]+:${port}$`));
  });

  it('is not opened if an instance has it at the same address, since the listener would connect to itself', async (context) => {
    if (!linux) return context.skip('one loopback address');
    const port = somePort();
    await using running = await startAtKnownAddress({ instances: { [instanceId]: knownAddress } });
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
    const [one, two] = running.local.loadBalancers().map(({ dnsName }) => dnsName);
    expect(two).not.toBe(one);
    expect(first[0]).toBe(`${one}:${port}`);
    expect(second).toEqual([`${two}:${port}`]);
  });

  it('can be the same in two services side by side, each with its own clients', async (context) => {
    if (!linux) return context.skip('one loopback address');
    const port = somePort();
    await using left = await start({ dataPlane: true });
    await using right = await start({ dataPlane: true });
    for (const { elb } of [left, right]) {
      await elb.createLoadBalancer({ LoadBalancerName: web, Listeners: [tcp(port, 1)], ...zones });
    }
    const [one, two] = [left, right].map(({ local }) => local.openPorts()[0]?.addresses[0]);
    expect(one).toMatch(new RegExp(`^127[\\d.]+:${port}$`));
    expect(two).toMatch(new RegExp(`^127[\\d.]+:${port}$`));
    expect(two).not.toBe(one);
  });
});

describe('a listener', () => {
  it('is open when the call that adds it is answered, and once removed accepts no one but lets the others finish', async () => {
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

  it('is closed with its connections when its load balancer is deleted', async () => {
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
