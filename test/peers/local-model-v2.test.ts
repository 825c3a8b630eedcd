import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { actionsV2 } from '../../src/local/elbv2/actions/index.js';
import { post } from '../local/clients.js';
import { type RunningV2, startV2, vpc } from '../local/elbv2/stage.js';
import { encode, findModel, type Input, membersIn, places, unlike, wrongAt } from './botocore-model.js';

const found = findModel('elbv2/2015-12-01');
const model = found ?? { operations: {}, shapes: {} };
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/web';
const instance = 'i-0123456789abcdef0';

/** What is on the stage, by ARN. */
interface Stage extends RunningV2 {
  readonly balancer: string;
  readonly web: string;
  readonly api: string;
  readonly tls: string;
  readonly tcp: string;
  readonly rule: string;
}

async function stage(): Promise<Stage> {
  const running = await startV2();
  const { v2, group, network, listener } = running;
  const check = { HealthCheckProtocol: 'HTTP', HealthCheckPath: '/up', Matcher: { HttpCode: '200-399' } };
  const balancer = await network('edge', { SecurityGroups: ['sg-1'] });
  const web = await group('web', check);
  const api = await group('api');
  const tls = await listener(balancer, 8443, [api], {
    Protocol: 'TLS',
    Certificates: [{ CertificateArn: certificate }],
    AlpnPolicy: ['None'],
  });
  const tcp = await listener(balancer, 443, [web]);
  await v2.registerTargets({
    TargetGroupArn: web,
    Targets: [{ Id: instance, AvailabilityZone: 'us-east-1a' }],
  });
  // In a group that no listener forwards to, a target has a reason.
  await v2.registerTargets({ TargetGroupArn: await group('spare'), Targets: [{ Id: instance }] });
  await v2.addTags({ ResourceArns: [balancer], Tags: [{ Key: 'team', Value: 'edge' }] });
  const { Rules } = await v2.describeRules({ ListenerArn: tcp });
  return { ...running, balancer, web, api, tls, tcp, rule: Rules?.[0]?.RuleArn ?? '' };
}

const forwardTo = (arn: string) => [
  { Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn, Weight: 10 }] } },
];
const tags = [{ Key: 'stage', Value: 'test' }];
const targets = [{ Id: instance, Port: 9000, AvailabilityZone: 'us-east-1a' }];

// An input of each action with all that a Network Load Balancer has.
const inputs: Readonly<Record<string, (stage: Stage) => Input>> = {
  AddTags: ({ tcp }) => ({ ResourceArns: [tcp], Tags: tags }),
  CreateListener: ({ balancer, web }) => ({
    LoadBalancerArn: balancer,
    Protocol: 'TLS',
    Port: 9443,
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    Certificates: [{ CertificateArn: certificate }],
    AlpnPolicy: ['HTTP2Optional'],
    DefaultActions: forwardTo(web),
    Tags: tags,
  }),
  CreateLoadBalancer: () => ({
    Name: 'new',
    Type: 'network',
    Scheme: 'internal',
    IpAddressType: 'ipv4',
    SubnetMappings: [{ SubnetId: 'subnet-1' }],
    SecurityGroups: ['sg-1'],
    Tags: tags,
  }),
  CreateTargetGroup: () => ({
    Name: 'new',
    Protocol: 'TCP',
    Port: 80,
    VpcId: vpc,
    TargetType: 'instance',
    IpAddressType: 'ipv4',
    HealthCheckEnabled: true,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckPath: '/up',
    HealthCheckIntervalSeconds: 10,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 3,
    UnhealthyThresholdCount: 3,
    Matcher: { HttpCode: '200' },
    Tags: tags,
  }),
  DeleteListener: ({ tcp }) => ({ ListenerArn: tcp }),
  DeleteLoadBalancer: ({ balancer }) => ({ LoadBalancerArn: balancer }),
  DeleteTargetGroup: ({ local }) => ({
    TargetGroupArn: local.elbv2().targetGroups.find(({ name }) => name === 'spare')?.arn ?? '',
  }),
  DeregisterTargets: ({ web }) => ({ TargetGroupArn: web, Targets: [{ Id: instance, Port: 8443 }] }),
  DescribeAccountLimits: () => ({ PageSize: 1 }),
  DescribeListenerAttributes: ({ tcp }) => ({ ListenerArn: tcp }),
  DescribeListeners: ({ balancer }) => ({ LoadBalancerArn: balancer, PageSize: 1 }),
  DescribeLoadBalancerAttributes: ({ balancer }) => ({ LoadBalancerArn: balancer }),
  DescribeLoadBalancers: () => ({ Names: ['edge'], PageSize: 1 }),
  DescribeRules: ({ rule }) => ({ RuleArns: [rule], PageSize: 1 }),
  DescribeTags: ({ balancer }) => ({ ResourceArns: [balancer] }),
  DescribeTargetGroupAttributes: ({ web }) => ({ TargetGroupArn: web }),
  DescribeTargetGroups: () => ({ Names: ['api', 'web'], PageSize: 1 }),
  DescribeTargetHealth: ({ web }) => ({ TargetGroupArn: web, Targets: targets }),
  ModifyListener: ({ tls, api }) => ({
    ListenerArn: tls,
    Port: 8444,
    Protocol: 'TLS',
    SslPolicy: 'ELBSecurityPolicy-2016-08',
    Certificates: [{ CertificateArn: certificate }],
    AlpnPolicy: ['HTTP1Only'],
    DefaultActions: forwardTo(api),
  }),
  ModifyListenerAttributes: ({ tcp }) => ({
    ListenerArn: tcp,
    Attributes: [{ Key: 'tcp.idle_timeout.seconds', Value: '60' }],
  }),
  ModifyLoadBalancerAttributes: ({ balancer }) => ({
    LoadBalancerArn: balancer,
    Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
  }),
  ModifyTargetGroup: ({ web }) => ({
    TargetGroupArn: web,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: '8080',
    HealthCheckPath: '/',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200,204' },
  }),
  ModifyTargetGroupAttributes: ({ web }) => ({
    TargetGroupArn: web,
    Attributes: [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }],
  }),
  RegisterTargets: ({ web }) => ({ TargetGroupArn: web, Targets: targets }),
  RemoveTags: ({ balancer }) => ({ ResourceArns: [balancer], TagKeys: ['team'] }),
};

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
type Xml = Record<string, unknown>;

async function call({ local }: Stage, name: string, parameters: readonly [string, string][]) {
  const body = new URLSearchParams([['Action', name], ['Version', '2015-12-01'], ...parameters]);
  const answer = await post(local.endpoint, body.toString());
  return { answer, xml: parser.parse(answer.text) as Xml };
}

// Debian's model may be older than some actions.
const served = [...actionsV2.keys()].filter((name) => model.operations[name] !== undefined);

// What the answers of a Network Load Balancer here have no use for.
const unused =
  /^(?:AvailabilityZone\.(?!ZoneName|SubnetId)|LoadBalancerAddress\.|LoadBalancerState\.Reason|LoadBalancer\.(?:CustomerOwned|Enforce|EnablePrefix|Ipam)|IpamPools\.|Authenticate|Action\.(?:Authenticate|Order|Redirect|FixedResponse|Jwt)|Redirect|FixedResponse|Jwt|TargetGroupStickinessConfig\.DurationSeconds|Listener\.MutualAuth|MutualAuth|Certificate\.IsDefault|Matcher\.GrpcCode|TargetGroup\.(?:ProtocolVersion|TargetControlPort)|Rule\.Transforms|RuleTransform|RuleCondition|Rewrite|HostHeader|PathPattern|HttpHeader|HttpRequest|QueryString|SourceIp|HostRewrite|UrlRewrite|TargetDescription\.Quic|TargetHealthDescription\.(?:Anomaly|Administrative)|Anomaly|Administrative|TagDescription)/;

describe.skipIf(found === undefined)('botocore’s model of the newer API', () => {
  it('has an input here for every action that is served', () => {
    expect(Object.keys(inputs).toSorted()).toEqual([...actionsV2.keys()].toSorted());
    expect(served.length).toBeGreaterThanOrEqual(23);
  });

  it('is what all answers look like, and all that is of use has a value in one of them', async () => {
    const seen = new Set<string>();
    const expected = new Set<string>();
    for (const name of served) {
      await using running = await stage();
      const operation = model.operations[name];
      const input = inputs[name]?.(running) ?? {};
      for (const asked of name.startsWith('Describe') ? [input, withoutPages(input)] : [input]) {
        const { answer, xml } = await call(running, name, encode(asked));
        const where = `${name}: ${answer.text}`;
        expect(answer.status, where).toBe(200);
        const { [`${name}Response`]: response } = xml as Record<string, Xml>;
        const { '@_xmlns': namespace, ResponseMetadata: metadata, ...rest } = response ?? {};
        expect(namespace).toBe('http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/');
        expect(metadata, where).toEqual({ RequestId: expect.stringMatching(/./) });
        const output = operation?.output;
        if (output === undefined) continue;
        expect(Object.keys(rest), where).toEqual([output.resultWrapper]);
        expect(unlike(model, output.shape, rest[output.resultWrapper], { seen }), where).toEqual([]);
        membersIn(model, output.shape, expected);
      }
    }
    expect([...expected].filter((member) => !seen.has(member) && !unused.test(member))).toEqual(
      [
        // The last page of rules, and of what was asked for by name, is the first.
        ...(expected.has('DescribeRulesOutput.NextMarker') ? ['DescribeRulesOutput.NextMarker'] : []),
        ...(expected.has('DescribeLoadBalancersOutput.NextMarker')
          ? ['DescribeLoadBalancersOutput.NextMarker']
          : []),
      ].toSorted((a, b) => [...expected].indexOf(a) - [...expected].indexOf(b)),
    );
  });

  it.each(served)('%s takes nothing that the model calls wrong, and errs as declared', async (name) => {
    const operation = model.operations[name];
    if (operation === undefined) throw new Error(name);
    const declared = (operation.errors ?? []).flatMap(({ shape }) => {
      const { error } = model.shapes[shape] ?? {};
      return error === undefined ? [] : [[error.code, error.httpStatusCode] as const];
    });
    const codes = new Map([...declared, ['ValidationError', 400] as const]);
    await using running = await stage();
    const valid = inputs[name]?.(running) ?? {};
    for (const place of places(model, operation.input.shape, valid, (input) => input as Input)) {
      for (const { what, input } of wrongAt(model, place)) {
        // An action's order counts where there are several.
        if (place.at.endsWith('.Order')) continue;
        const before = running.local.elbv2();
        const { answer, xml } = await call(running, name, encode(input));
        const where = `${what}: ${answer.text}`;
        expect([...codes.keys()], where).toContain(answer.code);
        expect(answer.status, where).toBe(codes.get(answer.code ?? ''));
        expect(xml, where).toMatchObject({
          ErrorResponse: { Error: { Type: 'Sender', Message: expect.stringMatching(/\S/) } },
        });
        expect(running.local.elbv2(), what).toBe(before);
      }
    }
  });

  it.each(served)('%s ignores what the model does not have', async (name) => {
    await using running = await stage();
    const input = encode({ ...inputs[name]?.(running), Colour: 'red', 'Colours.member.1': 'red' });
    expect((await call(running, name, input)).answer.status).toBe(200);
  });
});

function withoutPages(input: Input): Input {
  const { PageSize: _, Names: __, RuleArns, ...rest } = input;
  return RuleArns === undefined ? rest : input;
}
