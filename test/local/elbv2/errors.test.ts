import { describe, expect, it } from 'vitest';
import { errorOf } from '../clients.js';
import { clientV2, type RunningV2, startV2, vpc } from './stage.js';

const arn = (resource: string, region = 'us-east-1') =>
  `arn:aws:elasticloadbalancing:${region}:123456789012:${resource}`;
const gone = {
  group: arn('targetgroup/gone/0123456789abcdef'),
  balancer: arn('loadbalancer/net/gone/0123456789abcdef'),
  listener: arn('listener/net/gone/0123456789abcdef/0123456789abcdef'),
  rule: arn('listener-rule/net/gone/0123456789abcdef/0123456789abcdef/0123456789abcdef'),
};

type Call = (running: RunningV2) => Promise<unknown>;

describe("what is not there is refused in the service's words", () => {
  it.each<readonly [string, Call, string, string]>([
    [
      'a load balancer by its name',
      ({ v2 }) => v2.describeLoadBalancers({ Names: ['gone'] }),
      'LoadBalancerNotFound',
      'One or more load balancers not found',
    ],
    [
      'a load balancer by its ARN',
      ({ v2 }) => v2.describeLoadBalancers({ LoadBalancerArns: [gone.balancer] }),
      'LoadBalancerNotFound',
      'One or more load balancers not found',
    ],
    [
      'the groups of a load balancer',
      ({ v2 }) => v2.describeTargetGroups({ LoadBalancerArn: gone.balancer }),
      'LoadBalancerNotFound',
      'One or more load balancers not found',
    ],
    [
      'a group by its name',
      ({ v2 }) => v2.describeTargetGroups({ Names: ['gone'] }),
      'TargetGroupNotFound',
      'One or more target groups not found',
    ],
    [
      "a group's attributes",
      ({ v2 }) => v2.describeTargetGroupAttributes({ TargetGroupArn: gone.group }),
      'TargetGroupNotFound',
      'One or more target groups not found',
    ],
    [
      'a group to modify',
      ({ v2 }) =>
        v2.modifyTargetGroupAttributes({
          TargetGroupArn: gone.group,
          Attributes: [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }],
        }),
      'TargetGroupNotFound',
      'One or more target groups not found',
    ],
    [
      "a group's health",
      ({ v2 }) => v2.describeTargetHealth({ TargetGroupArn: gone.group }),
      'TargetGroupNotFound',
      'One or more target groups not found',
    ],
    [
      'a listener',
      ({ v2 }) => v2.deleteListener({ ListenerArn: gone.listener }),
      'ListenerNotFound',
      'One or more listeners not found',
    ],
    [
      'a rule',
      ({ v2 }) => v2.describeRules({ RuleArns: [gone.rule] }),
      'RuleNotFound',
      'One or more rules not found',
    ],
    [
      "text for a group's ARN",
      ({ v2 }) => v2.describeTargetGroupAttributes({ TargetGroupArn: 'web' }),
      'ValidationError',
      "'web' is not a valid target group ARN",
    ],
    [
      "a group's ARN for a load balancer's",
      ({ v2 }) => v2.describeListeners({ LoadBalancerArn: gone.group }),
      'ValidationError',
      `'${gone.group}' is not a valid load balancer ARN`,
    ],
    [
      'neither a load balancer nor listeners',
      ({ v2 }) => v2.describeListeners({}),
      'ValidationError',
      'You must specify either listener ARNs or a load balancer ARN',
    ],
  ])('%s', async (_sentence, call, code, message) => {
    await using running = await startV2();
    expect(await errorOf(call(running))).toEqual({ code, status: 400, message });
  });

  it('an ARN of another region or account', async () => {
    await using running = await startV2();
    const group = await running.group('web');
    const paris = clientV2(running.local.endpoint, 'eu-west-3');
    const attributes = (TargetGroupArn: string) => paris.describeTargetGroupAttributes({ TargetGroupArn });
    expect(await errorOf(attributes(group))).toMatchObject({ code: 'TargetGroupNotFound' });
    expect(await errorOf(attributes(group.replace('us-east-1', 'eu-west-3')))).toMatchObject({
      code: 'TargetGroupNotFound',
    });
    paris.destroy();
    const other = group.replace('123456789012', '210987654321');
    expect(await errorOf(running.v2.describeTargetGroupAttributes({ TargetGroupArn: other }))).toMatchObject({
      code: 'TargetGroupNotFound',
    });
  });
});

describe('what cannot be made is refused, and nothing has changed', () => {
  it.each<readonly [string, Call, string, RegExp]>([
    [
      'a load balancer without subnets',
      ({ network }) => network('x', { Subnets: [] }),
      'ValidationError',
      /^At least one subnet must be specified$/,
    ],
    [
      'an ALB with one subnet',
      ({ network }) => network('x', { Type: 'application' }),
      'ValidationError',
      /^At least two subnets in two different Availability Zones must be specified$/,
    ],
    ['a subnet that is none', ({ network }) => network('x', { Subnets: ['net'] }), 'SubnetNotFound', /./],
    [
      'a type that there is not',
      ({ network }) => network('x', { Type: 'classic' }),
      'ValidationError',
      /enum/,
    ],
    ['a name with a dot', ({ network }) => network('x.y'), 'ValidationError', /alphanumeric/],
    ['a name of 33 characters', ({ group }) => group('x'.repeat(33)), 'ValidationError', /longer than '32'/],
    ['a name that begins with a hyphen', ({ group }) => group('-x'), 'ValidationError', /begin or end/],
    [
      'a name that AWS keeps for itself',
      ({ network }) => network('internal-x'),
      'ValidationError',
      /'internal-'/,
    ],
    [
      'a name that is taken',
      async ({ network }) => {
        await network('x');
        await network('x', { Scheme: 'internal' });
      },
      'DuplicateLoadBalancerName',
      /^A load balancer with the same name 'x' exists, but with different settings$/,
    ],
    [
      "a group's name that is taken",
      async ({ group }) => {
        await group('x');
        await group('x', { Port: 80 });
      },
      'DuplicateTargetGroupName',
      /^A target group with the same name 'x' exists, but with different settings$/,
    ],
    ['a group without a VPC', ({ group }) => group('x', { VpcId: undefined }), 'ValidationError', /VPC/],
    ['a group without a port', ({ group }) => group('x', { Port: undefined }), 'ValidationError', /port/],
    [
      'a protocol that there is not',
      ({ group }) => group('x', { Protocol: 'SSL' }),
      'ValidationError',
      /enum/,
    ],
    [
      'an alb group that is not TCP',
      ({ group }) => group('x', { TargetType: 'alb', Protocol: 'TLS' }),
      'ValidationError',
      /must be 'TCP'/,
    ],
    [
      'a health check by UDP',
      ({ group }) => group('x', { HealthCheckProtocol: 'UDP' }),
      'ValidationError',
      /must be one of 'HTTP, HTTPS, TCP'/,
    ],
    [
      'a path for a TCP check',
      ({ group }) => group('x', { HealthCheckPath: '/' }),
      'InvalidConfigurationRequest',
      /path/,
    ],
    [
      'an interval of 4 seconds',
      ({ group }) => group('x', { HealthCheckIntervalSeconds: 4 }),
      'ValidationError',
      /greater than or equal to 5/,
    ],
    [
      'a timeout beyond the interval',
      ({ group }) => group('x', { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 11 }),
      'ValidationError',
      /^Health check interval must be greater than the timeout\.$/,
    ],
    [
      'a matcher beyond 599',
      ({ group }) => group('x', { HealthCheckProtocol: 'HTTP', Matcher: { HttpCode: '200-600' } }),
      'ValidationError',
      /'200-599'/,
    ],
    [
      "a health check's port that is none",
      ({ group }) => group('x', { HealthCheckPort: '0' }),
      'ValidationError',
      /traffic-port/,
    ],
    [
      'a check that is off',
      ({ group }) => group('x', { HealthCheckEnabled: false }),
      'InvalidConfigurationRequest',
      /cannot be disabled/,
    ],
  ])('%s', async (_sentence, call, code, message) => {
    await using running = await startV2();
    const error = await errorOf(call(running));
    expect(error).toMatchObject({ code, status: 400 });
    expect(error.message).toMatch(message);
  });

  it('but for a short interval alone, which brings a timeout that fits', async () => {
    await using running = await startV2();
    const checkOf = async (TargetGroupArn: string) => {
      const { TargetGroups } = await running.v2.describeTargetGroups({ TargetGroupArns: [TargetGroupArn] });
      const [found] = TargetGroups ?? [];
      return [found?.HealthCheckIntervalSeconds, found?.HealthCheckTimeoutSeconds];
    };
    expect(await checkOf(await running.group('usual', { HealthCheckIntervalSeconds: 10 }))).toEqual([10, 10]);
    expect(await checkOf(await running.group('short', { HealthCheckIntervalSeconds: 5 }))).toEqual([5, 5]);
  });

  it('a sixth group, a group that is named twice, a weight of 1,000', async () => {
    await using running = await startV2();
    const { v2, group, network } = running;
    const LoadBalancerArn = await network('edge');
    const arns = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => group(`g-${n}`)));
    const create = (TargetGroups: { TargetGroupArn: string; Weight?: number }[]) =>
      v2.createListener({
        LoadBalancerArn,
        Protocol: 'TCP',
        Port: 443,
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
      });
    const [first = ''] = arns;
    expect(await errorOf(create(arns.map((TargetGroupArn) => ({ TargetGroupArn }))))).toMatchObject({
      code: 'TooManyTargets',
    });
    for (const groups of [
      [{ TargetGroupArn: first }, { TargetGroupArn: first }],
      [{ TargetGroupArn: first, Weight: 1000 }],
    ]) {
      expect(await errorOf(create(groups))).toMatchObject({ code: 'ValidationError', status: 400 });
    }
    expect(running.local.elbv2().listeners).toEqual([]);
  });
});

describe('attributes', () => {
  it.each([
    ['TCP', {}, { preserve: 'true', cut: 'true' }],
    ['TCP to addresses', { TargetType: 'ip' }, { preserve: 'false', cut: 'true' }],
    ['UDP', { Protocol: 'UDP' }, { preserve: 'true', cut: 'false' }],
    ['UDP to addresses', { Protocol: 'UDP', TargetType: 'ip' }, { preserve: 'true', cut: 'false' }],
    ['QUIC', { Protocol: 'QUIC' }, { preserve: 'true', cut: 'false' }],
  ])("have AWS's defaults for a group of %s", async (_sentence, of, { preserve, cut }) => {
    await using running = await startV2();
    expect(await running.attributesOf(await running.group('web', of))).toMatchObject({
      'proxy_protocol_v2.enabled': 'false',
      'preserve_client_ip.enabled': preserve,
      'target_health_state.unhealthy.connection_termination.enabled': cut,
      'deregistration_delay.timeout_seconds': '300',
      'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    });
  });

  it('do not include the PROXY protocol for a group of another kind of load balancer', async () => {
    await using running = await startV2();
    const { v2, group, attributesOf } = running;
    const http = await group('http', { Protocol: 'HTTP', Port: 80 });
    expect(await attributesOf(http)).not.toHaveProperty(['proxy_protocol_v2.enabled']);
    const alb = await group('alb', { TargetType: 'alb' });
    const Attributes = [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }];
    for (const TargetGroupArn of [http, alb]) {
      expect(await errorOf(v2.modifyTargetGroupAttributes({ TargetGroupArn, Attributes }))).toMatchObject({
        code: 'InvalidConfigurationRequest',
        status: 400,
      });
    }
  });

  it('are changed one by one, and all others stay', async () => {
    await using running = await startV2();
    const TargetGroupArn = await running.group('web');
    const set = (Key: string, Value: string) =>
      running.v2.modifyTargetGroupAttributes({ TargetGroupArn, Attributes: [{ Key, Value }] });
    await set('deregistration_delay.timeout_seconds', '10');
    const { Attributes = [] } = await set('proxy_protocol_v2.enabled', 'true');
    const after = await running.attributesOf(TargetGroupArn);
    expect(after).toMatchObject({
      'deregistration_delay.timeout_seconds': '10',
      'proxy_protocol_v2.enabled': 'true',
      'preserve_client_ip.enabled': 'true',
    });
    expect(Object.fromEntries(Attributes.map(({ Key = '', Value }) => [Key, Value]))).toEqual(after);
  });

  it.each([
    ['proxy_protocol_v2.enabled', 'yes'],
    ['proxy_protocol_v2.enabled', 'True'],
    ['proxy_protocol_v2.enabled', ''],
    ['proxy_protocol_v2.enable', 'true'],
    ['deregistration_delay.timeout_seconds', '3601'],
    ['deregistration_delay.timeout_seconds', '-1'],
    ['load_balancing.cross_zone.enabled', 'maybe'],
    ['stickiness.type', 'lb_cookie'],
    ['proxy_protocol_v2.client_to_server.header_placement', 'never'],
  ])('%s is not %j: nothing of the call is done', async (Key, Value) => {
    await using running = await startV2();
    const TargetGroupArn = await running.group('web');
    const before = running.local.elbv2();
    const Attributes = [
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key, Value },
    ];
    expect(
      await errorOf(running.v2.modifyTargetGroupAttributes({ TargetGroupArn, Attributes })),
    ).toMatchObject({ code: 'InvalidConfigurationRequest', status: 400 });
    expect(running.local.elbv2()).toBe(before);
  });

  it('client IP preservation stays on for UDP', async () => {
    await using running = await startV2();
    const TargetGroupArn = await running.group('dns', { Protocol: 'UDP', Port: 53 });
    const Attributes = [{ Key: 'preserve_client_ip.enabled', Value: 'false' }];
    expect(
      await errorOf(running.v2.modifyTargetGroupAttributes({ TargetGroupArn, Attributes })),
    ).toMatchObject({ code: 'InvalidConfigurationRequest' });
  });

  it("the header's placement can be set, and is never listed", async () => {
    await using running = await startV2();
    const TargetGroupArn = await running.group('web');
    const Key = 'proxy_protocol_v2.client_to_server.header_placement';
    const { Attributes } = await running.v2.modifyTargetGroupAttributes({
      TargetGroupArn,
      Attributes: [{ Key, Value: 'on_first_ack' }],
    });
    expect(JSON.stringify(Attributes)).not.toContain('header_placement');
    expect(await running.attributesOf(TargetGroupArn)).not.toHaveProperty([Key]);
  });

  it('exist for load balancers and listeners, too', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const LoadBalancerArn = await network('edge');
    const ListenerArn = await listener(LoadBalancerArn, 443, [await group('web')]);
    const one = { Key: 'load_balancing.cross_zone.enabled', Value: 'true' };
    await v2.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: [one] });
    const { Attributes } = await v2.describeLoadBalancerAttributes({ LoadBalancerArn });
    expect(Attributes).toContainEqual(one);
    const other = { Key: 'idle_timeout.timeout_seconds', Value: '60' };
    expect(
      await errorOf(v2.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: [other] })),
    ).toMatchObject({ code: 'InvalidConfigurationRequest' });
    const idle = { Key: 'tcp.idle_timeout.seconds', Value: '60' };
    await v2.modifyListenerAttributes({ ListenerArn, Attributes: [idle] });
    expect((await v2.describeListenerAttributes({ ListenerArn })).Attributes).toEqual([idle]);
  });
});

it('a group for Lambda functions has neither a port nor a VPC', async () => {
  await using running = await startV2();
  const { v2 } = running;
  const { TargetGroups } = await v2.createTargetGroup({ Name: 'fn', TargetType: 'lambda' });
  expect(TargetGroups?.[0]).toMatchObject({ TargetType: 'lambda', HealthCheckEnabled: false });
  expect(TargetGroups?.[0]).not.toHaveProperty('Protocol');
  expect(await errorOf(v2.createTargetGroup({ Name: 'g', TargetType: 'lambda', VpcId: vpc }))).toMatchObject({
    code: 'ValidationError',
  });
});
