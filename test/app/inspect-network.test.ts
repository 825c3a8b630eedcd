import { describe, expect, it } from 'vitest';
import { atMost } from '../../src/app/at-most.js';
import type { AppEvent } from '../../src/app/events.js';
import {
  inspectNetwork,
  inspectNetworkNamed,
  type NetworkInspection,
} from '../../src/app/inspect-network.js';
import { rejection } from '../aws/opened.js';
import {
  groupArn,
  loadBalancerArn,
  networkListener,
  nlb,
  targetGroup,
  withProxy,
} from '../core/network-builders.js';
import { type FakeNetworkReads, fakeNetworkReads } from './fake-network-reads.js';

function fleet(count: number, groupsEach = 2) {
  return Array.from({ length: count }, (_, nth) =>
    nlb({
      name: `lb-${nth}`,
      targetGroups: Array.from({ length: groupsEach }, (_g, own) =>
        targetGroup({ name: `g-${nth}-${own}`, loadBalancerArns: [loadBalancerArn(`lb-${nth}`)] }),
      ),
      listeners: [networkListener({}, `g-${nth}-0`)],
    }),
  );
}

function inspecting(fake: FakeNetworkReads, more: Partial<NetworkInspection> = {}) {
  const events: AppEvent[] = [];
  return {
    events,
    inspection: { detail: 'groups', emit: (event: AppEvent) => events.push(event), ...more } as const,
    api: fake.api,
  };
}

function countsOf({ calls }: FakeNetworkReads) {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const [action = ''] = call.split(' ');
    counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
}

describe('a fleet of Network Load Balancers', () => {
  it('costs its pages, the listeners of each and the attributes of each group, and no call more', async () => {
    const fake = fakeNetworkReads(fleet(90), { pageSize: 40 });
    const { api, inspection } = inspecting(fake);
    const found = await inspectNetwork(api, inspection);
    expect(found.map(({ name }) => name)).toEqual(fleet(90).map(({ name }) => name));
    expect(countsOf(fake)).toEqual({ loadBalancers: 3, targetGroups: 5, listeners: 90, attributes: 180 });
    expect(fake.mostAtOnce()).toBeLessThanOrEqual(8);
    const [first] = found;
    expect(first?.targetGroups?.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['g-0-0', { 'preserve_client_ip.enabled': 'false' }],
      ['g-0-1', { 'preserve_client_ip.enabled': 'false' }],
    ]);
    expect(first).not.toHaveProperty('tags');
    expect(first?.targetGroups?.[0]?.targets).toBeUndefined();
  });

  it('that is empty costs one call: a caller that may only read Classic ones is not refused', async () => {
    const fake = fakeNetworkReads([], { loose: [targetGroup({ loadBalancerArns: [] })] });
    const { api, inspection } = inspecting(fake);
    expect(await inspectNetwork(api, inspection)).toEqual([]);
    expect(fake.calls).toEqual(['loadBalancers']);
  });

  it('leaves out what is deleted while it is read', async () => {
    const fake = fakeNetworkReads(fleet(3));
    fake.fail = (call) =>
      call === 'listeners lb-1'
        ? 'LoadBalancerNotFound'
        : call === 'attributes g-2-0'
          ? 'TargetGroupNotFound'
          : undefined;
    const { api, inspection } = inspecting(fake);
    const found = await inspectNetwork(api, inspection);
    expect(found.map(({ name }) => name)).toEqual(['lb-0', 'lb-2']);
    expect(found[1]?.targetGroups?.map(({ name }) => name)).toEqual(['g-2-1']);
  });

  it.each(['attributes g-1-0', 'listeners lb-1', 'targetGroups', 'loadBalancers'])(
    'ends where %s is not allowed',
    async (denied) => {
      const fake = fakeNetworkReads(fleet(2));
      fake.fail = (call) => (call === denied ? 'AccessDenied' : undefined);
      const { api, inspection } = inspecting(fake);
      expect(await rejection(inspectNetwork(api, inspection))).toMatchObject({ code: 'AccessDenied' });
    },
  );

  it('keeps those with a tag, and reads nothing more of the others', async () => {
    const [one, ...others] = fleet(3);
    const tagged = { ...one!, tags: [{ key: 'team', value: 'edge' }] };
    const fake = fakeNetworkReads([tagged, ...others]);
    const { api, inspection } = inspecting(fake, { tags: [{ key: 'team', value: 'edge' }] });
    const found = await inspectNetwork(api, inspection);
    expect(found.map(({ name, tags }) => [name, tags])).toEqual([['lb-0', tagged.tags]]);
    expect(countsOf(fake)).toEqual({
      loadBalancers: 1,
      tags: 1,
      targetGroups: 1,
      listeners: 1,
      attributes: 2,
    });
  });
});

describe('a Network Load Balancer by name', () => {
  it('is read with its own groups, their targets, and the tags of all in one call', async () => {
    const tags = [{ key: 'elbv2.k8s.aws/cluster', value: 'prod' }];
    const web = nlb({ targetGroups: [targetGroup({ attributes: withProxy('true'), tags })] });
    const fake = fakeNetworkReads([web]);
    const { api, inspection } = inspecting(fake, { names: ['web'], detail: 'all' });
    expect(await inspectNetwork(api, inspection)).toEqual([web]);
    expect(fake.calls.toSorted()).toEqual([
      'attributes web-tls',
      'health web-tls',
      'listeners web',
      'loadBalancers web',
      'tags 2',
      // Other groups of the VPC may hold the same targets.
      'targetGroups',
      `targetGroups ${loadBalancerArn('web')}`,
    ]);
  });

  it('is asked for in one call with others, in the order of the names, each once', async () => {
    const fake = fakeNetworkReads(fleet(3));
    const { api, inspection } = inspecting(fake, { names: ['lb-2', 'lb-0', 'lb-2'] });
    expect((await inspectNetwork(api, inspection)).map(({ name }) => name)).toEqual(['lb-2', 'lb-0']);
    expect(countsOf(fake)['loadBalancers']).toBe(1);
  });

  it('is read even if another name does not exist, which is reported by name', async () => {
    const fake = fakeNetworkReads(fleet(2));
    const names = ['gone', 'lb-1', 'away'];
    const { api, inspection } = inspecting(fake, { names });
    const { found, failures } = await inspectNetworkNamed(api, { ...inspection, names });
    expect(found.map(({ name }) => name)).toEqual(['lb-1']);
    expect([...failures].map(([name, { code }]) => [name, code])).toEqual([
      ['gone', 'LoadBalancerNotFound'],
      ['away', 'LoadBalancerNotFound'],
    ]);
    expect(countsOf(fake)['loadBalancers']).toBe(4);
    expect(await rejection(inspectNetwork(api, inspection))).toMatchObject({ code: 'LoadBalancerNotFound' });
  });

  it('keeps its state where targets and tags may not be read; the code says why they are not there', async () => {
    const fake = fakeNetworkReads([nlb()]);
    fake.fail = (call) => (/^(?:health|tags)/.test(call) ? 'AccessDenied' : undefined);
    const { api, inspection, events } = inspecting(fake, { names: ['web'], detail: 'all' });
    const [found] = await inspectNetwork(api, inspection);
    expect(found?.notRead).toEqual({ tags: 'AccessDenied', listeners: undefined });
    expect(found?.targetGroups?.[0]).toMatchObject({
      attributes: { 'preserve_client_ip.enabled': 'false' },
      notRead: { targets: 'AccessDenied', tags: 'AccessDenied' },
    });
    expect(events).toHaveLength(2);
  });

  it('has what the service left out as not known, not as off or as none', async () => {
    const group = targetGroup({ attributes: undefined });
    const fake = fakeNetworkReads([nlb({ listeners: undefined, targetGroups: [group] })]);
    const { api, inspection, events } = inspecting(fake, { names: ['web'] });
    const [found] = await inspectNetwork(api, inspection);
    expect(found?.listeners).toBeUndefined();
    expect(found?.notRead?.listeners).toBe('incomplete-answer');
    expect(found?.targetGroups?.[0]?.attributes).toBeUndefined();
    expect(found?.targetGroups?.[0]?.notRead?.attributes).toBe('incomplete-answer');
    expect(events).toHaveLength(2);
  });

  it('whose listener forwards to a group that the service does not list says so', async () => {
    const listeners = [networkListener({}, 'web-tls', 'elsewhere')];
    const fake = fakeNetworkReads([nlb({ listeners })]);
    const { api, inspection } = inspecting(fake, { names: ['web'] });
    const [found] = await inspectNetwork(api, inspection);
    expect(found?.missing).toEqual([{ field: `TargetGroups[${groupArn('elsewhere')}]` }]);
  });

  it('whose group is on another one, too, is reported as an emulator’s fault', async () => {
    const group = targetGroup({ loadBalancerArns: [loadBalancerArn('web'), loadBalancerArn('other')] });
    const fake = fakeNetworkReads([nlb({ targetGroups: [group] })]);
    const { api, inspection, events } = inspecting(fake, { names: ['web'] });
    await inspectNetwork(api, inspection);
    expect(events).toEqual([
      { code: 'warning', message: expect.stringContaining('target group web-tls is on 2 load balancers') },
    ]);
  });
});

describe('work in turn', () => {
  it('goes on after a failure, in the order in which it came', async () => {
    const inTurn = atMost(1);
    const done: number[] = [];
    const work = [0, 1, 2].map((nth) =>
      inTurn(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push(nth);
        if (nth === 0) throw new Error('broken');
      }),
    );
    expect((await Promise.allSettled(work)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(done).toEqual([0, 1, 2]);
  });
});

describe('targets that are in groups of other load balancers, too', () => {
  const other = (name: string, found: Parameters<typeof targetGroup>[0] = {}) =>
    targetGroup({
      name,
      loadBalancerArns: [loadBalancerArn('other')],
      attributes: withProxy('true'),
      ...found,
    });
  const elsewhereWith = async (
    loose: readonly ReturnType<typeof targetGroup>[],
    fail?: FakeNetworkReads['fail'],
  ) => {
    const fake = fakeNetworkReads([nlb()], { loose });
    if (fail !== undefined) fake.fail = fail;
    const { api, inspection } = inspecting(fake, { names: ['web'], detail: 'all' });
    const [found] = await inspectNetwork(api, inspection);
    return { fake, elsewhere: found?.targetGroups?.[0]?.elsewhere };
  };

  it('are found by the health of the other groups, whose attributes are read only where they share one', async () => {
    const apart = other('apart', { targets: [{ id: 'i-1', port: 9999 }] });
    const { fake, elsewhere } = await elsewhereWith([other('far'), apart]);
    expect(elsewhere).toEqual({
      targets: [{ id: 'i-1', port: 8443, targetGroup: 'far', proxyProtocol: 'enabled' }],
    });
    expect(fake.calls).toContain('attributes far');
    expect(fake.calls).not.toContain('attributes apart');
  });

  it.each([
    ['another VPC', { vpcId: 'vpc-2' }],
    ['another type of targets', { targetType: 'ip' }],
    ['another type of load balancer', { protocol: 'HTTP' }],
    ['no load balancer, which sends them nothing', { loadBalancerArns: [] }],
  ])('are not looked for in groups of %s', async (_, group) => {
    const { fake, elsewhere } = await elsewhereWith([other('far', group)]);
    expect(elsewhere).toBeUndefined();
    expect(fake.calls).not.toContain('health far');
  });

  it('are not known where there are too many groups, or they may not be read', async () => {
    const many = Array.from({ length: 41 }, (_, nth) => other(`far-${nth}`));
    const crowd = await elsewhereWith(many);
    expect(crowd.elsewhere).toEqual({
      targets: [],
      notRead: '41 other target groups in the VPC were not read',
    });
    expect(crowd.fake.calls).not.toContain('health far-0');
    const denied = await elsewhereWith([other('far')], (call) =>
      call === 'health far' ? 'AccessDenied' : undefined,
    );
    expect(denied.elsewhere).toEqual({
      targets: [],
      notRead: 'other target groups could not be read (AccessDenied)',
    });
  });

  it('a group of another load balancer that is gone by now has no targets', async () => {
    const gone = await elsewhereWith([other('far')], (call) =>
      call === 'attributes far' ? 'TargetGroupNotFound' : undefined,
    );
    expect(gone.elsewhere).toBeUndefined();
  });
});
