import type { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  certificate,
  errorOf,
  post,
  proxyPolicy,
  type Running,
  sdkClient,
  start,
  tcp,
  zones,
} from './clients.js';

// moto 5.2.1 differs from the real service in 26 ways that matter to this tool. One test for each.

let running: Running;
let elb: ElasticLoadBalancing;
let name = '';
let count = 0;

beforeAll(async () => {
  running = await start();
  ({ elb } = running);
});
afterAll(() => running.local.close());
beforeEach(async () => {
  name = `lb-${++count}`;
  await elb.createLoadBalancer({ LoadBalancerName: name, Listeners: [tcp(443, 8443)], ...zones });
});

const set = (InstancePort: number, ...PolicyNames: string[]) =>
  elb.setLoadBalancerPoliciesForBackendServer({ LoadBalancerName: name, InstancePort, PolicyNames });
const describeIt = async () => {
  const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({ LoadBalancerNames: [name] });
  return LoadBalancerDescriptions?.[0];
};
const ssl = { Protocol: 'SSL', SSLCertificateId: certificate };

it('1: policy types and account limits are answered', async () => {
  expect((await elb.describeLoadBalancerPolicyTypes({})).PolicyTypeDescriptions).toHaveLength(6);
  expect((await elb.describeAccountLimits({})).Limits).toHaveLength(3);
});

it('2: policies for an instance port without a listener are kept, not swallowed', async () => {
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  await set(5555, 'proxy');
  expect((await describeIt())?.BackendServerDescriptions).toEqual([
    { InstancePort: 5555, PolicyNames: ['proxy'] },
  ]);
  await set(5555);
  expect((await describeIt())?.BackendServerDescriptions).toEqual([]);
});

it('3: an unknown load balancer is LoadBalancerNotFound for every action', async () => {
  const gone = { LoadBalancerName: 'gone' };
  const calls = [
    elb.createLoadBalancerPolicy(proxyPolicy('gone')),
    elb.setLoadBalancerPoliciesForBackendServer({ ...gone, InstancePort: 1, PolicyNames: [] }),
    elb.setLoadBalancerPoliciesOfListener({ ...gone, LoadBalancerPort: 1, PolicyNames: [] }),
    elb.deleteLoadBalancerPolicy({ ...gone, PolicyName: 'p' }),
    elb.describeLoadBalancerAttributes(gone),
    elb.modifyLoadBalancerAttributes({
      ...gone,
      LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled: true } },
    }),
    elb.describeLoadBalancerPolicies(gone),
    elb.describeInstanceHealth(gone),
    elb.describeTags({ LoadBalancerNames: [name, 'gone'] }),
    elb.addTags({ LoadBalancerNames: ['gone'], Tags: [{ Key: 'a' }] }),
    elb.removeTags({ LoadBalancerNames: ['gone'], Tags: [{ Key: 'a' }] }),
    elb.createLoadBalancerListeners({ ...gone, Listeners: [tcp(1)] }),
    elb.deleteLoadBalancerListeners({ ...gone, LoadBalancerPorts: [1] }),
    elb.setLoadBalancerListenerSSLCertificate({
      ...gone,
      LoadBalancerPort: 1,
      SSLCertificateId: certificate,
    }),
    elb.registerInstancesWithLoadBalancer({ ...gone, Instances: [{ InstanceId: 'i-12345678' }] }),
    elb.deregisterInstancesFromLoadBalancer({ ...gone, Instances: [{ InstanceId: 'i-12345678' }] }),
    elb.createAppCookieStickinessPolicy({ ...gone, PolicyName: 'p', CookieName: 'c' }),
    elb.createLBCookieStickinessPolicy({ ...gone, PolicyName: 'p' }),
    elb.configureHealthCheck({
      ...gone,
      HealthCheck: { Target: 'TCP:1', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 2 },
    }),
    elb.describeLoadBalancers({ LoadBalancerNames: [name, 'gone'] }),
  ];
  for (const error of await Promise.all(calls.map(errorOf))) {
    expect(error).toEqual({
      code: 'LoadBalancerNotFound',
      status: 400,
      message: "There is no ACTIVE Load Balancer named 'gone'",
    });
  }
});

it('4: an unknown policy name is PolicyNotFound and never shows up', async () => {
  expect(await errorOf(set(8443, 'never'))).toMatchObject({ code: 'PolicyNotFound', status: 400 });
  expect((await describeIt())?.BackendServerDescriptions).toEqual([]);
});

it('5: a policy in the wrong place cannot be enabled, in both directions', async () => {
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  await elb.createLoadBalancerListeners({
    LoadBalancerName: name,
    Listeners: [{ ...tcp(444, 8443), ...ssl }],
  });
  const direction = (PolicyNames: string[], LoadBalancerPort: number) =>
    elb.setLoadBalancerPoliciesOfListener({ LoadBalancerName: name, LoadBalancerPort, PolicyNames });
  expect((await errorOf(set(8443, 'ELBSecurityPolicy-2016-08'))).message).toBe(
    'ELBSecurityPolicy-2016-08 cannot be enabled',
  );
  expect((await errorOf(direction(['proxy'], 444))).message).toBe('proxy cannot be enabled');
});

it('6: a policy is checked when it is created', async () => {
  const { endpoint } = running.local;
  const call = `Action=CreateLoadBalancerPolicy&Version=2012-06-01&LoadBalancerName=${name}`;
  expect((await post(endpoint, call)).code).toBe('ValidationError');
  expect((await post(endpoint, `${call}&PolicyName=p&PolicyTypeName=Nonsense`)).code).toBe(
    'PolicyTypeNotFound',
  );
  expect((await post(endpoint, `${call}&PolicyName=p_p&PolicyTypeName=ProxyProtocolPolicyType`)).code).toBe(
    'ValidationError',
  );
  expect((await post(endpoint, `${call}&PolicyName=p&PolicyTypeName=ProxyProtocolPolicyType`)).code).toBe(
    'InvalidConfigurationRequest',
  );
});

it('7: the same policy again is fine, another one under its name is DuplicatePolicyName', async () => {
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  const other = elb.createLoadBalancerPolicy(proxyPolicy(name, 'proxy', 'false'));
  expect(await errorOf(other)).toMatchObject({ code: 'DuplicatePolicyName', status: 400 });
  const otherType = elb.createLBCookieStickinessPolicy({ LoadBalancerName: name, PolicyName: 'proxy' });
  expect(await errorOf(otherType)).toMatchObject({ code: 'DuplicatePolicyName', status: 400 });
});

it('8: a policy that is in use cannot be deleted', async () => {
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  await set(8443, 'proxy');
  const deletion = elb.deleteLoadBalancerPolicy({ LoadBalancerName: name, PolicyName: 'proxy' });
  expect(await errorOf(deletion)).toMatchObject({ status: 409 });
  expect((await describeIt())?.Policies?.OtherPolicies).toEqual(['proxy']);
});

it('9: policies of a listener that is not there are ListenerNotFound', async () => {
  const call = elb.setLoadBalancerPoliciesOfListener({
    LoadBalancerName: name,
    LoadBalancerPort: 1,
    PolicyNames: [],
  });
  expect(await errorOf(call)).toMatchObject({ code: 'ListenerNotFound', status: 400 });
});

it('10: the instance port of a listener that was added later takes policies', async () => {
  await elb.createLoadBalancerPolicy(proxyPolicy(name));
  await elb.createLoadBalancerListeners({ LoadBalancerName: name, Listeners: [tcp(25)] });
  await set(25, 'proxy');
  expect((await describeIt())?.BackendServerDescriptions).toEqual([
    { InstancePort: 25, PolicyNames: ['proxy'] },
  ]);
});

it('11: deleting two listeners of four leaves the other two', async () => {
  await elb.createLoadBalancerListeners({ LoadBalancerName: name, Listeners: [tcp(80), tcp(81), tcp(82)] });
  await elb.deleteLoadBalancerListeners({ LoadBalancerName: name, LoadBalancerPorts: [80, 81] });
  const listeners = (await describeIt())?.ListenerDescriptions ?? [];
  expect(listeners.map((one) => one.Listener?.LoadBalancerPort)).toEqual([443, 82]);
});

it('12: the instance protocol is the one that was given', async () => {
  await elb.createLoadBalancerListeners({ LoadBalancerName: name, Listeners: [{ ...tcp(444), ...ssl }] });
  expect((await describeIt())?.ListenerDescriptions?.[1]?.Listener).toMatchObject({
    Protocol: 'SSL',
    InstanceProtocol: 'TCP',
  });
});

it('13: protocols of different layers, and names of 40 characters, are refused', async () => {
  const mixed = { ...tcp(1), Protocol: 'HTTP' };
  const create = (LoadBalancerName: string, ...Listeners: (typeof mixed)[]) =>
    elb.createLoadBalancer({ LoadBalancerName, Listeners, ...zones });
  expect((await errorOf(create('mixed', mixed))).status).toBe(409);
  expect((await errorOf(create('n'.repeat(40), tcp(1)))).code).toBe('ValidationError');
});

it('14: a page has at most 400, and a marker is not a name', async () => {
  expect((await errorOf(elb.describeLoadBalancers({ PageSize: 401 }))).status).toBe(400);
  expect((await errorOf(elb.describeLoadBalancers({ Marker: name }))).status).toBe(400);
  const page = await elb.describeLoadBalancers({ PageSize: 1 });
  expect(page.NextMarker).not.toContain(page.LoadBalancerDescriptions?.[0]?.LoadBalancerName);
});

it('15: an unknown load balancer is reported in the same words everywhere', async () => {
  const described = await errorOf(elb.describeLoadBalancers({ LoadBalancerNames: ['x'] }));
  const health = await errorOf(elb.describeInstanceHealth({ LoadBalancerName: 'x' }));
  expect(described).toEqual(health);
  expect(described.message).toBe("There is no ACTIVE Load Balancer named 'x'");
});

it('16: PolicyNotFound names the policy and the load balancer', async () => {
  const error = await errorOf(
    elb.describeLoadBalancerPolicies({ LoadBalancerName: name, PolicyNames: ['p'] }),
  );
  expect(error.message).toBe(`There is no policy with name p for load balancer ${name}`);
});

it('17: without a load balancer name, the predefined policies are listed', async () => {
  const { PolicyDescriptions } = await elb.describeLoadBalancerPolicies({});
  expect(PolicyDescriptions?.length).toBeGreaterThan(5);
});

it('18: stickiness policies have their type and their attributes', async () => {
  await elb.createLBCookieStickinessPolicy({
    LoadBalancerName: name,
    PolicyName: 'lb',
    CookieExpirationPeriod: 60,
  });
  await elb.createAppCookieStickinessPolicy({ LoadBalancerName: name, PolicyName: 'app', CookieName: 'c' });
  const { PolicyDescriptions } = await elb.describeLoadBalancerPolicies({ LoadBalancerName: name });
  expect(PolicyDescriptions).toEqual([
    {
      PolicyName: 'lb',
      PolicyTypeName: 'LBCookieStickinessPolicyType',
      PolicyAttributeDescriptions: [{ AttributeName: 'CookieExpirationPeriod', AttributeValue: '60' }],
    },
    {
      PolicyName: 'app',
      PolicyTypeName: 'AppCookieStickinessPolicyType',
      PolicyAttributeDescriptions: [{ AttributeName: 'CookieName', AttributeValue: 'c' }],
    },
  ]);
});

it('19: a secure listener carries a security policy, listed among the other policies', async () => {
  await elb.createLoadBalancerListeners({ LoadBalancerName: name, Listeners: [{ ...tcp(444), ...ssl }] });
  const one = await describeIt();
  expect(one?.ListenerDescriptions?.[1]?.PolicyNames).toEqual(['ELBSecurityPolicy-2016-08']);
  expect(one?.Policies?.OtherPolicies).toEqual(['ELBSecurityPolicy-2016-08']);
});

describe('20: a load balancer', () => {
  it('has a health check and a hosted zone from the start, of its own region', async () => {
    const west = sdkClient(running.local.endpoint, 'us-west-2');
    await west.createLoadBalancer({
      LoadBalancerName: name,
      Listeners: [tcp(1)],
      AvailabilityZones: ['us-west-2a'],
    });
    const { LoadBalancerDescriptions } = await west.describeLoadBalancers({});
    expect(LoadBalancerDescriptions).toHaveLength(1);
    expect(LoadBalancerDescriptions?.[0]).toMatchObject({
      HealthCheck: { Target: 'TCP:1' },
      CanonicalHostedZoneNameID: 'Z1H1FL5HABSF5',
    });
    west.destroy();
  });

  it.runIf(process.platform === 'linux')('has a DNS name of its own', async () => {
    const first = await describeIt();
    const second = await elb.createLoadBalancer({
      LoadBalancerName: `${name}-2`,
      Listeners: [tcp(1)],
      ...zones,
    });
    expect(second.DNSName).not.toBe(first?.DNSName);
  });
});

it('21: an identical CreateLoadBalancer succeeds', async () => {
  const again = await elb.createLoadBalancer({
    LoadBalancerName: name,
    Listeners: [tcp(443, 8443)],
    ...zones,
  });
  expect(again.DNSName).toBe((await describeIt())?.DNSName);
});

it('22: an unknown instance id is InvalidInstance', async () => {
  const call = elb.registerInstancesWithLoadBalancer({
    LoadBalancerName: name,
    Instances: [{ InstanceId: 'abc' }],
  });
  expect(await errorOf(call)).toMatchObject({ code: 'InvalidInstance', status: 400 });
  const health = elb.describeInstanceHealth({ LoadBalancerName: name, Instances: [{ InstanceId: 'abc' }] });
  expect(await errorOf(health)).toMatchObject({ code: 'InvalidInstance', status: 400 });
});

it('23: tags of more than 20 load balancers at once are refused', async () => {
  const names = Array.from({ length: 21 }, () => name);
  expect((await errorOf(elb.describeTags({ LoadBalancerNames: names }))).code).toBe('ValidationError');
  expect((await elb.describeTags({ LoadBalancerNames: names.slice(1) })).TagDescriptions).toHaveLength(20);
});

it('24: an action that the version of an API does not have is InvalidAction in XML', async () => {
  const { endpoint } = running.local;
  const unknown = await post(endpoint, 'Action=Nonsense&Version=2012-06-01');
  expect([unknown.status, unknown.code, unknown.message]).toEqual([
    400,
    'InvalidAction',
    'Could not find operation Nonsense for version 2012-06-01',
  ]);
  const other = await post(endpoint, 'Action=DescribeLoadBalancerPolicies&Version=2015-12-01');
  expect([other.status, other.code, other.message]).toEqual([
    400,
    'InvalidAction',
    'Could not find operation DescribeLoadBalancerPolicies for version 2015-12-01',
  ]);
});

it('25: signatures are not checked here either, and nothing is throttled', async () => {
  const calls = Array.from({ length: 100 }, () => elb.describeLoadBalancers({ LoadBalancerNames: [name] }));
  expect(await Promise.all(calls)).toHaveLength(100);
});

it('26: the owner of the security group is the account, and the group has a name of its own', async () => {
  await using other = await start({ accountId: '999988887777' });
  await other.elb.createLoadBalancer({ LoadBalancerName: 'x', Listeners: [tcp(1)], ...zones });
  const { LoadBalancerDescriptions } = await other.elb.describeLoadBalancers({});
  const group = LoadBalancerDescriptions?.[0]?.SourceSecurityGroup;
  expect(group?.OwnerAlias).toBe('999988887777');
  expect(group?.GroupName).not.toBe('default');
});
