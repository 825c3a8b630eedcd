import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Seed, startLocal } from '../../../src/local/index.js';
import { startV2 } from './stage.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elb-proxy-elbv2-'));
});
afterAll(() => rm(folder, { recursive: true }));

const seed: Seed = {
  loadBalancers: [],
  elbv2: {
    targetGroups: [
      {
        name: 'blue',
        protocol: 'TCP',
        port: 8443,
        healthCheck: { protocol: 'HTTP', port: 8080, path: '/up', interval: 1, timeout: 1 },
        targets: ['i-0123456789abcdef0', { id: 'i-0123456789abcdef0', port: 9000 }],
        attributes: { 'proxy_protocol_v2.enabled': 'true' },
        tags: { 'aws:cloudformation:stack-name': 'stack' },
      },
      { name: 'green', protocol: 'TCP', port: 8443, targetType: 'ip', targets: ['127.0.0.1'] },
      { name: 'sparse', protocol: 'TCP', port: 80, listsDefaults: false },
      { name: 'there', region: 'eu-west-3', protocol: 'UDP', port: 53 },
    ],
    loadBalancers: [
      {
        name: 'edge',
        scheme: 'internal',
        listeners: [
          { protocol: 'TCP', port: 443, targetGroups: ['blue', { name: 'green', weight: 0 }] },
          {
            protocol: 'TLS',
            port: 8443,
            targetGroups: ['blue'],
            certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/web',
            tags: { listener: 'tls' },
          },
        ],
        tags: { 'elbv2.k8s.aws/cluster': 'prod' },
      },
      { name: 'alb', type: 'application' },
    ],
  },
};

describe('a seed for the newer API', () => {
  it('makes groups with targets and attributes, and load balancers with listeners', async () => {
    await using running = await startV2({ seed });
    const { loadBalancers, targetGroups, listeners } = running.local.elbv2();
    expect(targetGroups).toMatchObject([
      {
        name: 'blue',
        healthCheck: { protocol: 'HTTP', port: '8080', path: '/up', interval: 1, timeout: 1 },
        targets: [{ port: 8443 }, { port: 9000 }],
        attributes: [{ key: 'proxy_protocol_v2.enabled', value: 'true' }],
        tags: [{ key: 'aws:cloudformation:stack-name', value: 'stack' }],
      },
      { name: 'green', targetType: 'ip', targets: [{ id: '127.0.0.1', port: 8443 }] },
      { name: 'sparse', listsDefaults: false },
      { name: 'there', region: 'eu-west-3' },
    ]);
    expect(loadBalancers).toMatchObject([
      { name: 'edge', type: 'network', scheme: 'internal', tags: [{ key: 'elbv2.k8s.aws/cluster' }] },
      { name: 'alb', type: 'application' },
    ]);
    const [blue, green] = targetGroups.map(({ arn }) => arn);
    expect(listeners).toMatchObject([
      {
        port: 443,
        targetGroups: [
          { arn: blue, weight: 1 },
          { arn: green, weight: 0 },
        ],
      },
      { protocol: 'TLS', port: 8443, tags: [{ key: 'listener', value: 'tls' }] },
    ]);
    expect(new Set(loadBalancers.map(({ dnsName }) => dnsName)).size).toBe(
      process.platform === 'linux' ? 2 : 1,
    );
  });

  it('can leave attributes out of the list that were never set, as some emulators do', async () => {
    await using running = await startV2({ seed });
    const sparse = running.local.elbv2().targetGroups[2]?.arn ?? '';
    expect(await running.attributesOf(sparse)).toEqual({});
    await running.v2.modifyTargetGroupAttributes({
      TargetGroupArn: sparse,
      Attributes: [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }],
    });
    expect(await running.attributesOf(sparse)).toEqual({ 'proxy_protocol_v2.enabled': 'true' });
  });

  it.each<readonly [string, Seed['elbv2'], RegExp]>([
    [
      'a group that is not there',
      { loadBalancers: [{ name: 'x', listeners: [{ protocol: 'TCP', port: 1, targetGroups: ['none'] }] }] },
      /load balancer x, listeners\[0\]: there is no target group none in us-east-1\.$/,
    ],
    [
      'two groups of one name',
      { targetGroups: ['a', 'a'].map((name) => ({ name, protocol: 'TCP', port: 1 })) },
      /target group a: there are two with that name/,
    ],
    [
      'an attribute that there is not',
      { targetGroups: [{ name: 'a', protocol: 'TCP', port: 1, attributes: { colour: 'red' } }] },
      /target group a, attributes: Target group attribute key 'colour' is not recognized\.$/,
    ],
    [
      'an interval shorter than its own timeout',
      {
        targetGroups: [
          { name: 'a', protocol: 'TCP', port: 1, healthCheck: { protocol: 'HTTP', interval: 2, timeout: 3 } },
        ],
      },
      /healthCheck\.interval 2 is too short for the timeout of 3: give a timeout of at most 2, or an interval of at least 3\.$/,
    ],
    [
      'a group on two load balancers',
      {
        targetGroups: [{ name: 'a', protocol: 'TCP', port: 1 }],
        loadBalancers: ['x', 'y'].map((name) => ({
          name,
          listeners: [{ protocol: 'TCP', port: 1, targetGroups: ['a'] }],
        })),
      },
      /load balancer y, listeners\[0\]: .*more than one load balancer/,
    ],
  ])('is refused with %s', async (_sentence, elbv2, message) => {
    await expect(startLocal({ port: 0, seed: { elbv2 } })).rejects.toMatchObject({
      code: 'SeedInvalid',
      message: expect.stringMatching(message),
    });
  });

  it('starts a thousand load balancers with two thousand groups in seconds', async () => {
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    const started = performance.now();
    await using running = await startV2({
      seed: {
        loadBalancers: [],
        elbv2: {
          targetGroups: numbers.flatMap((n) =>
            ['a', 'b'].map((x) => ({ name: `g-${n}-${x}`, protocol: 'TCP', port: 8443 })),
          ),
          loadBalancers: numbers.map((n) => ({
            name: `n-${n}`,
            listeners: ['a', 'b'].map((x, i) => ({
              protocol: 'TCP',
              port: 443 + i,
              targetGroups: [`g-${n}-${x}`],
            })),
          })),
        },
      },
    });
    expect(running.local.elbv2().listeners).toHaveLength(2000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a state file', () => {
  it("keeps the newer API's part", async () => {
    const stateFile = join(folder, 'kept.json');
    let before: unknown;
    {
      await using first = await startV2({ stateFile, seed });
      await first.network('more');
      before = first.local.elbv2();
    }
    await using second = await startV2({ stateFile, seed });
    expect(second.local.elbv2()).toEqual(before);
  });

  it('is read as it is if it is from before the newer API was served', async () => {
    const stateFile = join(folder, 'old.json');
    await writeFile(stateFile, '{"formatVersion":1,"addressesUsed":3,"loadBalancers":[],"alarms":[]}');
    await using running = await startV2({ stateFile });
    expect(running.local.elbv2()).toEqual({ idsUsed: 0, loadBalancers: [], targetGroups: [], listeners: [] });
    await running.network('edge');
    expect(running.local.elbv2().loadBalancers).toHaveLength(1);
  });
});

it('instances in target groups are there for EC2', async () => {
  await using running = await startV2({ seed, instances: { 'i-0123456789abcdef0': '127.7.7.7' } });
  const url = `${running.local.endpoint}/?Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0`;
  const text = await (await fetch(url)).text();
  expect(text).toContain('<privateIpAddress>127.7.7.7</privateIpAddress>');
  expect(text).toMatch(/<vpcId>vpc-[0-9a-f]+<\/vpcId>/);
});
