import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadBalancer, startLocal } from '../../src/local/index.js';
import { loopbackAddress } from '../../src/local/loopback-address.js';
import { errorOf, proxyPolicy, sdkClient, start, tcp, zones } from './clients.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elb-proxy-state-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, `${name}.json`);

describe('a state file', () => {
  it('brings everything back as it was', async () => {
    const stateFile = file('back');
    let before: readonly LoadBalancer[];
    {
      await using first = await start({ stateFile, seed: 'demo' });
      await first.elb.createLoadBalancer({ LoadBalancerName: 'more', Listeners: [tcp(1)], ...zones });
      await first.elb.addTags({ LoadBalancerNames: ['more'], Tags: [{ Key: 'ü', Value: 'é' }] });
      before = first.local.loadBalancers();
    }
    await using second = await start({ stateFile, seed: 'demo' });
    expect(before).toHaveLength(3);
    expect(second.local.loadBalancers()).toEqual(before);
    const again = await second.elb.createLoadBalancer({
      LoadBalancerName: 'x',
      Listeners: [tcp(1)],
      ...zones,
    });
    expect(before.map((one) => one.dnsName)).not.toContain(
      process.platform === 'linux' ? again.DNSName : undefined,
    );
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['that is empty', '', /is damaged: it is not JSON/],
    [
      'that was cut off',
      '{"formatVersion":1,"addressesUsed":0,"loadBalancers":[{',
      /is damaged: it is not JSON/,
    ],
    [
      'of another format',
      '{"formatVersion":2,"addressesUsed":0,"loadBalancers":[]}',
      /is damaged: formatVersion: /,
    ],
    [
      'with a wrong field',
      '{"formatVersion":1,"addressesUsed":"many","loadBalancers":[]}',
      /is damaged: addressesUsed: .*left as it is/,
    ],
    [
      'with a wrong field deep inside',
      '{"formatVersion":1,"addressesUsed":1,"loadBalancers":[{"region":7}]}',
      /is damaged: loadBalancers\[0\]\.region: /,
    ],
  ])('%s is refused by name and left untouched', async (sentence, text, message) => {
    const stateFile = file(sentence.replaceAll(' ', '-'));
    await writeFile(stateFile, text);
    const starting = startLocal({ port: 0, stateFile, seed: 'demo' });
    await expect(starting).rejects.toMatchObject({
      name: 'LocalElbError',
      code: 'StateFileInvalid',
      message: expect.stringMatching(message),
    });
    await expect(starting).rejects.toThrow(stateFile);
    expect(await readFile(stateFile, 'utf8')).toBe(text);
  });

  it.each([
    [
      'in a folder that is not there',
      join('nowhere', 'state'),
      /cannot be written: no such file or directory \(ENOENT\)/,
    ],
    ['that is a folder', '.', /cannot be read: illegal operation on a directory \(EISDIR\)/],
  ])('%s fails the start, with the reason', async (_, path, message) => {
    await expect(startLocal({ port: 0, stateFile: join(folder, path), seed: 'demo' })).rejects.toMatchObject({
      code: 'StateFileInvalid',
      message: expect.stringMatching(message),
    });
  });

  it('is not written for a start that fails', async () => {
    await using other = await startLocal({ port: 0 });
    const stateFile = file('no-port');
    const starting = startLocal({ port: other.port, stateFile, seed: 'demo' });
    await expect(starting).rejects.toMatchObject({ code: 'PortUnavailable' });
    await expect(stat(stateFile)).rejects.toThrow('ENOENT');
  });

  it('is not overwritten if another service has written it since', async () => {
    const stateFile = file('shared');
    await using one = await start({ stateFile });
    await using other = await start({ stateFile });
    const create = ({ elb }: typeof one, LoadBalancerName: string) =>
      elb.createLoadBalancer({ LoadBalancerName, Listeners: [tcp(1)], ...zones });
    await create(one, 'a');
    expect(await errorOf(create(other, 'b'))).toMatchObject({
      code: 'InternalFailure',
      message: expect.stringContaining('another program has written it since'),
    });
    await create(one, 'c');
    expect(other.local.loadBalancers()).toEqual([]);
    await using after = await start({ stateFile });
    expect(after.local.loadBalancers().map((each) => each.loadBalancerName)).toEqual(['a', 'c']);
  });

  it('fails a change if it cannot be written, and the change has not happened', async () => {
    const lost = await mkdtemp(join(tmpdir(), 'elb-proxy-lost-'));
    await using running = await start({ stateFile: join(lost, 'state.json') });
    await rm(lost, { recursive: true });
    const call = running.elb.createLoadBalancer({ LoadBalancerName: 'x', Listeners: [tcp(1)], ...zones });
    expect(await errorOf(call)).toMatchObject({ code: 'InternalFailure', status: 500 });
    expect(running.local.loadBalancers()).toEqual([]);
    expect(running.events).toContainEqual(
      expect.objectContaining({ kind: 'warning', code: 'StateNotSaved' }),
    );
  });
});

describe('a kill', () => {
  let program = '';
  beforeAll(async () => {
    program = join(folder, 'serve.cjs');
    await build({
      entryPoints: [fileURLToPath(new URL('./serve-until-killed.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
      logLevel: 'error',
    });
  });

  it.each([1, 2, 3, 4])('loses nothing that was acknowledged (round %i)', async (round) => {
    const stateFile = file(`killed-${round}`);
    const child = spawn(process.execPath, [program, stateFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [endpoint] = (await once(createInterface(child.stdout), 'line')) as [string];
    const elb = sdkClient(endpoint);
    await elb.createLoadBalancer({ LoadBalancerName: 'web', Listeners: [tcp(443)], ...zones });
    const acknowledged = new Set<string>();
    let alive = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; alive && n < 20; n++) {
        const policyName = `p-${writer}-${n}`;
        try {
          await elb.createLoadBalancerPolicy(proxyPolicy('web', policyName));
          acknowledged.add(policyName);
        } catch {
          alive = false;
        }
        if (acknowledged.size >= 5 + round * 7) child.kill('SIGKILL');
      }
    });
    await Promise.all(writers);
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    elb.destroy();

    await using after = await start({ stateFile });
    const there = new Set(after.local.loadBalancers()[0]?.policies.map((one) => one.policyName));
    expect(acknowledged.size).toBeGreaterThanOrEqual(5 + round * 7);
    expect([...acknowledged].filter((policyName) => !there.has(policyName))).toEqual([]);
    // At most the one change that was under way may be there without having been acknowledged.
    expect(there.size - acknowledged.size).toBeLessThanOrEqual(4);
    expect((await readdir(folder)).filter((one) => one.startsWith(`killed-${round}`)).length).toBeLessThan(4);
  });
});

it('answers changes that come at once as if they came one after the other', async () => {
  await using running = await start({ stateFile: file('at-once') });
  await running.elb.createLoadBalancer({ LoadBalancerName: 'web', Listeners: [tcp(443)], ...zones });
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => running.elb.createLoadBalancerPolicy(proxyPolicy('web', `p${n}`))),
  );
  expect(running.local.loadBalancers()[0]?.policies).toHaveLength(50);
});

describe('addresses', () => {
  it('are all different, and never 127.0.0.x', () => {
    const addresses = Array.from({ length: 100_000 }, (_, n) => loopbackAddress(n, 'linux'));
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses[0]).toBe('127.0.1.1');
    expect(addresses.filter((one) => !/^127(\.\d{1,3}){3}$/.test(one) || one.startsWith('127.0.0.'))).toEqual(
      [],
    );
  });

  it('are 127.0.0.1 where a system has no other', () => {
    expect(loopbackAddress(7, 'darwin')).toBe('127.0.0.1');
  });
});
