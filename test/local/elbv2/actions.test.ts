import { describe, expect, it } from 'vitest';
import { startV2, vpc } from './stage.js';

const id = 'i-0123456789abcdef0';
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/web';

describe('a Network Load Balancer', () => {
  it('is created, described with its listeners and groups, and deleted with its listeners', async () => {
    await using running = await startV2({ clock: () => new Date('2026-11-29T10:00:00Z') });
    const { v2, group, network, listener } = running;
    const LoadBalancerArn = await network('edge');
    const web = await group('web');
    expect(LoadBalancerArn).toMatch(
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/net\/edge\/[0-9a-f]{16}$/,
    );
    expect(web).toMatch(
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup\/web\/[0-9a-f]{16}$/,
    );
    const ListenerArn = await listener(LoadBalancerArn, 443, [web]);
    expect(ListenerArn).toMatch(
      new RegExp(`^${LoadBalancerArn.replace(':loadbalancer/', ':listener/')}/[0-9a-f]{16}$`),
    );

    expect(await v2.describeLoadBalancers({ Names: ['edge'] })).toMatchObject({
      LoadBalancers: [
        {
          LoadBalancerArn,
          DNSName: expect.stringMatching(/^127\./),
          CreatedTime: new Date('2026-11-29T10:00:00Z'),
          Scheme: 'internet-facing',
          State: { Code: 'active' },
          Type: 'network',
          IpAddressType: 'ipv4',
          AvailabilityZones: [{ ZoneName: 'us-east-1a', SubnetId: 'subnet-1' }],
        },
      ],
    });
    expect(await v2.describeTargetGroups({ LoadBalancerArn })).toMatchObject({
      TargetGroups: [
        {
          TargetGroupArn: web,
          TargetGroupName: 'web',
          Protocol: 'TCP',
          Port: 8443,
          VpcId: vpc,
          TargetType: 'instance',
          IpAddressType: 'ipv4',
          HealthCheckProtocol: 'TCP',
          HealthCheckPort: 'traffic-port',
          HealthCheckEnabled: true,
          HealthCheckIntervalSeconds: 30,
          HealthCheckTimeoutSeconds: 10,
          HealthyThresholdCount: 5,
          UnhealthyThresholdCount: 2,
          LoadBalancerArns: [LoadBalancerArn],
        },
      ],
    });
    const forward = { Type: 'forward', TargetGroupArn: web };
    const { Listeners } = await v2.describeListeners({ LoadBalancerArn });
    expect(Listeners).toMatchObject([
      { ListenerArn, LoadBalancerArn, Port: 443, Protocol: 'TCP', DefaultActions: [forward] },
    ]);
    expect(Listeners?.[0]).not.toHaveProperty('SslPolicy');
    expect(await v2.describeRules({ ListenerArn })).toMatchObject({
      Rules: [{ IsDefault: true, Priority: 'default', Conditions: [], Actions: [forward] }],
    });

    await v2.deleteLoadBalancer({ LoadBalancerArn });
    await v2.deleteLoadBalancer({ LoadBalancerArn });
    await v2.deleteTargetGroup({ TargetGroupArn: web });
    await v2.deleteTargetGroup({ TargetGroupArn: web });
    expect(running.local.elbv2()).toMatchObject({ loadBalancers: [], listeners: [], targetGroups: [] });
  });

  it('has another ARN if it is recreated under its name, and so has a group', async () => {
    await using running = await startV2();
    const { v2, group, network } = running;
    const first = [await network('edge'), await group('web')];
    await v2.deleteLoadBalancer({ LoadBalancerArn: first[0] });
    await v2.deleteTargetGroup({ TargetGroupArn: first[1] });
    expect([await network('edge'), await group('web')]).not.toEqual(first);
  });

  it('the same again changes nothing: load balancer, group, listener, target', async () => {
    await using running = await startV2();
    const { v2, local, group, network, listener } = running;
    const make = async () => {
      const arns = [await network('edge'), await group('web')] as const;
      await v2.registerTargets({ TargetGroupArn: arns[1], Targets: [{ Id: id }] });
      return [...arns, await listener(arns[0], 443, [arns[1]])];
    };
    const first = await make();
    const before = local.elbv2();
    expect(await make()).toEqual(first);
    expect(local.elbv2()).toBe(before);
  });

  it('may have the name of a Classic Load Balancer, and an address of its own', async () => {
    await using running = await startV2({ seed: 'demo' });
    await running.network('web');
    const { LoadBalancers } = await running.v2.describeLoadBalancers({ Names: ['web'] });
    const classic = running.local.loadBalancers().map(({ dnsName }) => dnsName);
    if (process.platform === 'linux') expect(classic).not.toContain(LoadBalancers?.[0]?.DNSName);
  });

  it('is not deleted while its deletion protection is on', async () => {
    await using running = await startV2();
    const LoadBalancerArn = await running.network('edge');
    const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'true' }];
    await running.v2.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes });
    await expect(running.v2.deleteLoadBalancer({ LoadBalancerArn })).rejects.toMatchObject({
      Code: 'OperationNotPermitted',
      message: `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
    });
  });
});

describe('a load balancer of another type', () => {
  it("is created with its type, application being the API's default", async () => {
    await using running = await startV2();
    const { v2 } = running;
    await v2.createLoadBalancer({ Name: 'alb', Subnets: ['subnet-1', 'subnet-2'] });
    await v2.createLoadBalancer({ Name: 'gwlb', Type: 'gateway', Subnets: ['subnet-1'] });
    const { LoadBalancers } = await v2.describeLoadBalancers({});
    expect(LoadBalancers).toMatchObject([
      { LoadBalancerArn: expect.stringContaining(':loadbalancer/app/alb/'), Type: 'application' },
      { LoadBalancerArn: expect.stringContaining(':loadbalancer/gwy/gwlb/'), Type: 'gateway' },
    ]);
  });

  it('forwards to groups of its own kind only', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const { LoadBalancers } = await v2.createLoadBalancer({ Name: 'alb', Subnets: ['subnet-1', 'subnet-2'] });
    const alb = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    const [http, tcp] = [await group('http', { Protocol: 'HTTP', Port: 80 }), await group('tcp')];
    await listener(alb, 80, [http], { Protocol: 'HTTP' });
    const other = await group('http-2', { Protocol: 'HTTP', Port: 80 });
    const nlb = await network('nlb');
    for (const call of [
      () => listener(alb, 81, [tcp], { Protocol: 'HTTP' }),
      () => listener(nlb, 80, [other]),
    ]) {
      await expect(call()).rejects.toMatchObject({ Code: 'InvalidConfigurationRequest' });
    }
    await expect(listener(alb, 82, [tcp])).rejects.toMatchObject({ Code: 'UnsupportedProtocol' });
  });
});

describe('a listener', () => {
  it('has a certificate, a security policy and an ALPN policy if it is for TLS', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const [edge, web] = [await network('edge'), await group('web')];
    const secure = { Protocol: 'TLS', Certificates: [{ CertificateArn: certificate }] };
    const ListenerArn = await listener(edge, 443, [web], { ...secure, AlpnPolicy: ['HTTP2Preferred'] });
    expect(await v2.describeListeners({ ListenerArns: [ListenerArn] })).toMatchObject({
      Listeners: [
        {
          Certificates: [{ CertificateArn: certificate }],
          SslPolicy: 'ELBSecurityPolicy-2016-08',
          AlpnPolicy: ['HTTP2Preferred'],
        },
      ],
    });
  });

  it.each<readonly [string, object, string]>([
    ['TLS without a certificate', { Protocol: 'TLS' }, 'ValidationError'],
    [
      'TLS with a certificate that is none',
      { Protocol: 'TLS', Certificates: [{ CertificateArn: 'web' }] },
      'CertificateNotFound',
    ],
    ['TCP with a certificate', { Certificates: [{ CertificateArn: certificate }] }, 'ValidationError'],
    ['TCP with an ALPN policy', { AlpnPolicy: ['None'] }, 'ValidationError'],
    ['HTTP', { Protocol: 'HTTP' }, 'UnsupportedProtocol'],
    ['UDP before a TCP group', { Protocol: 'UDP' }, 'IncompatibleProtocols'],
    ['no action', { DefaultActions: [] }, 'ValidationError'],
    [
      'an action of an Application Load Balancer',
      { DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }] },
      'InvalidLoadBalancerAction',
    ],
    ['an action that does not exist', { DefaultActions: [{ Type: 'drop' }] }, 'ValidationError'],
  ])('is refused with %s', async (_sentence, of, code) => {
    await using running = await startV2();
    const [edge, web] = [await running.network('edge'), await running.group('web')];
    const before = running.local.elbv2();
    await expect(running.listener(edge, 443, [web], of)).rejects.toMatchObject({
      Code: code,
      $metadata: { httpStatusCode: 400 },
    });
    expect(running.local.elbv2()).toBe(before);
  });

  it('forwards by weights, and its groups and port can be changed', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const [edge, blue, green] = [await network('edge'), await group('blue'), await group('green')];
    const ListenerArn = await listener(edge, 443, [blue]);
    const DefaultActions = [
      {
        Type: 'forward' as const,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 90 },
            { TargetGroupArn: green, Weight: 10 },
          ],
        },
      },
    ];
    await v2.modifyListener({ ListenerArn, Port: 8443, DefaultActions });
    const { Listeners } = await v2.describeListeners({ LoadBalancerArn: edge });
    expect(Listeners).toMatchObject([{ ListenerArn, Port: 8443, Protocol: 'TCP', DefaultActions }]);
    expect(Listeners?.[0]?.DefaultActions?.[0]).not.toHaveProperty('TargetGroupArn');
    const { TargetGroups } = await v2.describeTargetGroups({ LoadBalancerArn: edge });
    expect(TargetGroups?.map(({ TargetGroupName }) => TargetGroupName)).toEqual(['blue', 'green']);
  });

  it('is the only one of its load balancer with its port and its groups', async () => {
    await using running = await startV2();
    const { group, network, listener } = running;
    const [edge, other] = [await network('edge'), await network('other')];
    const [web, api] = [await group('web'), await group('api')];
    await listener(edge, 443, [web]);
    await expect(listener(edge, 443, [api])).rejects.toMatchObject({
      Code: 'DuplicateListener',
      message: `A listener already exists on this port for this load balancer '${edge}'`,
    });
    await listener(edge, 444, [web]);
    await expect(listener(other, 443, [web])).rejects.toMatchObject({
      Code: 'TargetGroupAssociationLimit',
      message: `The following target groups cannot be associated with more than one load balancer: ${web}`,
    });
    await expect(running.v2.deleteTargetGroup({ TargetGroupArn: web })).rejects.toMatchObject({
      Code: 'ResourceInUse',
      message: `Target group '${web}' is currently in use by a listener or a rule`,
    });
  });
});

describe("a target group's targets", () => {
  it("are an id and a port: the group's, or one of their own", async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const TargetGroupArn = await group('web');
    const health = async () => {
      const { TargetHealthDescriptions = [] } = await v2.describeTargetHealth({ TargetGroupArn });
      return TargetHealthDescriptions.map(({ Target, TargetHealth, HealthCheckPort }) => [
        Target?.Port,
        HealthCheckPort,
        TargetHealth?.State,
        TargetHealth?.Reason,
      ]);
    };
    await v2.registerTargets({ TargetGroupArn, Targets: [{ Id: id }, { Id: id, Port: 9000 }] });
    expect(await health()).toEqual([
      [8443, '8443', 'unused', 'Target.NotInUse'],
      [9000, '9000', 'unused', 'Target.NotInUse'],
    ]);
    await listener(await network('edge'), 443, [TargetGroupArn]);
    await v2.modifyTargetGroup({ TargetGroupArn, HealthCheckPort: '8080' });
    expect(await health()).toEqual([
      [8443, '8080', 'healthy', undefined],
      [9000, '8080', 'healthy', undefined],
    ]);
    await v2.deregisterTargets({ TargetGroupArn, Targets: [{ Id: id }] });
    expect(await health()).toEqual([[9000, '8080', 'healthy', undefined]]);
    const { TargetHealthDescriptions } = await v2.describeTargetHealth({
      TargetGroupArn,
      Targets: [{ Id: id }],
    });
    expect(TargetHealthDescriptions).toMatchObject([
      { TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ]);
    expect(running.local.elbv2().targetGroups[0]?.targets).toEqual([{ id, port: 9000 }]);
  });

  it.each([
    ['an instance that is none', {}, 'web-1', 'InvalidTarget'],
    ['text for an address', { TargetType: 'ip' }, 'web-1', 'ValidationError'],
    ['an address that is not on this machine', { TargetType: 'ip' }, '10.0.0.1', 'ValidationError'],
    ['an IPv6 address in an IPv4 group', { TargetType: 'ip' }, '::1', 'ValidationError'],
    ['a name for an ALB', { TargetType: 'alb' }, 'alb', 'InvalidTarget'],
  ])('are not %s', async (_sentence, of, Id, code) => {
    await using running = await startV2();
    const TargetGroupArn = await running.group('web', of);
    const call = running.v2.registerTargets({ TargetGroupArn, Targets: [{ Id }] });
    await expect(call).rejects.toMatchObject({ Code: code, $metadata: { httpStatusCode: 400 } });
  });

  it('are addresses on this machine in a group of type ip', async () => {
    await using running = await startV2();
    const { v2, group, local } = running;
    const four = await group('four', { TargetType: 'ip' });
    const six = await group('six', { TargetType: 'ip', IpAddressType: 'ipv6' });
    await v2.registerTargets({ TargetGroupArn: four, Targets: [{ Id: '127.9.9.9' }] });
    await v2.registerTargets({ TargetGroupArn: six, Targets: [{ Id: '::1' }] });
    expect(local.elbv2().targetGroups.map(({ targets }) => targets[0]?.id)).toEqual(['127.9.9.9', '::1']);
  });
});

describe('tags', () => {
  it('are of load balancers, groups, listeners and rules alike, twenty a call', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const [edge, web] = [await network('edge', { Tags: [{ Key: 'a', Value: '1' }] }), await group('web')];
    const ListenerArn = await listener(edge, 443, [web]);
    const { Rules } = await v2.describeRules({ ListenerArn });
    const ResourceArns = [edge, web, ListenerArn, Rules?.[0]?.RuleArn ?? ''];
    await v2.addTags({ ResourceArns, Tags: [{ Key: 'b', Value: '2' }] });
    await v2.removeTags({ ResourceArns: [edge], TagKeys: ['a', 'none'] });
    const { TagDescriptions } = await v2.describeTags({ ResourceArns });
    expect(TagDescriptions).toEqual(
      ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] })),
    );
    await expect(v2.describeTags({ ResourceArns: Array<string>(21).fill(edge) })).rejects.toMatchObject({
      Code: 'ValidationError',
    });
    await expect(v2.describeTags({ ResourceArns: [web, 'web'] })).rejects.toMatchObject({
      Code: 'ValidationError',
      message: "'web' is not a valid resource ARN",
    });
  });
});

describe('pages', () => {
  it('have up to 400 load balancers, groups or listeners, and a marker while there are more', async () => {
    await using running = await startV2({
      seed: {
        loadBalancers: [],
        elbv2: {
          targetGroups: Array.from({ length: 401 }, (_, n) => ({
            name: `g-${String(n).padStart(3, '0')}`,
            protocol: 'TCP',
            port: 80,
          })),
          loadBalancers: Array.from({ length: 401 }, (_, n) => ({ name: `n-${String(n).padStart(3, '0')}` })),
        },
      },
    });
    const { v2 } = running;
    const groups = await v2.describeTargetGroups({});
    const rest = await v2.describeTargetGroups({ Marker: groups.NextMarker });
    expect([groups.TargetGroups?.length, rest.TargetGroups?.length, rest.NextMarker]).toEqual([
      400,
      1,
      undefined,
    ]);
    const balancers = await v2.describeLoadBalancers({ PageSize: 399 });
    const more = await v2.describeLoadBalancers({ Marker: balancers.NextMarker });
    expect(more.LoadBalancers?.map(({ LoadBalancerName }) => LoadBalancerName)).toEqual(['n-399', 'n-400']);
    for (const PageSize of [0, 401]) {
      await expect(v2.describeTargetGroups({ PageSize })).rejects.toMatchObject({ Code: 'ValidationError' });
    }
    await expect(v2.describeTargetGroups({ Marker: 'x' })).rejects.toMatchObject({ Code: 'ValidationError' });
  });

  it('go by port for listeners', async () => {
    await using running = await startV2();
    const { v2, group, network, listener } = running;
    const [LoadBalancerArn, web] = [await network('edge'), await group('web')];
    for (const port of [9000, 443, 80]) await listener(LoadBalancerArn, port, [web]);
    const first = await v2.describeListeners({ LoadBalancerArn, PageSize: 2 });
    const second = await v2.describeListeners({ LoadBalancerArn, Marker: first.NextMarker });
    expect([first, second].map(({ Listeners }) => Listeners?.map(({ Port }) => Port))).toEqual([
      [80, 443],
      [9000],
    ]);
  });
});
