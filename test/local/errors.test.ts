import type { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificate, errorOf, post, proxyPolicy, type Running, start, tcp, zones } from './clients.js';

let running: Running;
let elb: ElasticLoadBalancing;

beforeAll(async () => {
  running = await start();
  ({ elb } = running);
  await elb.createLoadBalancer({
    LoadBalancerName: 'web',
    ...zones,
    Listeners: [
      tcp(443, 8443),
      { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 },
      {
        Protocol: 'SSL',
        LoadBalancerPort: 8443,
        InstanceProtocol: 'TCP',
        InstancePort: 9000,
        SSLCertificateId: certificate,
      },
    ],
  });
  await elb.createLoadBalancerPolicy(proxyPolicy('web'));
  await elb.createLoadBalancerPolicy({
    LoadBalancerName: 'web',
    PolicyName: 'ciphers',
    PolicyTypeName: 'SSLNegotiationPolicyType',
    PolicyAttributes: [{ AttributeName: 'Protocol-TLSv1.2', AttributeValue: 'true' }],
  });
  await elb.createLoadBalancerPolicy({
    LoadBalancerName: 'web',
    PolicyName: 'key',
    PolicyTypeName: 'PublicKeyPolicyType',
    PolicyAttributes: [{ AttributeName: 'PublicKey', AttributeValue: 'MIGf' }],
  });
  await elb.createLoadBalancerPolicy({
    LoadBalancerName: 'web',
    PolicyName: 'auth',
    PolicyTypeName: 'BackendServerAuthenticationPolicyType',
    PolicyAttributes: [{ AttributeName: 'PublicKeyPolicyName', AttributeValue: 'key' }],
  });
  await elb.createLBCookieStickinessPolicy({ LoadBalancerName: 'web', PolicyName: 'sticky' });
  await elb.setLoadBalancerPoliciesForBackendServer({
    LoadBalancerName: 'web',
    InstancePort: 8443,
    PolicyNames: ['proxy', 'auth'],
  });
});
afterAll(() => running.local.close());

const web = { LoadBalancerName: 'web' };
const create = (LoadBalancerName: string, more: object = {}) =>
  elb.createLoadBalancer({ LoadBalancerName, Listeners: [tcp(1)], ...zones, ...more });
const health = { Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 10 };
const modify = (LoadBalancerAttributes: object) =>
  elb.modifyLoadBalancerAttributes({ ...web, LoadBalancerAttributes });
const policy = (PolicyTypeName: string, attributes: Record<string, string>, PolicyName = 'new') =>
  elb.createLoadBalancerPolicy({
    ...web,
    PolicyName,
    PolicyTypeName,
    PolicyAttributes: Object.entries(attributes).map(([AttributeName, AttributeValue]) => ({
      AttributeName,
      AttributeValue,
    })),
  });

type Case = readonly [
  sentence: string,
  call: () => Promise<unknown>,
  code: string,
  status: number,
  message: string | RegExp,
];

const inTheServicesOwnWords: readonly Case[] = [
  [
    'an unknown load balancer, described',
    () => elb.describeLoadBalancers({ LoadBalancerNames: ['gone'] }),
    'LoadBalancerNotFound',
    400,
    "There is no ACTIVE Load Balancer named 'gone'",
  ],
  [
    'an unknown policy, set on an instance port',
    () =>
      elb.setLoadBalancerPoliciesForBackendServer({
        ...web,
        InstancePort: 8443,
        PolicyNames: ['TFEnableProxyProtocol'],
      }),
    'PolicyNotFound',
    400,
    'There is no policy with name TFEnableProxyProtocol for load balancer web',
  ],
  [
    'another policy under a name that is taken',
    () => elb.createLoadBalancerPolicy(proxyPolicy('web', 'proxy', 'false')),
    'DuplicatePolicyName',
    400,
    'Policy Name [proxy] already exists.',
  ],
  [
    'an SSL policy, set on an instance port',
    () =>
      elb.setLoadBalancerPoliciesForBackendServer({ ...web, InstancePort: 8443, PolicyNames: ['ciphers'] }),
    'InvalidConfigurationRequest',
    409,
    'ciphers cannot be enabled',
  ],
  [
    'a PROXY policy, set on a listener',
    () => elb.setLoadBalancerPoliciesOfListener({ ...web, LoadBalancerPort: 443, PolicyNames: ['proxy'] }),
    'InvalidConfigurationRequest',
    409,
    'proxy cannot be enabled',
  ],
  [
    'deleting a policy that an instance port uses',
    () => elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'proxy' }),
    'InvalidConfigurationRequest',
    409,
    'You cannot delete policy [proxy] since it is enabled or referred by other enabled policy.',
  ],
  [
    'deleting a policy that an enabled one refers to',
    () => elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'key' }),
    'InvalidConfigurationRequest',
    409,
    'You cannot delete policy [key] since it is enabled or referred by other enabled policy.',
  ],
  [
    'deleting a policy that a listener uses',
    () => elb.deleteLoadBalancerPolicy({ ...web, PolicyName: 'ELBSecurityPolicy-2016-08' }),
    'InvalidConfigurationRequest',
    409,
    'You cannot delete policy [ELBSecurityPolicy-2016-08] since it is enabled or referred by other enabled policy.',
  ],
  [
    'a zone that takes no Classic Load Balancer',
    () => create('zone', { AvailabilityZones: ['us-east-1f'] }),
    'InvalidConfigurationRequest',
    409,
    "Classic Load Balancers do not support Availability Zone 'us-east-1f'.",
  ],
  [
    'a policy name with an underscore',
    () => elb.createLoadBalancerPolicy(proxyPolicy('web', 'my_policy')),
    'ValidationError',
    400,
    'Policy name cannot contain characters that are not letters, or digits or the dash.',
  ],
  [
    'a load balancer name with an underscore',
    () => create('my_lb'),
    'ValidationError',
    400,
    'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
  ],
  [
    'a load balancer name of 33 characters',
    () => create('a'.repeat(33)),
    'ValidationError',
    400,
    'LoadBalancer name cannot be longer than 32 characters',
  ],
  [
    'both subnets and zones',
    () => create('both', { Subnets: ['subnet-12345678'] }),
    'ValidationError',
    400,
    'Only one of SubnetIds or AvailabilityZones may be specified',
  ],
  [
    'neither subnets nor zones',
    () => create('neither', { AvailabilityZones: undefined }),
    'ValidationError',
    400,
    'Either AvailabilityZones or SubnetIds must be specified',
  ],
  [
    'another listener on a taken port',
    () => elb.createLoadBalancerListeners({ ...web, Listeners: [tcp(443, 9443)] }),
    'DuplicateListener',
    400,
    'A listener already exists for web with LoadBalancerPort 443, but with a different InstancePort, Protocol, or SSLCertificateId',
  ],
  [
    'an SSL listener without a certificate',
    () => create('secure', { Listeners: [{ ...tcp(443), Protocol: 'ssl' }] }),
    'ValidationError',
    400,
    'Secure Listeners need to specify a SSLCertificateId',
  ],
  [
    'a certificate that is none',
    () => create('secure', { Listeners: [{ ...tcp(443), Protocol: 'SSL', SSLCertificateId: 'nonsense' }] }),
    'CertificateNotFound',
    400,
    'Server Certificate not found for the key: nonsense',
  ],
  [
    'the same load balancer with other tags',
    () =>
      elb.createLoadBalancer({
        ...web,
        ...zones,
        Tags: [{ Key: 'a', Value: 'b' }],
        Listeners: [
          tcp(443, 8443),
          { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 },
          { ...tcp(8443, 9000), Protocol: 'SSL', SSLCertificateId: certificate },
        ],
      }),
    'DuplicateLoadBalancerName',
    400,
    'Load Balancer named web already exists and it is configured with different tags.',
  ],
  [
    'an instance id that is none',
    () => elb.registerInstancesWithLoadBalancer({ ...web, Instances: [{ InstanceId: 'i-xyz' }] }),
    'InvalidInstance',
    400,
    'Could not find EC2 instance i-xyz.',
  ],
  [
    'a TCP health check with a path',
    () => elb.configureHealthCheck({ ...web, HealthCheck: { Target: 'TCP:80/', ...health } }),
    'ValidationError',
    400,
    'HealthCheck Target must specify a port number',
  ],
  [
    'an HTTP health check without a path',
    () => elb.configureHealthCheck({ ...web, HealthCheck: { Target: 'HTTP:80', ...health } }),
    'ValidationError',
    400,
    'HealthCheck HTTP Target must specify a port followed by a path that begins with a slash. e.g. HTTP:80/ping/this/path',
  ],
  [
    'a page of 401',
    () => elb.describeLoadBalancers({ PageSize: 401 }),
    'ValidationError',
    400,
    "1 validation error detected: Value '401' at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to 400",
  ],
  [
    'a page of none',
    () => elb.describeLoadBalancers({ PageSize: 0 }),
    'ValidationError',
    400,
    "1 validation error detected: Value '0' at 'pageSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
];

const withTheRightCode: readonly Case[] = [
  [
    'the same load balancer with other listeners',
    () => create('web'),
    'DuplicateLoadBalancerName',
    400,
    /different parameters/,
  ],
  ['an unknown policy type, created', () => policy('Nonsense', {}), 'PolicyTypeNotFound', 400, /Nonsense/],
  [
    'an unknown policy type, described',
    () => elb.describeLoadBalancerPolicyTypes({ PolicyTypeNames: ['Nonsense'] }),
    'PolicyTypeNotFound',
    400,
    /Nonsense/,
  ],
  [
    'a PROXY policy without its attribute',
    () => policy('ProxyProtocolPolicyType', {}),
    'InvalidConfigurationRequest',
    409,
    /requires the attribute ProxyProtocol/,
  ],
  [
    'a PROXY policy that is neither true nor false',
    () => policy('ProxyProtocolPolicyType', { ProxyProtocol: 'yes' }),
    'InvalidConfigurationRequest',
    409,
    /not a Boolean/,
  ],
  [
    'a PROXY policy with an attribute of another type',
    () => policy('ProxyProtocolPolicyType', { ProxyProtocol: 'true', CookieName: 'x' }),
    'InvalidConfigurationRequest',
    409,
    /CookieName/,
  ],
  [
    'a PROXY policy with its attribute twice',
    () =>
      elb.createLoadBalancerPolicy({
        ...proxyPolicy('web', 'twice'),
        PolicyAttributes: [
          { AttributeName: 'ProxyProtocol', AttributeValue: 'true' },
          { AttributeName: 'ProxyProtocol', AttributeValue: 'true' },
        ],
      }),
    'InvalidConfigurationRequest',
    409,
    /only once/,
  ],
  [
    'a back-end authentication policy that refers to nothing',
    () => policy('BackendServerAuthenticationPolicyType', { PublicKeyPolicyName: 'gone' }),
    'PolicyNotFound',
    400,
    /gone/,
  ],
  [
    'a back-end authentication policy that refers to a policy of another type',
    () => policy('BackendServerAuthenticationPolicyType', { PublicKeyPolicyName: 'proxy' }),
    'InvalidConfigurationRequest',
    409,
    /proxy is not a PublicKeyPolicyType/,
  ],
  [
    'an SSL policy that refers to an unknown preset',
    () => policy('SSLNegotiationPolicyType', { 'Reference-Security-Policy': 'ELBSecurityPolicy-1999' }),
    'InvalidConfigurationRequest',
    409,
    /ELBSecurityPolicy-1999/,
  ],
  [
    'an expiration period that is not a number',
    () => policy('LBCookieStickinessPolicyType', { CookieExpirationPeriod: 'soon' }),
    'InvalidConfigurationRequest',
    409,
    /not a Long/,
  ],
  [
    'a policy under the name of a preset',
    () => policy('SSLNegotiationPolicyType', { 'Protocol-TLSv1.2': 'true' }, 'ELBSecurityPolicy-2015-05'),
    'InvalidConfigurationRequest',
    409,
    /reserved/,
  ],
  [
    'policies for an instance port that is none',
    () =>
      elb.setLoadBalancerPoliciesForBackendServer({ ...web, InstancePort: 70000, PolicyNames: ['proxy'] }),
    'ValidationError',
    400,
    /'70000' at 'instancePort'/,
  ],
  [
    'an additional attribute that does not exist',
    () => modify({ AdditionalAttributes: [{ Key: 'elb.http.colour', Value: 'red' }] }),
    'LoadBalancerAttributeNotFound',
    400,
    /elb\.http\.colour/,
  ],
  [
    'an additional attribute with a value that it does not have',
    () => modify({ AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'off' }] }),
    'InvalidConfigurationRequest',
    409,
    /monitor, defensive, strictest/,
  ],
  [
    'an interval of the access log that is neither 5 nor 60',
    () => modify({ AccessLog: { Enabled: true, S3BucketName: 'logs', EmitInterval: 30 } }),
    'ValidationError',
    400,
    /accessLog\.emitInterval/,
  ],
  [
    'a negative period of stickiness',
    () => elb.createLBCookieStickinessPolicy({ ...web, PolicyName: 'past', CookieExpirationPeriod: -1 }),
    'ValidationError',
    400,
    /cookieExpirationPeriod/,
  ],
  [
    'a name that only asks, with characters that names cannot have',
    () => elb.describeLoadBalancers({ LoadBalancerNames: ['fake_load_balancer'] }),
    'ValidationError',
    400,
    'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
  ],
  [
    'a name with such characters, to be deleted',
    () => elb.deleteLoadBalancer({ LoadBalancerName: 'fake_load_balancer' }),
    'ValidationError',
    400,
    /letters, or digits or the dash/,
  ],
  [
    'no security group at all',
    () => elb.applySecurityGroupsToLoadBalancer({ ...web, SecurityGroups: [] }),
    'InvalidConfigurationRequest',
    409,
    /at least one/,
  ],
  [
    'a security group that does not exist',
    () => elb.applySecurityGroupsToLoadBalancer({ ...web, SecurityGroups: ['none'] }),
    'InvalidSecurityGroup',
    400,
    'One or more of the specified security groups do not exist.',
  ],
  [
    'a subnet that does not exist',
    () => elb.attachLoadBalancerToSubnets({ ...web, Subnets: ['none'] }),
    'SubnetNotFound',
    400,
    'One or more of the specified subnets do not exist.',
  ],
  [
    'the last zone, to be disabled',
    () => elb.disableAvailabilityZonesForLoadBalancer({ ...web, AvailabilityZones: ['us-east-1a'] }),
    'InvalidConfigurationRequest',
    409,
    /at least one/,
  ],
  [
    'a zone of another region',
    () => elb.enableAvailabilityZonesForLoadBalancer({ ...web, AvailabilityZones: ['eu-west-1a'] }),
    'ValidationError',
    400,
    /eu-west-1a/,
  ],
  [
    'a public key, set on an instance port',
    () => elb.setLoadBalancerPoliciesForBackendServer({ ...web, InstancePort: 8443, PolicyNames: ['key'] }),
    'InvalidConfigurationRequest',
    409,
    'key cannot be enabled',
  ],
  [
    'stickiness on a TCP listener',
    () => elb.setLoadBalancerPoliciesOfListener({ ...web, LoadBalancerPort: 443, PolicyNames: ['sticky'] }),
    'InvalidConfigurationRequest',
    409,
    'sticky cannot be enabled',
  ],
  [
    'ciphers on an HTTP listener',
    () => elb.setLoadBalancerPoliciesOfListener({ ...web, LoadBalancerPort: 80, PolicyNames: ['ciphers'] }),
    'InvalidConfigurationRequest',
    409,
    'ciphers cannot be enabled',
  ],
  [
    'policies of a listener that is not there',
    () => elb.setLoadBalancerPoliciesOfListener({ ...web, LoadBalancerPort: 4, PolicyNames: [] }),
    'ListenerNotFound',
    400,
    /port 4/,
  ],
  [
    'a certificate for a listener that is not there',
    () =>
      elb.setLoadBalancerListenerSSLCertificate({
        ...web,
        LoadBalancerPort: 4,
        SSLCertificateId: certificate,
      }),
    'ListenerNotFound',
    400,
    /port 4/,
  ],
  [
    'a certificate for a TCP listener',
    () =>
      elb.setLoadBalancerListenerSSLCertificate({
        ...web,
        LoadBalancerPort: 443,
        SSLCertificateId: certificate,
      }),
    'InvalidConfigurationRequest',
    409,
    /TCP/,
  ],
  [
    'a protocol that there is not',
    () => create('udp', { Listeners: [{ ...tcp(1), Protocol: 'UDP' }] }),
    'UnsupportedProtocol',
    400,
    /UDP/,
  ],
  [
    'an HTTP listener with a TCP back end',
    () => create('mixed', { Listeners: [{ ...tcp(1), Protocol: 'HTTP' }] }),
    'InvalidConfigurationRequest',
    409,
    /HTTP/,
  ],
  [
    'a secure and a plain back end on one instance port',
    () => create('mixed', { Listeners: [tcp(1, 9), { ...tcp(2, 9), InstanceProtocol: 'SSL' }] }),
    'InvalidConfigurationRequest',
    409,
    /Instance port 9/,
  ],
  [
    'an instance port of 65536',
    () => create('high', { Listeners: [tcp(1, 65536)] }),
    'ValidationError',
    400,
    /'listeners.1.member.instancePort'.*less than or equal to 65535/,
  ],
  [
    'a scheme that there is not',
    () => create('scheme', { Scheme: 'secret' }),
    'InvalidScheme',
    400,
    /secret/,
  ],
  [
    'a zone of another region',
    () => create('zone', { AvailabilityZones: ['eu-west-1a'] }),
    'ValidationError',
    400,
    /eu-west-1a/,
  ],
  [
    'a subnet that is none',
    () => create('net', { AvailabilityZones: undefined, Subnets: ['x'] }),
    'SubnetNotFound',
    400,
    /do not exist/,
  ],
  [
    'a security group that is none',
    () => create('net', { SecurityGroups: ['x'] }),
    'InvalidSecurityGroup',
    400,
    /do not exist/,
  ],
  ['a name that begins with a dash', () => create('-lb'), 'ValidationError', 400, /begin with a dash/],
  ['a name that ends with a dash', () => create('lb-'), 'ValidationError', 400, /end with a dash/],
  [
    'a timeout that is not less than the interval',
    () =>
      elb.configureHealthCheck({
        ...web,
        HealthCheck: { Target: 'TCP:80', ...health, Interval: 5, Timeout: 5 },
      }),
    'ValidationError',
    400,
    /timeout must be less than interval/,
  ],
  [
    'an interval of 301',
    () => elb.configureHealthCheck({ ...web, HealthCheck: { Target: 'TCP:80', ...health, Interval: 301 } }),
    'ValidationError',
    400,
    /'healthCheck.interval'.*300/,
  ],
  [
    'a health check of another protocol',
    () => elb.configureHealthCheck({ ...web, HealthCheck: { Target: 'UDP:80', ...health } }),
    'ValidationError',
    400,
    /must begin with one of/,
  ],
  [
    'tags of 21 load balancers',
    () => elb.describeTags({ LoadBalancerNames: Array.from({ length: 21 }, () => 'web') }),
    'ValidationError',
    400,
    /'loadBalancerNames'.*length less than or equal to 20/,
  ],
  [
    'tags of no load balancer',
    () => elb.describeTags({ LoadBalancerNames: [] }),
    'ValidationError',
    400,
    /length greater than or equal to 1/,
  ],
  [
    'a tag key twice',
    () =>
      elb.addTags({
        LoadBalancerNames: ['web'],
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      }),
    'DuplicateTagKeys',
    400,
    /a/,
  ],
  [
    'an eleventh tag',
    () =>
      elb.addTags({
        LoadBalancerNames: ['web'],
        Tags: Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' })),
      }),
    'TooManyTags',
    400,
    /10/,
  ],
  [
    "a tag in AWS's own name space",
    () => elb.addTags({ LoadBalancerNames: ['web'], Tags: [{ Key: 'aws:x', Value: '' }] }),
    'ValidationError',
    400,
    /aws:/,
  ],
  [
    'a tag key with a line feed',
    () => elb.addTags({ LoadBalancerNames: ['web'], Tags: [{ Key: 'a\nb', Value: '' }] }),
    'ValidationError',
    400,
    /'tags.1.member.key'/,
  ],
  [
    'an idle timeout of 3601',
    () =>
      elb.modifyLoadBalancerAttributes({
        ...web,
        LoadBalancerAttributes: { ConnectionSettings: { IdleTimeout: 3601 } },
      }),
    'ValidationError',
    400,
    /3600/,
  ],
  [
    'a marker that was never given out',
    () => elb.describeLoadBalancers({ Marker: 'nonsense' }),
    'ValidationError',
    400,
    /marker/i,
  ],
];

describe('is reported in the words of the real service', () => {
  it.each(inTheServicesOwnWords)('%s', async (_sentence, call, code, status, message) => {
    expect(await errorOf(call())).toEqual({ code, status, message });
  });
});

describe("is reported with the real service's code and status", () => {
  it.each(withTheRightCode)('%s', async (_sentence, call, code, status, message) => {
    const error = await errorOf(call());
    expect([error.code, error.status]).toEqual([code, status]);
    expect(error.message).toMatch(message);
  });
});

describe('a required parameter that is missing', () => {
  const required: readonly (readonly [action: string, others: string, name: string])[] = [
    ['CreateLoadBalancerPolicy', '', 'loadBalancerName'],
    ['CreateLoadBalancerPolicy', '&LoadBalancerName=web', 'policyName'],
    ['CreateLoadBalancerPolicy', '&LoadBalancerName=web&PolicyName=x', 'policyTypeName'],
    ['DeleteLoadBalancerPolicy', '&LoadBalancerName=web', 'policyName'],
    ['SetLoadBalancerPoliciesForBackendServer', '&LoadBalancerName=web', 'instancePort'],
    ['SetLoadBalancerPoliciesForBackendServer', '&LoadBalancerName=web&InstancePort=1', 'policyNames'],
    ['SetLoadBalancerPoliciesOfListener', '&LoadBalancerName=web&LoadBalancerPort=443', 'policyNames'],
    ['CreateLoadBalancer', '&LoadBalancerName=new', 'listeners'],
    ['CreateLoadBalancerListeners', '&LoadBalancerName=web', 'listeners'],
    ['DeleteLoadBalancerListeners', '&LoadBalancerName=web', 'loadBalancerPorts'],
    ['RegisterInstancesWithLoadBalancer', '&LoadBalancerName=web', 'instances'],
    ['DeregisterInstancesFromLoadBalancer', '&LoadBalancerName=web', 'instances'],
    ['ConfigureHealthCheck', '&LoadBalancerName=web', 'healthCheck'],
    ['ConfigureHealthCheck', '&LoadBalancerName=web&HealthCheck.Target=TCP:1', 'healthCheck.interval'],
    ['ModifyLoadBalancerAttributes', '&LoadBalancerName=web', 'loadBalancerAttributes'],
    ['DescribeInstanceHealth', '', 'loadBalancerName'],
    ['DescribeTags', '', 'loadBalancerNames'],
    ['AddTags', '&LoadBalancerNames.member.1=web', 'tags'],
    ['RemoveTags', '&LoadBalancerNames.member.1=web', 'tags'],
    ['DeleteLoadBalancer', '', 'loadBalancerName'],
  ];
  it.each(required)('%s%s names %s', async (action, others, name) => {
    const answer = await post(running.local.endpoint, `Action=${action}&Version=2012-06-01${others}`);
    expect([answer.status, answer.code, answer.message]).toEqual([
      400,
      'ValidationError',
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    ]);
  });
});

it('refuses the policy after the 98th', async () => {
  await create('full');
  for (let n = 0; n < 98; n++) await elb.createLoadBalancerPolicy(proxyPolicy('full', `p${n}`));
  const error = await errorOf(elb.createLoadBalancerPolicy(proxyPolicy('full', 'p98')));
  expect([error.code, error.status]).toEqual(['TooManyPolicies', 400]);
  await elb.createLoadBalancerPolicy(proxyPolicy('full', 'p97'));
});
