import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalElb, startLocal } from '../../src/local/index.js';
import { runAws } from './aws-cli.js';
import { findPeer } from './peer.js';

const path = findPeer('aws', 'apt-get install awscli, or pip install awscli');
const certificate = 'arn:aws:iam::123456789012:server-certificate/web';

let local: LocalElb;
beforeAll(async () => {
  local = await startLocal({ port: 0, dataPlane: false });
});
afterAll(() => local.close());

interface Result {
  readonly exitCode: number;
  readonly json: unknown;
  readonly error: string;
}

const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_PAGER: '',
};

async function aws(...args: readonly string[]): Promise<Result> {
  const all = [...args, '--endpoint-url', local.endpoint, '--output', 'json'];
  const { exitCode, stdout, stderr } = await runAws(path ?? '', all, { env });
  const json: unknown = exitCode === 0 && stdout.trim() !== '' ? JSON.parse(stdout) : undefined;
  return { exitCode, json, error: stderr.trim() };
}

const elb = (command: string, ...args: readonly string[]) => aws('elb', command, ...args);
const web = ['--load-balancer-name', 'web'] as const;

/** A call that has to succeed. */
async function ok(result: Promise<Result>): Promise<unknown> {
  const { exitCode, json, error } = await result;
  expect([exitCode, error]).toEqual([0, '']);
  return json;
}

const createPolicy = (name: string, type: string, attribute: string, value: string) =>
  elb(
    'create-load-balancer-policy',
    ...web,
    '--policy-name',
    name,
    '--policy-type-name',
    type,
    '--policy-attributes',
    `AttributeName=${attribute},AttributeValue=${value}`,
  );
const setBackend = (port: number, ...names: readonly string[]) =>
  elb(
    'set-load-balancer-policies-for-backend-server',
    ...web,
    '--instance-port',
    String(port),
    '--policy-names',
    ...(names.length > 0 ? names : ['[]']),
  );

describe.skipIf(path === undefined)('the AWS CLI', { timeout: 120_000 }, () => {
  it('sets the stage, sets policies and clears them, and reads all of it back', async () => {
    const created = await ok(
      elb(
        'create-load-balancer',
        ...web,
        '--listeners',
        'Protocol=TCP,LoadBalancerPort=443,InstanceProtocol=TCP,InstancePort=8443',
        '--availability-zones',
        'us-east-1a',
        'us-east-1b',
        '--tags',
        'Key=team,Value=edge',
      ),
    );
    expect(created).toEqual({ DNSName: expect.stringMatching(/^127\./) });

    await Promise.all([
      ok(
        elb(
          'create-load-balancer-listeners',
          ...web,
          '--listeners',
          `Protocol=SSL,LoadBalancerPort=8443,InstanceProtocol=TCP,InstancePort=9000,SSLCertificateId=${certificate}`,
          'Protocol=HTTP,LoadBalancerPort=80,InstanceProtocol=HTTP,InstancePort=8080',
        ),
      ),
      ok(createPolicy('EnableProxyProtocol', 'ProxyProtocolPolicyType', 'ProxyProtocol', 'true')),
      ok(createPolicy('key', 'PublicKeyPolicyType', 'PublicKey', 'MIGfMA0')),
      ok(
        elb(
          'create-lb-cookie-stickiness-policy',
          ...web,
          '--policy-name',
          'sticky',
          '--cookie-expiration-period',
          '60',
        ),
      ),
      ok(
        elb(
          'register-instances-with-load-balancer',
          ...web,
          '--instances',
          'i-12345678',
          'i-0123456789abcdef0',
        ),
      ),
      ok(elb('add-tags', '--load-balancer-names', 'web', '--tags', 'Key=stage,Value=test')),
      ok(
        elb(
          'configure-health-check',
          ...web,
          '--health-check',
          'Target=HTTP:8080/health,Interval=10,UnhealthyThreshold=2,HealthyThreshold=3,Timeout=4',
        ),
      ),
    ]);
    await ok(createPolicy('auth', 'BackendServerAuthenticationPolicyType', 'PublicKeyPolicyName', 'key'));
    await Promise.all([
      ok(setBackend(8443, 'auth', 'EnableProxyProtocol')),
      ok(setBackend(9000, 'EnableProxyProtocol')),
      ok(
        elb(
          'set-load-balancer-policies-of-listener',
          ...web,
          '--load-balancer-port',
          '80',
          '--policy-names',
          'sticky',
        ),
      ),
    ]);

    const [described, policies, types, tags, health, predefined, instances] = await Promise.all([
      ok(elb('describe-load-balancers', '--load-balancer-names', 'web')),
      ok(elb('describe-load-balancer-policies', ...web, '--policy-names', 'EnableProxyProtocol')),
      ok(elb('describe-load-balancer-policy-types')),
      ok(elb('describe-tags', '--load-balancer-names', 'web')),
      ok(elb('describe-instance-health', ...web)),
      ok(elb('describe-load-balancer-policies', '--query', 'PolicyDescriptions[].PolicyName')),
      ok(aws('ec2', 'describe-instances', '--instance-ids', 'i-12345678')),
    ]);
    expect(described).toMatchObject({
      LoadBalancerDescriptions: [
        {
          LoadBalancerName: 'web',
          ListenerDescriptions: [
            { Listener: { Protocol: 'TCP', LoadBalancerPort: 443, InstancePort: 8443 }, PolicyNames: [] },
            { Listener: { Protocol: 'SSL' }, PolicyNames: ['ELBSecurityPolicy-2016-08'] },
            { Listener: { Protocol: 'HTTP' }, PolicyNames: ['sticky'] },
          ],
          Policies: {
            AppCookieStickinessPolicies: [],
            LBCookieStickinessPolicies: [{ PolicyName: 'sticky', CookieExpirationPeriod: 60 }],
          },
          BackendServerDescriptions: [
            { InstancePort: 8443, PolicyNames: ['auth', 'EnableProxyProtocol'] },
            { InstancePort: 9000, PolicyNames: ['EnableProxyProtocol'] },
          ],
          HealthCheck: { Target: 'HTTP:8080/health', Interval: 10, Timeout: 4 },
          Scheme: 'internet-facing',
        },
      ],
    });
    expect(policies).toEqual({
      PolicyDescriptions: [
        {
          PolicyName: 'EnableProxyProtocol',
          PolicyTypeName: 'ProxyProtocolPolicyType',
          PolicyAttributeDescriptions: [{ AttributeName: 'ProxyProtocol', AttributeValue: 'true' }],
        },
      ],
    });
    expect(types).toMatchObject({ PolicyTypeDescriptions: { length: 6 } });
    expect(tags).toEqual({
      TagDescriptions: [
        {
          LoadBalancerName: 'web',
          Tags: [
            { Key: 'team', Value: 'edge' },
            { Key: 'stage', Value: 'test' },
          ],
        },
      ],
    });
    expect(health).toMatchObject({ InstanceStates: [{ State: 'InService' }, { State: 'InService' }] });
    expect(predefined).toContain('ELBSecurityPolicy-2016-08');
    expect(instances).toMatchObject({
      Reservations: [{ Instances: [{ InstanceId: 'i-12345678', PrivateIpAddress: '127.0.0.1' }] }],
    });
  });

  const refused: readonly (readonly [
    sentence: string,
    call: () => Promise<Result>,
    code: string,
    operation: string,
    message: string,
  ])[] = [
    [
      'an unknown load balancer',
      () => elb('describe-load-balancers', '--load-balancer-names', 'gone'),
      'LoadBalancerNotFound',
      'DescribeLoadBalancers',
      "There is no ACTIVE Load Balancer named 'gone'",
    ],
    [
      'an unknown policy',
      () => setBackend(8443, 'TFEnableProxyProtocol'),
      'PolicyNotFound',
      'SetLoadBalancerPoliciesForBackendServer',
      'There is no policy with name TFEnableProxyProtocol for load balancer web',
    ],
    [
      'another policy under a taken name',
      () => createPolicy('EnableProxyProtocol', 'ProxyProtocolPolicyType', 'ProxyProtocol', 'false'),
      'DuplicatePolicyName',
      'CreateLoadBalancerPolicy',
      'Policy Name [EnableProxyProtocol] already exists.',
    ],
    [
      'an SSL policy on an instance port',
      () => setBackend(8443, 'ELBSecurityPolicy-2016-08'),
      'InvalidConfigurationRequest',
      'SetLoadBalancerPoliciesForBackendServer',
      'ELBSecurityPolicy-2016-08 cannot be enabled',
    ],
    [
      'a PROXY policy on a listener',
      () =>
        elb(
          'set-load-balancer-policies-of-listener',
          ...web,
          '--load-balancer-port',
          '443',
          '--policy-names',
          'EnableProxyProtocol',
        ),
      'InvalidConfigurationRequest',
      'SetLoadBalancerPoliciesOfListener',
      'EnableProxyProtocol cannot be enabled',
    ],
    [
      'deleting a policy in use',
      () => elb('delete-load-balancer-policy', ...web, '--policy-name', 'EnableProxyProtocol'),
      'InvalidConfigurationRequest',
      'DeleteLoadBalancerPolicy',
      'You cannot delete policy [EnableProxyProtocol] since it is enabled or referred by other enabled policy.',
    ],
    [
      'a policy name with an underscore',
      () => createPolicy('my_policy', 'ProxyProtocolPolicyType', 'ProxyProtocol', 'true'),
      'ValidationError',
      'CreateLoadBalancerPolicy',
      'Policy name cannot contain characters that are not letters, or digits or the dash.',
    ],
    ...(
      [
        [
          'a load balancer name with an underscore',
          'my_lb',
          ['--availability-zones', 'us-east-1a'],
          'ValidationError',
          'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
        ],
        [
          'a load balancer name that is too long',
          'a'.repeat(33),
          ['--availability-zones', 'us-east-1a'],
          'ValidationError',
          'LoadBalancer name cannot be longer than 32 characters',
        ],
        [
          'subnets and zones at once',
          'both',
          ['--availability-zones', 'us-east-1a', '--subnets', 'subnet-12345678'],
          'ValidationError',
          'Only one of SubnetIds or AvailabilityZones may be specified',
        ],
        [
          'a zone that takes none',
          'zone',
          ['--availability-zones', 'us-east-1f'],
          'InvalidConfigurationRequest',
          "Classic Load Balancers do not support Availability Zone 'us-east-1f'.",
        ],
      ] as const
    ).map(
      ([sentence, name, where, code, message]) =>
        [
          sentence,
          () =>
            elb(
              'create-load-balancer',
              '--load-balancer-name',
              name,
              '--listeners',
              'Protocol=TCP,LoadBalancerPort=1,InstanceProtocol=TCP,InstancePort=1',
              ...where,
            ),
          code,
          'CreateLoadBalancer',
          message,
        ] as const,
    ),
    [
      'an action of the other ELB API that is not served',
      () => aws('elbv2', 'describe-ssl-policies'),
      'InvalidAction',
      'DescribeSSLPolicies',
      'Could not find operation DescribeSSLPolicies for version 2015-12-01',
    ],
  ];

  it('learns who it is', async () => {
    expect(await ok(aws('sts', 'get-caller-identity'))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/local',
    });
  });

  it('gets each error in the words of the real service', async () => {
    const results = await Promise.all(
      refused.map(async ([sentence, call]) => [sentence, await call()] as const),
    );
    const told = results.map(([sentence, { exitCode, error }]) => [
      sentence,
      exitCode !== 0,
      lastLine(error),
    ]);
    const expected = refused.map(([sentence, , code, operation, message]) => [
      sentence,
      true,
      `An error occurred (${code}) when calling the ${operation} operation: ${message}`,
    ]);
    expect(told).toEqual(expected);
  });

  it('clears, deletes and finds nothing left', async () => {
    await Promise.all([ok(setBackend(8443)), ok(setBackend(9000, 'EnableProxyProtocol'))]);
    await ok(setBackend(9000));
    await ok(elb('delete-load-balancer-policy', ...web, '--policy-name', 'EnableProxyProtocol'));
    await Promise.all([
      ok(elb('delete-load-balancer-listeners', ...web, '--load-balancer-ports', '80', '8443')),
      ok(elb('remove-tags', '--load-balancer-names', 'web', '--tags', 'team')),
      ok(elb('deregister-instances-from-load-balancer', ...web, '--instances', 'i-12345678')),
    ]);
    expect(local.loadBalancers()).toMatchObject([
      {
        backendPolicies: [],
        listeners: [{ loadBalancerPort: 443 }],
        tags: [{ key: 'stage' }],
        instances: ['i-0123456789abcdef0'],
      },
    ]);
    await ok(elb('delete-load-balancer', ...web));
    expect(await ok(elb('describe-load-balancers'))).toEqual({ LoadBalancerDescriptions: [] });
  });
});

/** The CLI's error line; version 2 may put an empty line or an extra hint around it. */
const lastLine = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.includes('An error occurred'))
    ?.replace(/^.*?(?=An error occurred)/, '') ?? text;
