import type { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificate, post, proxyPolicy, type Running, start, tcp, zones } from './clients.js';

let running: Running;
let elb: ElasticLoadBalancing;

beforeEach(async () => {
  running = await start({ clock: () => new Date('2026-11-23T10:11:12.345Z') });
  ({ elb } = running);
  await elb.createLoadBalancer({ LoadBalancerName: 'web', Listeners: [tcp(443, 8443), tcp(25)], ...zones });
});
afterEach(() => running.local.close());

const web = { LoadBalancerName: 'web' };
const describeWeb = async () => {
  const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({ LoadBalancerNames: ['web'] });
  const [one] = LoadBalancerDescriptions ?? [];
  if (one === undefined) throw new Error('web is gone');
  return one;
};
const setBackend = (InstancePort: number, ...PolicyNames: string[]) =>
  elb.setLoadBalancerPoliciesForBackendServer({ ...web, InstancePort, PolicyNames });

describe('a new load balancer', () => {
  it('is described in full', async () => {
    expect(await describeWeb()).toEqual({
      LoadBalancerName: 'web',
      DNSName: expect.stringMatching(/^127\.\d+\.\d+\.\d+$/),
      CanonicalHostedZoneName: expect.stringMatching(/^127\./),
      CanonicalHostedZoneNameID: 'Z35SXDOTRQ7X7K',
      ListenerDescriptions: [
        { Listener: tcp(443, 8443), PolicyNames: [] },
        { Listener: tcp(25), PolicyNames: [] },
      ],
      Policies: { AppCookieStickinessPolicies: [], LBCookieStickinessPolicies: [], OtherPolicies: [] },
      BackendServerDescriptions: [],
      AvailabilityZones: ['us-east-1a'],
      Subnets: [expect.stringMatching(/^subnet-/)],
      VPCId: expect.stringMatching(/^vpc-/),
      Instances: [],
      HealthCheck: {
        Target: 'TCP:8443',
        Interval: 30,
        Timeout: 5,
        UnhealthyThreshold: 2,
        HealthyThreshold: 10,
      },
      SourceSecurityGroup: { OwnerAlias: '123456789012', GroupName: expect.stringMatching(/^default_elb_/) },
      SecurityGroups: [expect.stringMatching(/^sg-/)],
      CreatedTime: new Date('2026-11-23T10:11:12.345Z'),
      Scheme: 'internet-facing',
    });
  });

  it('keeps the subnets, groups and scheme that it was given', async () => {
    await elb.createLoadBalancer({
      LoadBalancerName: 'inner',
      Listeners: [tcp(1)],
      Subnets: ['subnet-11111111', 'subnet-22222222'],
      SecurityGroups: ['sg-33333333'],
      Scheme: 'internal',
    });
    const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({ LoadBalancerNames: ['inner'] });
    expect(LoadBalancerDescriptions?.[0]).toMatchObject({
      Subnets: ['subnet-11111111', 'subnet-22222222'],
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      SecurityGroups: ['sg-33333333'],
      Scheme: 'internal',
    });
  });

  it('takes protocols in any letter case, and fills in the plain protocol of the layer behind', async () => {
    await elb.createLoadBalancer({
      LoadBalancerName: 'cases',
      ...zones,
      Listeners: [
        { Protocol: 'tcp', LoadBalancerPort: 1, InstancePort: 1 },
        { Protocol: 'ssl', LoadBalancerPort: 2, InstancePort: 1, SSLCertificateId: certificate },
        { Protocol: 'Https', LoadBalancerPort: 3, InstancePort: 1, SSLCertificateId: certificate },
      ],
    });
    const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({ LoadBalancerNames: ['cases'] });
    const listeners = LoadBalancerDescriptions?.[0]?.ListenerDescriptions ?? [];
    expect(listeners.map(({ Listener }) => [Listener?.Protocol, Listener?.InstanceProtocol])).toEqual([
      ['TCP', 'TCP'],
      ['SSL', 'TCP'],
      ['HTTPS', 'HTTP'],
    ]);
  });

  it('silently drops the certificate of a plain listener', async () => {
    await elb.createLoadBalancerListeners({
      ...web,
      Listeners: [{ ...tcp(9), SSLCertificateId: certificate }],
    });
    const { ListenerDescriptions } = await describeWeb();
    expect(ListenerDescriptions?.at(-1)?.Listener).toEqual(tcp(9));
  });

  it('is the same one when it is created again', async () => {
    const { DNSName } = await describeWeb();
    const again = await elb.createLoadBalancer({ ...web, Listeners: [tcp(25), tcp(443, 8443)], ...zones });
    expect(again.DNSName).toBe(DNSName);
    expect(running.local.loadBalancers()).toHaveLength(1);
  });

  it('gets an address that no load balancer had before', async () => {
    const { DNSName } = await describeWeb();
    await elb.deleteLoadBalancer(web);
    await elb.deleteLoadBalancer(web);
    const again = await elb.createLoadBalancer({ ...web, Listeners: [tcp(443, 8443)], ...zones });
    if (process.platform === 'linux') expect(again.DNSName).not.toBe(DNSName);
  });
});

describe('policies on instance ports', () => {
  beforeEach(async () => {
    await elb.createLoadBalancerPolicy(proxyPolicy('web'));
    await elb.createLoadBalancerPolicy(proxyPolicy('web', 'other', 'True'));
  });

  it('keep the order in which they were set, and ports are listed by number', async () => {
    await setBackend(8443, 'proxy', 'other');
    await setBackend(25, 'other');
    expect((await describeWeb()).BackendServerDescriptions).toEqual([
      { InstancePort: 25, PolicyNames: ['other'] },
      { InstancePort: 8443, PolicyNames: ['proxy', 'other'] },
    ]);
  });

  it('are replaced as a whole, and an empty list takes the port out', async () => {
    await setBackend(8443, 'proxy', 'other');
    await setBackend(8443, 'other');
    expect((await describeWeb()).BackendServerDescriptions).toEqual([
      { InstancePort: 8443, PolicyNames: ['other'] },
    ]);
    await setBackend(8443);
    expect((await describeWeb()).BackendServerDescriptions).toEqual([]);
  });

  it('count once when a name is given twice', async () => {
    await setBackend(8443, 'proxy', 'other', 'proxy');
    expect((await describeWeb()).BackendServerDescriptions?.[0]?.PolicyNames).toEqual(['proxy', 'other']);
  });

  it('outlive their listener, and can be cleared without one', async () => {
    await setBackend(8443, 'proxy');
    await elb.deleteLoadBalancerListeners({ ...web, LoadBalancerPorts: [443] });
    expect((await describeWeb()).BackendServerDescriptions).toHaveLength(1);
    await setBackend(8443);
    await setBackend(4);
    expect((await describeWeb()).BackendServerDescriptions).toEqual([]);
  });

  it('keep the spelling of their values', async () => {
    const { PolicyDescriptions } = await elb.describeLoadBalancerPolicies({ ...web, PolicyNames: ['other'] });
    expect(PolicyDescriptions).toEqual([
      {
        PolicyName: 'other',
        PolicyTypeName: 'ProxyProtocolPolicyType',
        PolicyAttributeDescriptions: [{ AttributeName: 'ProxyProtocol', AttributeValue: 'True' }],
      },
    ]);
  });

  it('can be deleted once no port uses them, and deleting them again is not an error', async () => {
    await setBackend(8443, 'proxy');
    await setBackend(8443);
    await elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'proxy' });
    await elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'proxy' });
    expect((await describeWeb()).Policies?.OtherPolicies).toEqual(['other']);
  });

  it('can be deleted when only a policy refers to them that is itself not enabled', async () => {
    const create = (PolicyName: string, type: string, AttributeName: string, AttributeValue: string) =>
      elb.createLoadBalancerPolicy({
        ...web,
        PolicyName,
        PolicyTypeName: type,
        PolicyAttributes: [{ AttributeName, AttributeValue }],
      });
    await create('key', 'PublicKeyPolicyType', 'PublicKey', 'MIGf');
    await create('auth', 'BackendServerAuthenticationPolicyType', 'PublicKeyPolicyName', 'key');
    await elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'key' });
    expect((await describeWeb()).Policies?.OtherPolicies).toEqual(['proxy', 'other', 'auth']);
  });

  it('are accepted where an HTTP listener forwards to', async () => {
    const http = { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 };
    await elb.createLoadBalancerListeners({ ...web, Listeners: [http] });
    await setBackend(8080, 'proxy');
    expect((await describeWeb()).BackendServerDescriptions).toEqual([
      { InstancePort: 8080, PolicyNames: ['proxy'] },
    ]);
  });

  it('may be on at two ports at once', async () => {
    await setBackend(8443, 'proxy');
    await setBackend(25, 'proxy');
    expect((await describeWeb()).BackendServerDescriptions).toHaveLength(2);
  });
});

describe('policies of listeners', () => {
  beforeEach(async () => {
    await elb.createLoadBalancerListeners({
      ...web,
      Listeners: [
        { Protocol: 'HTTPS', LoadBalancerPort: 444, InstancePort: 80, SSLCertificateId: certificate },
      ],
    });
  });

  it('hold stickiness and ciphers, and an empty list brings the default ciphers back', async () => {
    await elb.createAppCookieStickinessPolicy({ ...web, PolicyName: 'app', CookieName: 'JSESSIONID' });
    await elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'lb', CookieExpirationPeriod: 60 });
    await elb.createLoadBalancerPolicy({
      ...web,
      PolicyName: 'ciphers',
      PolicyTypeName: 'SSLNegotiationPolicyType',
      PolicyAttributes: [
        { AttributeName: 'Reference-Security-Policy', AttributeValue: 'ELBSecurityPolicy-TLS-1-2-2017-01' },
      ],
    });
    await elb.setLoadBalancerPoliciesOfListener({
      ...web,
      LoadBalancerPort: 444,
      PolicyNames: ['ciphers', 'lb'],
    });
    const { Policies, ListenerDescriptions } = await describeWeb();
    expect(Policies).toEqual({
      AppCookieStickinessPolicies: [{ PolicyName: 'app', CookieName: 'JSESSIONID' }],
      LBCookieStickinessPolicies: [{ PolicyName: 'lb', CookieExpirationPeriod: 60 }],
      OtherPolicies: ['ELBSecurityPolicy-2016-08', 'ciphers'],
    });
    expect(ListenerDescriptions?.at(-1)?.PolicyNames).toEqual(['ciphers', 'lb']);
    await elb.setLoadBalancerPoliciesOfListener({ ...web, LoadBalancerPort: 444, PolicyNames: [] });
    expect((await describeWeb()).ListenerDescriptions?.at(-1)?.PolicyNames).toEqual([
      'ELBSecurityPolicy-2016-08',
    ]);
  });

  it('leave the certificate alone, which can be changed', async () => {
    const other = `${certificate}-2`;
    await elb.setLoadBalancerListenerSSLCertificate({
      ...web,
      LoadBalancerPort: 444,
      SSLCertificateId: other,
    });
    const listener = (await describeWeb()).ListenerDescriptions?.at(-1);
    expect(listener?.Listener?.SSLCertificateId).toBe(other);
    expect(listener?.PolicyNames).toEqual(['ELBSecurityPolicy-2016-08']);
  });
});

it('lists the predefined policies when no load balancer is named', async () => {
  const { PolicyDescriptions } = await elb.describeLoadBalancerPolicies({});
  const names = PolicyDescriptions?.map((one) => one.PolicyName);
  expect(names).toContain('ELBSecurityPolicy-2016-08');
  expect(names).toContain('ELBSample-ELBDefaultCipherPolicy');
  const { PolicyDescriptions: one } = await elb.describeLoadBalancerPolicies({
    PolicyNames: ['ELBSample-ELBDefaultCipherPolicy'],
  });
  expect(one).toHaveLength(1);
  await expect(elb.describeLoadBalancerPolicies({ PolicyNames: ['x'] })).rejects.toThrow(
    'no policy with name x',
  );
});

it('describes the six policy types', async () => {
  const { PolicyTypeDescriptions } = await elb.describeLoadBalancerPolicyTypes({});
  expect(PolicyTypeDescriptions?.map((one) => one.PolicyTypeName).toSorted()).toEqual([
    'AppCookieStickinessPolicyType',
    'BackendServerAuthenticationPolicyType',
    'LBCookieStickinessPolicyType',
    'ProxyProtocolPolicyType',
    'PublicKeyPolicyType',
    'SSLNegotiationPolicyType',
  ]);
  const { PolicyTypeDescriptions: some } = await elb.describeLoadBalancerPolicyTypes({
    PolicyTypeNames: ['ProxyProtocolPolicyType'],
  });
  expect(some?.[0]?.PolicyAttributeTypeDescriptions).toEqual([
    { AttributeName: 'ProxyProtocol', AttributeType: 'Boolean', Cardinality: 'ONE' },
  ]);
});

describe('listeners', () => {
  it('can be created again as they are, and deleted together', async () => {
    await elb.createLoadBalancerListeners({ ...web, Listeners: [tcp(443, 8443), tcp(80), tcp(81)] });
    await elb.deleteLoadBalancerListeners({ ...web, LoadBalancerPorts: [80, 81, 999] });
    const ports = (await describeWeb()).ListenerDescriptions?.map((one) => one.Listener?.LoadBalancerPort);
    expect(ports).toEqual([443, 25]);
  });

  it('are created all together or not at all', async () => {
    const failing = elb.createLoadBalancerListeners({ ...web, Listeners: [tcp(80), tcp(443, 9)] });
    await expect(failing).rejects.toThrow('already exists');
    expect((await describeWeb()).ListenerDescriptions).toHaveLength(2);
  });
});

describe('instances', () => {
  const [a, b] = ['i-0123456789abcdef0', 'i-12345678'] as const;
  it('are registered once, are InService, and are reported as unregistered afterwards', async () => {
    const Instances = [{ InstanceId: a }, { InstanceId: b }, { InstanceId: a }];
    const registered = await elb.registerInstancesWithLoadBalancer({ ...web, Instances });
    expect(registered.Instances).toEqual([{ InstanceId: a }, { InstanceId: b }]);
    const left = await elb.deregisterInstancesFromLoadBalancer({ ...web, Instances: [{ InstanceId: a }] });
    expect(left.Instances).toEqual([{ InstanceId: b }]);
    const { InstanceStates } = await elb.describeInstanceHealth(web);
    expect(InstanceStates).toEqual([
      { InstanceId: b, State: 'InService', ReasonCode: 'N/A', Description: 'N/A' },
    ]);
    const named = await elb.describeInstanceHealth({ ...web, Instances: [{ InstanceId: a }] });
    expect(named.InstanceStates).toEqual([
      {
        InstanceId: a,
        State: 'OutOfService',
        ReasonCode: 'Instance',
        Description: 'Instance is not currently registered with the LoadBalancer.',
      },
    ]);
  });
});

it('configures the health check', async () => {
  const HealthCheck = {
    Target: 'HTTP:80/ping?x=<&>',
    Interval: 10,
    Timeout: 3,
    UnhealthyThreshold: 3,
    HealthyThreshold: 4,
  };
  expect((await elb.configureHealthCheck({ ...web, HealthCheck })).HealthCheck).toEqual(HealthCheck);
  expect((await describeWeb()).HealthCheck).toEqual(HealthCheck);
});

it('adds, changes and removes tags', async () => {
  const LoadBalancerNames = ['web'];
  await elb.addTags({ LoadBalancerNames, Tags: [{ Key: 'team', Value: 'edge' }, { Key: 'bare' }] });
  await elb.addTags({ LoadBalancerNames, Tags: [{ Key: 'team', Value: 'core' }] });
  await elb.removeTags({ LoadBalancerNames, Tags: [{ Key: 'bare' }, { Key: 'never there' }] });
  const { TagDescriptions } = await elb.describeTags({ LoadBalancerNames });
  expect(TagDescriptions).toEqual([{ LoadBalancerName: 'web', Tags: [{ Key: 'team', Value: 'core' }] }]);
});

it('returns and changes the attributes, and leaves those alone that are not named', async () => {
  const before = await elb.describeLoadBalancerAttributes(web);
  expect(before.LoadBalancerAttributes).toEqual({
    CrossZoneLoadBalancing: { Enabled: false },
    AccessLog: { Enabled: false },
    ConnectionDraining: { Enabled: false, Timeout: 300 },
    ConnectionSettings: { IdleTimeout: 60 },
    AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'defensive' }],
  });
  const changed = await elb.modifyLoadBalancerAttributes({
    ...web,
    LoadBalancerAttributes: {
      CrossZoneLoadBalancing: { Enabled: true },
      AccessLog: { Enabled: true, S3BucketName: 'logs', EmitInterval: 5 },
      ConnectionSettings: { IdleTimeout: 90 },
      AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'strictest' }],
    },
  });
  expect(changed).toMatchObject({
    LoadBalancerName: 'web',
    // Only what was sent.
    LoadBalancerAttributes: {
      CrossZoneLoadBalancing: { Enabled: true },
      AccessLog: { Enabled: true, S3BucketName: 'logs', EmitInterval: 5 },
      ConnectionSettings: { IdleTimeout: 90 },
      AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'strictest' }],
    },
  });
  expect(changed.LoadBalancerAttributes).not.toHaveProperty('ConnectionDraining');
  expect((await elb.describeLoadBalancerAttributes(web)).LoadBalancerAttributes).toEqual({
    CrossZoneLoadBalancing: { Enabled: true },
    AccessLog: { Enabled: true, S3BucketName: 'logs', EmitInterval: 5 },
    ConnectionDraining: { Enabled: false, Timeout: 300 },
    ConnectionSettings: { IdleTimeout: 90 },
    AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'strictest' }],
  });
});

it('returns the account limits, in pages if asked', async () => {
  const all = await elb.describeAccountLimits({});
  expect(all.Limits).toEqual([
    { Name: 'classic-load-balancers', Max: '20' },
    { Name: 'classic-listeners', Max: '100' },
    { Name: 'classic-registered-instances', Max: '1000' },
  ]);
  const first = await elb.describeAccountLimits({ PageSize: 2 });
  const second = await elb.describeAccountLimits({ PageSize: 2, Marker: first.NextMarker });
  expect([...(first.Limits ?? []), ...(second.Limits ?? [])]).toEqual(all.Limits);
  expect(second.NextMarker).toBeUndefined();
});

it('answers 200 with the skeleton of the real service', async () => {
  const answer = await post(
    running.local.endpoint,
    'Action=DeleteLoadBalancerPolicy&Version=2012-06-01&LoadBalancerName=web&PolicyName=none',
  );
  const id = answer.headers.get('x-amzn-requestid');
  expect(answer.headers.get('content-type')).toBe('text/xml');
  expect(answer.text).toBe(
    '<DeleteLoadBalancerPolicyResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/">' +
      '<DeleteLoadBalancerPolicyResult/>' +
      `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></DeleteLoadBalancerPolicyResponse>`,
  );
});

describe('the network of a load balancer', () => {
  it('gains and loses zones, each with a subnet', async () => {
    const AvailabilityZones = ['us-east-1b', 'us-east-1a', 'us-east-1b'];
    const enabled = await elb.enableAvailabilityZonesForLoadBalancer({ ...web, AvailabilityZones });
    expect(enabled.AvailabilityZones).toEqual(['us-east-1a', 'us-east-1b']);
    expect((await describeWeb()).Subnets).toHaveLength(2);
    const disabled = await elb.disableAvailabilityZonesForLoadBalancer({
      ...web,
      AvailabilityZones: ['us-east-1a', 'us-east-1e'],
    });
    expect(disabled.AvailabilityZones).toEqual(['us-east-1b']);
    expect(await describeWeb()).toMatchObject({
      AvailabilityZones: ['us-east-1b'],
      Subnets: [expect.stringMatching(/^subnet-/)],
    });
  });

  it('gains and loses subnets, each in a zone of its own', async () => {
    const Subnets = ['subnet-11111111', 'subnet-22222222'];
    const attached = await elb.attachLoadBalancerToSubnets({ ...web, Subnets });
    expect(attached.Subnets).toEqual([expect.stringMatching(/^subnet-/), ...Subnets]);
    expect((await describeWeb()).AvailabilityZones).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
    const left = await elb.detachLoadBalancerFromSubnets({ ...web, Subnets: ['subnet-11111111'] });
    expect(left.Subnets).toEqual([attached.Subnets?.[0], 'subnet-22222222']);
    expect((await describeWeb()).AvailabilityZones).toEqual(['us-east-1a', 'us-east-1c']);
    await elb.attachLoadBalancerToSubnets({ ...web, Subnets: ['subnet-22222222'] });
    expect((await describeWeb()).Subnets).toEqual(left.Subnets);
  });

  it('has the security groups that it was given last', async () => {
    const SecurityGroups = ['sg-22222222', 'sg-11111111'];
    const applied = await elb.applySecurityGroupsToLoadBalancer({ ...web, SecurityGroups });
    expect(applied.SecurityGroups).toEqual(SecurityGroups);
    expect(await describeWeb()).toMatchObject({
      SecurityGroups,
      SourceSecurityGroup: { GroupName: 'sg-22222222' },
    });
  });
});

describe('a policy without attributes', () => {
  const attributesOf = async (name: string) => {
    const { PolicyDescriptions } = await elb.describeLoadBalancerPolicies({ ...web, PolicyNames: [name] });
    return PolicyDescriptions?.[0]?.PolicyAttributeDescriptions;
  };
  const zero = [{ AttributeName: 'CookieExpirationPeriod', AttributeValue: '0' }];

  it('lasts as long as the browser (period 0) if it is for stickiness', async () => {
    await elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'none' });
    await elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'zero', CookieExpirationPeriod: 0 });
    const long = { ...web, PolicyName: 'long', PolicyTypeName: 'LBCookieStickinessPolicyType' };
    await elb.createLoadBalancerPolicy(long);
    for (const name of ['none', 'zero', 'long']) expect(await attributesOf(name)).toEqual(zero);
    // The same again, said in the other way, changes nothing.
    await elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'none', CookieExpirationPeriod: 0 });
    await elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'zero' });
  });

  it("has its type's protocols if it is for SSL negotiation, or those of the policy that it refers to", async () => {
    const ssl = { ...web, PolicyTypeName: 'SSLNegotiationPolicyType' };
    await elb.createLoadBalancerPolicy({ ...ssl, PolicyName: 'bare' });
    await elb.createLoadBalancerPolicy({ ...ssl, PolicyName: 'bare' });
    expect(await attributesOf('bare')).toEqual(
      ['Protocol-TLSv1', 'Protocol-TLSv1.1', 'Protocol-TLSv1.2'].map((AttributeName) => ({
        AttributeName,
        AttributeValue: 'true',
      })),
    );
    const reference = 'ELBSecurityPolicy-TLS-1-2-2017-01';
    await elb.createLoadBalancerPolicy({
      ...ssl,
      PolicyName: 'strict',
      PolicyAttributes: [{ AttributeName: 'Reference-Security-Policy', AttributeValue: reference }],
    });
    const strict = await attributesOf('strict');
    expect(strict?.slice(0, 2)).toEqual([
      { AttributeName: 'Reference-Security-Policy', AttributeValue: reference },
      { AttributeName: 'Protocol-TLSv1.2', AttributeValue: 'true' },
    ]);
    expect(strict).not.toContainEqual({ AttributeName: 'Protocol-TLSv1', AttributeValue: 'true' });
  });
});
