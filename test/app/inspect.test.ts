import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import { type Inspection, inspect, inspectEach } from '../../src/app/inspect.js';
import { readLoadBalancer } from '../../src/app/read.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { auth, lists, web } from '../core/builders.js';
import { fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeClock } from './run.js';

const fleet = () =>
  fakeLoadBalancing(
    web({
      policies: [auth('a')],
      backendServers: lists({ 8443: ['a'] }),
      tags: [{ key: 'team', value: 'x' }],
    }),
    web({
      name: 'bare',
      tags: [
        { key: 'team', value: 'x' },
        { key: 'env', value: 'prod' },
      ],
    }),
    web({ name: 'other' }),
  );
const seen = async (fake: ReturnType<typeof fleet>, inspection: Omit<Inspection, 'emit'>) => {
  const events: AppEvent[] = [];
  const found = await inspect(fake.api, { ...inspection, emit: (event) => events.push(event) });
  return { found, names: found.map(({ name }) => name), events };
};
const absent = ({ policies, tags, instanceStates }: LoadBalancer) =>
  Object.entries({ policies, tags, instanceStates }).flatMap(([field, value]) =>
    value === undefined ? [field] : [],
  );

describe('the calls', () => {
  it('the calls for lists are one for each page, and one for each load balancer that has policies on a port', async () => {
    const fake = fleet();
    const { found } = await seen(fake, { detail: 'lists' });
    expect(fake.log).toEqual(['read ', 'policies web']);
    expect(found.map(absent)).toEqual([
      ['tags', 'instanceStates'],
      ['policies', 'tags', 'instanceStates'],
      ['policies', 'tags', 'instanceStates'],
    ]);
  });

  it('the calls for policies ask for them always', async () => {
    const fake = fleet();
    await seen(fake, { detail: 'policies', names: ['bare'] });
    expect(fake.log).toEqual(['read bare', 'policies bare']);
  });

  it('the calls for all ask for health and tags too, tags once for a page', async () => {
    const fake = fleet();
    const { found } = await seen(fake, { detail: 'all', names: ['web'] });
    expect(fake.log.toSorted()).toEqual(['health web', 'policies web', 'read web', 'tags web']);
    expect(found.map(absent)).toEqual([[]]);
  });

  it('the calls for a tag filter ask for tags, and for details only of what is left', async () => {
    const fake = fleet();
    const { names } = await seen(fake, { detail: 'policies', tags: [{ key: 'env', value: 'prod' }] });
    expect(names).toEqual(['bare']);
    expect(fake.log.filter((line) => line.startsWith('policies'))).toEqual(['policies bare']);
  });

  it('the calls of a fleet are made page by page, as they are taken', async () => {
    const fake = fleet();
    const each = inspectEach(fake.api, { detail: 'lists', emit: () => undefined });
    expect((await each.next()).value).toMatchObject({ name: 'web' });
    expect(fake.log).toEqual(['read ', 'policies web']);
  });
});

describe('what is found', () => {
  it('comes in the order of the names, each once', async () => {
    expect((await seen(fleet(), { detail: 'lists', names: ['other', 'web', 'other'] })).names).toEqual([
      'other',
      'web',
    ]);
  });

  it('is one if a name is given twice in different letter case, and the service treats both as the same', async () => {
    const fake = fakeLoadBalancing(web());
    const describeLoadBalancers = () => fake.api.describeLoadBalancers(['web']);
    const api = { ...fake.api, describeLoadBalancers };
    const found = await inspect(api, { names: ['WEB', 'web'], detail: 'lists', emit: () => undefined });
    expect(found.map(({ name }) => name)).toEqual(['web']);
  });

  it('comes in the service’s order where no name is given', async () => {
    expect((await seen(fleet(), { detail: 'lists' })).names).toEqual(['web', 'bare', 'other']);
  });

  it('must have all of several tags, with the value asked for', async () => {
    const team = { key: 'team', value: 'x' };
    expect((await seen(fleet(), { detail: 'lists', tags: [team] })).names).toEqual(['web', 'bare']);
    expect(
      (await seen(fleet(), { detail: 'lists', tags: [team, { key: 'env', value: 'prod' }] })).names,
    ).toEqual(['bare']);
    expect((await seen(fleet(), { detail: 'lists', tags: [{ key: 'env', value: 'test' }] })).names).toEqual(
      [],
    );
  });

  it('does not include what disappeared while the list was read, unless it was named', async () => {
    const fake = fleet();
    fake.onCall = ({ action }) => (action === 'policies' ? { error: 'LoadBalancerNotFound' } : 'pass');
    expect((await seen(fake, { detail: 'lists' })).names).toEqual(['bare', 'other']);
    await expect(seen(fake, { detail: 'lists', names: ['web'] })).rejects.toMatchObject({
      code: 'LoadBalancerNotFound',
    });
  });

  it('fewer load balancers than were named may be found by name and tag: a filter is not an error', async () => {
    const tags = [{ key: 'env', value: 'prod' }];
    expect((await seen(fleet(), { detail: 'lists', names: ['web', 'bare'], tags })).names).toEqual(['bare']);
  });
});

describe('a rate that calls are held to', () => {
  it.each([
    [2_999, 0],
    [3_000, 1],
  ])('a rate that calls are held to and that costs %i ms is reported %i times', async (ms, times) => {
    const fake = fleet();
    const asked: number[] = [];
    const api = {
      ...fake.api,
      heldBack: (calls: number) => {
        asked.push(calls);
        return { ms, perSecond: 9 };
      },
    };
    const events: AppEvent[] = [];
    await inspect(api, { names: ['web', 'bare'], detail: 'all', emit: (event) => events.push(event) });
    const told = { code: 'held-back', region: 'us-east-1', calls: 2, ms, perSecond: 9 };
    expect(events).toEqual(Array.from({ length: times }, () => told));
    expect(asked[0]).toBe(2);
  });
});

describe('what can’t be read', () => {
  it('is an error for a name that is not there, also where the service only leaves it out', async () => {
    await expect(seen(fleet(), { detail: 'lists', names: ['nope'] })).rejects.toMatchObject({
      code: 'LoadBalancerNotFound',
    });
    const fake = fleet();
    const silent = { ...fake.api, describeLoadBalancers: () => fake.api.describeLoadBalancers(['web']) };
    await expect(
      inspect(silent, { detail: 'lists', names: ['web', 'nope'], emit: () => undefined }),
    ).rejects.toMatchObject({
      code: 'LoadBalancerNotFound',
      message: 'no Classic Load Balancer named nope in us-east-1',
      hint: 'list what is there with: elb-proxy status --region us-east-1',
    });
  });

  it.each([
    ['health', 'instanceStates'],
    ['tags', 'tags'],
  ])('%s that can’t be read are a warning, and absent', async (action, field) => {
    const fake = fleet();
    fake.onCall = (call) => (call.action === action ? { error: 'AccessDenied' } : 'pass');
    const { found, events } = await seen(fake, { detail: 'all', names: ['web'] });
    expect(found.map(absent)).toEqual([[field]]);
    expect(events).toEqual([{ code: 'warning', message: 'the service said AccessDenied' }]);
  });

  it('policies that can’t be read are an error: without them nothing is known', async () => {
    const fake = fleet();
    fake.onCall = ({ action }) => (action === 'policies' ? { error: 'AccessDenied' } : 'pass');
    await expect(seen(fake, { detail: 'lists' })).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('tags that can’t be read are an error where they are the filter: nothing may be left out unseen', async () => {
    const fake = fleet();
    fake.onCall = ({ action }) => (action === 'tags' ? { error: 'AccessDenied' } : 'pass');
    await expect(seen(fake, { detail: 'lists', tags: [{ key: 'team', value: 'x' }] })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });
});

describe('one load balancer, read afresh', () => {
  it('comes with its policies', async () => {
    expect(await readLoadBalancer(fleet().api, 'web', fakeClock())).toMatchObject({
      fresh: { name: 'web', policies: [auth('a')] },
    });
  });

  it('that is not there is undefined, also where it goes between the two calls', async () => {
    expect((await readLoadBalancer(fleet().api, 'nope', fakeClock())).fresh).toBeUndefined();
    const fake = fleet();
    fake.onCall = ({ action }) => {
      if (action === 'policies') fake.foreign(() => undefined);
      return 'pass';
    };
    expect((await readLoadBalancer(fake.api, 'web', fakeClock())).fresh).toBeUndefined();
  });

  it('is not confused with another that the service returns instead', async () => {
    const fake = fleet();
    const lax = { ...fake.api, describeLoadBalancers: () => fake.api.describeLoadBalancers(['other']) };
    expect((await readLoadBalancer(lax, 'web', fakeClock())).fresh).toBeUndefined();
  });

  it('that can’t be read is an error, not "gone"', async () => {
    const fake = fleet();
    fake.onCall = () => ({ error: 'AccessDenied' });
    await expect(readLoadBalancer(fake.api, 'web', fakeClock())).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });
});

it('says that policies on ports are unknown if the service does not describe them', async () => {
  const fake = fakeLoadBalancing(web({ policies: [auth('a')], backendServers: lists({ 8443: ['a', 'p'] }) }));
  const { events } = await seen(fake, { detail: 'lists' });
  expect(events).toEqual([
    {
      code: 'warning',
      message: expect.stringMatching(/does not say what p on load balancer web .* is not known/),
    },
  ]);
  expect((await seen(fleet(), { detail: 'lists' })).events).toEqual([]);
});
