import { describe, expect, test } from 'vitest';
import { instanceStateOf, loadBalancerOf, policyOf, tagOf } from '../../src/aws/mapping.js';

describe('a load balancer', () => {
  test('is mapped whole', () => {
    expect(
      loadBalancerOf(
        {
          LoadBalancerName: 'web',
          DNSName: 'web-1.us-east-1.elb.amazonaws.com',
          CreatedTime: new Date('2020-01-02T03:04:05.678Z'),
          Scheme: 'internet-facing',
          VPCId: 'vpc-1',
          SourceSecurityGroup: { OwnerAlias: '123456789012', GroupName: 'default' },
          ListenerDescriptions: [
            {
              Listener: {
                Protocol: 'ssl',
                LoadBalancerPort: 443,
                InstanceProtocol: 'tcp',
                InstancePort: 8443,
              },
              PolicyNames: ['tls'],
            },
          ],
          BackendServerDescriptions: [{ InstancePort: 8443, PolicyNames: ['a', 'b'] }],
          HealthCheck: {
            Target: 'TCP:8443',
            Interval: 30,
            Timeout: 5,
            UnhealthyThreshold: 2,
            HealthyThreshold: 10,
          },
          Instances: [{ InstanceId: 'i-1' }, {}],
        },
        'us-east-1',
      ),
    ).toEqual({
      name: 'web',
      region: 'us-east-1',
      accountId: '123456789012',
      dnsName: 'web-1.us-east-1.elb.amazonaws.com',
      createdTime: '2020-01-02T03:04:05.678Z',
      scheme: 'internet-facing',
      vpcId: 'vpc-1',
      listeners: [
        {
          protocol: 'SSL',
          loadBalancerPort: 443,
          instanceProtocol: 'TCP',
          instancePort: 8443,
          policyNames: ['tls'],
        },
      ],
      backendServers: [{ instancePort: 8443, policyNames: ['a', 'b'] }],
      healthCheck: {
        target: 'TCP:8443',
        interval: 30,
        timeout: 5,
        unhealthyThreshold: 2,
        healthyThreshold: 10,
      },
      instanceIds: ['i-1'],
    });
  });

  test('a load balancer with nothing but a name is mapped to absent parts, and says of the lists that they are not known', () => {
    expect(loadBalancerOf({ LoadBalancerName: 'web' }, 'r')).toEqual({
      name: 'web',
      region: 'r',
      listeners: [],
      backendServers: [],
      missing: [{ field: 'ListenerDescriptions' }, { field: 'BackendServerDescriptions' }],
    });
  });

  test.each([
    [
      'an entry without its port',
      [{ PolicyNames: ['a'] }],
      { field: 'BackendServerDescriptions[].InstancePort' },
    ],
    [
      'an entry without its names',
      [{ InstancePort: 80 }],
      { field: 'BackendServerDescriptions[80].PolicyNames', instancePort: 80 },
    ],
  ])('says of %s what is not known', (_, BackendServerDescriptions, missing) => {
    const found = loadBalancerOf(
      { LoadBalancerName: 'a', ListenerDescriptions: [], BackendServerDescriptions },
      'r',
    );
    expect(found?.missing).toEqual([missing]);
  });

  test('a load balancer without a name is left out', () => {
    expect(loadBalancerOf({ DNSName: 'x' }, 'r')).toBeUndefined();
  });

  test('distinguishes "no instances" from "instances not given"', () => {
    expect(loadBalancerOf({ LoadBalancerName: 'a', Instances: [] }, 'r')?.instanceIds).toEqual([]);
    expect(loadBalancerOf({ LoadBalancerName: 'a' }, 'r')?.instanceIds).toBeUndefined();
  });

  test('takes empty elements, an empty health check and an impossible date as absent', () => {
    expect(
      loadBalancerOf(
        {
          LoadBalancerName: 'a',
          ListenerDescriptions: [],
          BackendServerDescriptions: [],
          VPCId: '',
          Scheme: '',
          HealthCheck: { Target: '', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 2 },
          SourceSecurityGroup: {},
          CreatedTime: new Date(Number.NaN),
        },
        'r',
      ),
    ).toEqual({ name: 'a', region: 'r', listeners: [], backendServers: [] });
  });

  test('has the listener’s own protocol on the instance side where the service names none', () => {
    const listeners = loadBalancerOf(
      {
        LoadBalancerName: 'a',
        ListenerDescriptions: [
          { Listener: { Protocol: 'Ssl', LoadBalancerPort: 1, InstancePort: 2 } },
          { PolicyNames: ['x'] },
          { Listener: { Protocol: 'TCP', LoadBalancerPort: undefined, InstancePort: 2 } },
        ],
      },
      'r',
    )?.listeners;
    expect(listeners).toEqual([
      { protocol: 'SSL', loadBalancerPort: 1, instanceProtocol: 'SSL', instancePort: 2, policyNames: [] },
    ]);
  });

  test('lists only ports that have policies, each once, in the order and with the order given', () => {
    const servers = loadBalancerOf(
      {
        LoadBalancerName: 'a',
        BackendServerDescriptions: [
          { InstancePort: 90, PolicyNames: ['b', 'a'] },
          { InstancePort: 80, PolicyNames: [] },
          { InstancePort: 81 },
          { InstancePort: 90, PolicyNames: ['a', 'c'] },
          { PolicyNames: ['z'] },
          { InstancePort: 70, PolicyNames: ['d'] },
        ],
      },
      'r',
    )?.backendServers;
    expect(servers).toEqual([
      { instancePort: 90, policyNames: ['b', 'a', 'c'] },
      { instancePort: 70, policyNames: ['d'] },
    ]);
  });
});

test('a policy keeps its type and attributes as they come, several of one name included', () => {
  expect(
    policyOf({
      PolicyName: 'p',
      PolicyTypeName: 'PublicKeyPolicyType',
      PolicyAttributeDescriptions: [
        { AttributeName: 'ProxyProtocol', AttributeValue: 'True' },
        { AttributeName: 'ProxyProtocol' },
        { AttributeValue: 'x' },
      ],
    }),
  ).toEqual({
    name: 'p',
    type: 'PublicKeyPolicyType',
    attributes: [
      { name: 'ProxyProtocol', value: 'True' },
      { name: 'ProxyProtocol', value: '' },
    ],
  });
  expect(policyOf({ PolicyName: 'bare' })).toEqual({
    name: 'bare',
    type: '',
    attributes: [],
    missing: 'PolicyTypeName',
  });
  const proxy = { PolicyName: 'p', PolicyTypeName: 'ProxyProtocolPolicyType' };
  expect(policyOf(proxy)?.missing).toBe('PolicyAttributeDescriptions');
  expect(policyOf({ ...proxy, PolicyAttributeDescriptions: [] })?.missing).toBeUndefined();
  expect(policyOf({ PolicyTypeName: 'x' })).toBeUndefined();
});

test('an instance’s state is Unknown where the service names none', () => {
  expect(
    instanceStateOf({ InstanceId: 'i-1', State: 'InService', ReasonCode: 'N/A', Description: 'N/A' }),
  ).toEqual({
    instanceId: 'i-1',
    state: 'InService',
    reasonCode: 'N/A',
    description: 'N/A',
  });
  expect(instanceStateOf({ InstanceId: 'i-1' })).toEqual({ instanceId: 'i-1', state: 'Unknown' });
  expect(instanceStateOf({ State: 'InService' })).toBeUndefined();
});

test('a tag without a value has the empty value', () => {
  expect(tagOf({ Key: 'team' })).toEqual({ key: 'team', value: '' });
});
