import {
  CreateLoadBalancerPolicyCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { namesOf, opened, rejection } from './opened.js';

const sdk = mockClient(ElasticLoadBalancingClient);
beforeEach(() => {
  sdk.reset();
});
afterAll(() => {
  sdk.restore();
});

const inputs = () => sdk.calls().map(({ args: [command] }) => command.input);
const page = (names: readonly string[], marker?: string) => ({
  $metadata: {},
  LoadBalancerDescriptions: names.map((LoadBalancerName) => ({ LoadBalancerName })),
  ...(marker === undefined ? {} : { NextMarker: marker }),
});
const notFound = Object.assign(new Error("There is no ACTIVE Load Balancer named 'gone'"), {
  name: 'AccessPointNotFoundException',
  Code: 'LoadBalancerNotFound',
  $metadata: { httpStatusCode: 400, requestId: 'r-1' },
});

describe('a listing', () => {
  test('asks for pages of 400, following the marker, until there is none', async () => {
    sdk
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce(page(['a', 'b'], 'm1'))
      .resolvesOnce(page([], 'm2'))
      .resolvesOnce(page(['c'], ''));
    expect(await namesOf(await opened(undefined))).toEqual(['a', 'b', 'c']);
    expect(inputs()).toEqual([
      { PageSize: 400 },
      { PageSize: 400, Marker: 'm1' },
      { PageSize: 400, Marker: 'm2' },
    ]);
  });

  test('asks for the next page only when it is wanted', async () => {
    sdk.on(DescribeLoadBalancersCommand).resolves(page(['a'], 'm1'));
    for await (const first of (await opened(undefined)).describeLoadBalancers()) {
      expect(first).toHaveLength(1);
      break;
    }
    expect(inputs()).toHaveLength(1);
  });

  test('ends with an error when a marker comes back, instead of never', async () => {
    sdk
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce(page(['a'], 'm1'))
      .resolvesOnce(page(['b'], 'm2'))
      .resolves(page(['a'], 'm1'));
    expect(await rejection(namesOf(await opened(undefined)))).toMatchObject({
      code: 'repeated-marker',
      fault: 'service',
    });
    expect(inputs()).toHaveLength(3);
  });

  test.each([
    ['listing', undefined],
    ['by name', ['a', 'b']],
  ] as const)('ends with an error where ever new markers bring nothing new (%s)', async (_what, asked) => {
    let nth = 0;
    sdk.on(DescribeLoadBalancersCommand).callsFake(() => page(['a'], `m${++nth}`));
    const error = await rejection(namesOf(await opened(undefined), asked));
    expect(error).toMatchObject({ code: 'repeated-marker', fault: 'service' });
    expect(error.message).toContain('3 pages in a row with nothing new');
    expect(inputs()).toHaveLength(4);
  });

  test('ends with an error where pages are empty and always name another', async () => {
    let nth = 0;
    sdk.on(DescribeLoadBalancersCommand).callsFake(() => page([], `m${++nth}`));
    expect(await rejection(namesOf(await opened(undefined), ['a']))).toMatchObject({
      code: 'repeated-marker',
    });
    expect(inputs()).toHaveLength(3);
  });

  test('a listing by name ends with an error where ever more load balancers come than were asked for', async () => {
    let nth = 0;
    sdk.on(DescribeLoadBalancersCommand).callsFake(() => page([`lb-${++nth}`], `m${nth}`));
    const error = await rejection(namesOf(await opened(undefined), ['lb-1', 'lb-2']));
    expect(error.message).toContain('was asked for 2 by name, gave 3, and names another page');
    expect(inputs()).toHaveLength(3);
  });

  test('goes on over an empty page or two, as a filtered listing may have', async () => {
    sdk
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce(page(['a'], 'm1'))
      .resolvesOnce(page([], 'm2'))
      .resolvesOnce(page([], 'm3'))
      .resolves(page(['b'], ''));
    expect(await namesOf(await opened(undefined))).toEqual(['a', 'b']);
  });

  test('a listing by name is one call with each name once', async () => {
    sdk.on(DescribeLoadBalancersCommand).resolves(page(['a', 'b']));
    expect(await namesOf(await opened(undefined), ['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(inputs()).toEqual([{ LoadBalancerNames: ['a', 'b'] }]);
  });

  test('a listing by an empty list of names is a listing of all', async () => {
    sdk.on(DescribeLoadBalancersCommand).resolves(page(['a']));
    expect(await namesOf(await opened(undefined), [])).toEqual(['a']);
    expect(inputs()).toEqual([{ PageSize: 400 }]);
  });

  test('a listing by name still ends in LoadBalancerNotFound where a clone just leaves the unknown one out', async () => {
    sdk.on(DescribeLoadBalancersCommand).resolves(page(['a']));
    const error = await rejection(namesOf(await opened(undefined), ['a', 'gone']));
    expect(error).toMatchObject({ code: 'LoadBalancerNotFound', fault: 'user' });
    expect(error.message).toContain("There is no ACTIVE Load Balancer named 'gone'");
  });

  test('a listing of a region without load balancers is empty; one whose list is left out is not known', async () => {
    sdk.on(DescribeLoadBalancersCommand).resolvesOnce(page([])).resolvesOnce({ $metadata: {} });
    const elb = await opened(undefined);
    expect(await namesOf(elb)).toEqual([]);
    expect(await rejection(namesOf(elb))).toMatchObject({
      code: 'incomplete-answer',
      message: expect.stringContaining('LoadBalancerDescriptions'),
    });
  });

  test('a listing by name of one that comes without its name is incomplete, not LoadBalancerNotFound', async () => {
    sdk
      .on(DescribeLoadBalancersCommand)
      .resolves({ $metadata: {}, LoadBalancerDescriptions: [{ DNSName: 'web-1' }] });
    expect(await rejection(namesOf(await opened(undefined), ['web']))).toMatchObject({
      code: 'incomplete-answer',
      message: expect.stringContaining('LoadBalancerName'),
    });
  });
});

describe('tags', () => {
  test('are asked for 20 names a call, each name once, and come back by name', async () => {
    sdk.on(DescribeTagsCommand).callsFake((input: { readonly LoadBalancerNames: readonly string[] }) => ({
      $metadata: {},
      TagDescriptions: input.LoadBalancerNames.map((LoadBalancerName) => ({
        LoadBalancerName,
        Tags: LoadBalancerName === 'lb-0' ? undefined : [{ Key: 'name', Value: LoadBalancerName }],
      })),
    }));
    const names = Array.from({ length: 41 }, (_, index) => `lb-${index}`);
    const tags = await (await opened(undefined)).describeTags([...names, 'lb-0']);
    expect(
      inputs().map((input) => ('LoadBalancerNames' in input ? input.LoadBalancerNames?.length : 0)),
    ).toEqual([20, 20, 1]);
    // Left out, they are not known; none would be an empty list.
    expect([...tags.keys()]).toEqual(names.slice(1));
    expect(tags.get('lb-40')).toEqual([{ key: 'name', value: 'lb-40' }]);
  });

  test('tags of nothing need no call', async () => {
    expect((await (await opened(undefined)).describeTags([])).size).toBe(0);
    expect(inputs()).toEqual([]);
  });

  test('tags of the others still come when one load balancer has gone since the listing', async () => {
    sdk.on(DescribeTagsCommand).callsFake((input: { readonly LoadBalancerNames: readonly string[] }) => {
      if (input.LoadBalancerNames.includes('gone')) throw notFound;
      return {
        $metadata: {},
        TagDescriptions: input.LoadBalancerNames.map((LoadBalancerName) => ({ LoadBalancerName, Tags: [] })),
      };
    });
    const elb = await opened(undefined);
    expect([...(await elb.describeTags(['a', 'gone', 'b'])).keys()]).toEqual(['a', 'b']);
    expect(await rejection(elb.describeTags(['gone']))).toMatchObject({ code: 'LoadBalancerNotFound' });
  });
});

test('policies and health are one call each, and not known where the service leaves the list out', async () => {
  sdk
    .on(DescribeLoadBalancerPoliciesCommand)
    .resolvesOnce({ PolicyDescriptions: [{ PolicyName: 'p', PolicyTypeName: 't' }] });
  sdk
    .on(DescribeInstanceHealthCommand)
    .resolvesOnce({ InstanceStates: [{ InstanceId: 'i-1', State: 'OutOfService' }] });
  const elb = await opened(undefined);
  expect(await elb.describeLoadBalancerPolicies('web')).toEqual([{ name: 'p', type: 't', attributes: [] }]);
  expect(await elb.describeInstanceHealth('web')).toEqual([{ instanceId: 'i-1', state: 'OutOfService' }]);
  expect(inputs()).toEqual([{ LoadBalancerName: 'web' }, { LoadBalancerName: 'web' }]);
  sdk.reset();
  sdk.on(DescribeLoadBalancerPoliciesCommand).resolves({});
  sdk.on(DescribeInstanceHealthCommand).resolves({});
  for (const [field, asked] of [
    ['PolicyDescriptions', elb.describeLoadBalancerPolicies('web')],
    ['InstanceStates', elb.describeInstanceHealth('web')],
  ] as const)
    expect(await rejection(asked)).toMatchObject({
      code: 'incomplete-answer',
      fault: 'service',
      message: expect.stringContaining(`the answer lacks ${field}`),
    });
});

test('a write gives the request id, and a policy without attributes is created without the list', async () => {
  sdk.on(CreateLoadBalancerPolicyCommand).resolves({ $metadata: { requestId: 'r-7' } });
  sdk.on(SetLoadBalancerPoliciesForBackendServerCommand).resolves({ $metadata: {} });
  const elb = await opened(undefined);
  expect(await elb.createLoadBalancerPolicy('web', { name: 'p', type: 't', attributes: [] })).toEqual({
    requestId: 'r-7',
  });
  expect(await elb.setLoadBalancerPoliciesForBackendServer('web', 80, [])).toEqual({});
  expect(inputs()).toEqual([
    { LoadBalancerName: 'web', PolicyName: 'p', PolicyTypeName: 't' },
    { LoadBalancerName: 'web', InstancePort: 80, PolicyNames: [] },
  ]);
});

test('a failure carries the wire code, not the SDK’s name for it, the request id and the SDK’s error as its cause', async () => {
  sdk.on(DescribeLoadBalancerPoliciesCommand).rejects(notFound);
  const elb = await opened(undefined, { region: 'eu-west-1' });
  const error = await rejection(elb.describeLoadBalancerPolicies('gone'));
  expect(error).toMatchObject({
    code: 'LoadBalancerNotFound',
    fault: 'user',
    requestId: 'r-1',
    cause: notFound,
  });
  expect(error.message).toBe(
    "DescribeLoadBalancerPolicies for load balancer gone in eu-west-1 failed: There is no ACTIVE Load Balancer named 'gone' (LoadBalancerNotFound)",
  );
  expect(error.hint).toContain('elb-proxy status --region eu-west-1');
  expect(error.hint).toContain('region eu-west-1 was asked for Classic Load Balancers');
  expect(elb.effectOf(error)).toBe('no');
});

test('the port names its region and the custom endpoint in use', async () => {
  expect(await opened('http://127.0.0.1:4580')).toMatchObject({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4580',
  });
  expect((await opened(undefined)).endpoint).toBeUndefined();
});
