import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../../src/aws/calls.js';
import { makeRateControl } from '../../../src/aws/rate-control.js';
import { debugLine } from '../../../src/cli/debug-line.js';
import { apiServer, failure, type Reply, success } from '../api-server.js';
import { bareEnv, rejection } from '../opened.js';
import {
  allOf,
  arnPrefix,
  type Element,
  loadBalancerXml,
  members,
  openedV2,
  successV2,
  targetGroupXml,
  xml,
} from './network-api.js';

const webArn = `${arnPrefix}:loadbalancer/net/web/0123456789abcdef`;
const groupArn = `${arnPrefix}:targetgroup/web-tls/0123456789abcdef`;

/** A server that answers each action with one result, or with something else than a success. */
function answering(results: Readonly<Record<string, string | Exclude<Reply, string>>>) {
  return apiServer(({ action }) => {
    const result = results[action] ?? '';
    return typeof result === 'string' ? successV2(action, result) : result;
  });
}

const loadBalancers = (...each: readonly Element[]) => xml('LoadBalancers', members(...each));
const targetGroups = (...each: readonly Element[]) => xml('TargetGroups', members(...each));

describe.concurrent('Network Load Balancers', () => {
  it('are read with what distinguishes them from others', async () => {
    const { url, received } = await answering({
      DescribeLoadBalancers: loadBalancers(
        loadBalancerXml('web', {
          DNSName: 'web-0123456789abcdef.elb.us-east-1.amazonaws.com',
          CreatedTime: '2026-01-02T03:04:05.000Z',
          Scheme: 'internet-facing',
          VpcId: 'vpc-1',
          State: xml('Code', 'active'),
          IpAddressType: 'ipv4',
        }),
      ),
    });
    expect(await allOf((await openedV2(url)).describeLoadBalancers())).toEqual([
      {
        kind: 'network',
        name: 'web',
        region: 'us-east-1',
        arn: webArn,
        accountId: '123456789012',
        dnsName: 'web-0123456789abcdef.elb.us-east-1.amazonaws.com',
        createdTime: '2026-01-02T03:04:05.000Z',
        scheme: 'internet-facing',
        vpcId: 'vpc-1',
        state: 'active',
        ipAddressType: 'ipv4',
      },
    ]);
    expect(received[0]?.form.get('Version')).toBe('2015-12-01');
    expect(received[0]?.form.get('PageSize')).toBe('400');
  });

  it('a listing leaves out load balancers of other types, also where only the ARN says the type', async () => {
    const app = { LoadBalancerArn: `${arnPrefix}:loadbalancer/app/a/1`, Type: undefined };
    const { url } = await answering({
      DescribeLoadBalancers: loadBalancers(
        loadBalancerXml('alb', { Type: 'application' }),
        loadBalancerXml('alb-by-arn', app),
        loadBalancerXml('gateway', { Type: 'gateway' }),
        loadBalancerXml('by-arn', { Type: undefined }),
        // moto's ARNs of Network Load Balancers say `app`.
        loadBalancerXml('moto', { LoadBalancerArn: `${arnPrefix}:loadbalancer/app/moto/1` }),
      ),
    });
    const found = await allOf((await openedV2(url)).describeLoadBalancers());
    expect(found.map(({ name }) => name)).toEqual(['by-arn', 'moto']);
  });

  it.each([
    ['application', 'an Application Load Balancer'],
    ['gateway', 'a Gateway Load Balancer'],
    ['quantum', 'a load balancer of type quantum'],
  ])('a load balancer of type %s that is asked for by name is an error that says so', async (type, words) => {
    const { url } = await answering({
      DescribeLoadBalancers: loadBalancers(loadBalancerXml('web', { Type: type })),
    });
    const error = await rejection(allOf((await openedV2(url)).describeLoadBalancers(['web'])));
    expect(error).toMatchObject({ code: 'not-a-network-load-balancer', fault: 'user' });
    expect(error.message).toContain(`web in us-east-1 is ${words}`);
  });

  it.each([
    ['Type', { Type: undefined, LoadBalancerArn: `${arnPrefix}:loadbalancer/odd/web/1` }],
    ['LoadBalancerName', { LoadBalancerName: undefined }],
    ['LoadBalancerArn', { LoadBalancerArn: undefined }],
  ])('that are asked for by name and lack their %s are not taken for missing', async (field, lacking) => {
    const { url } = await answering({
      DescribeLoadBalancers: loadBalancers(loadBalancerXml('web', lacking)),
    });
    const error = await rejection(allOf((await openedV2(url)).describeLoadBalancers(['web'])));
    expect(error.code).toBe('incomplete-answer');
    expect(error.message).toContain(field);
  });

  it('that a clone leaves out are not found, as the service says it of its own', async () => {
    const quiet = await answering({ DescribeLoadBalancers: loadBalancers() });
    const loud = await answering({ DescribeLoadBalancers: failure(400, 'LoadBalancerNotFound') });
    for (const { url } of [quiet, loud]) {
      const error = await rejection(allOf((await openedV2(url)).describeLoadBalancers(['gone'])));
      expect(error).toMatchObject({ code: 'LoadBalancerNotFound', fault: 'user' });
      expect(error.message).toContain('gone');
    }
  });

  it('are asked for twenty names a call, each once', async () => {
    const names = Array.from({ length: 21 }, (_, nth) => `lb-${nth}`);
    const { url, received } = await apiServer(({ form }) => {
      const asked = [...form].filter(([key]) => key.startsWith('Names.')).map(([, value]) => value);
      return successV2('DescribeLoadBalancers', loadBalancers(...asked.map((name) => loadBalancerXml(name))));
    });
    const found = await allOf((await openedV2(url)).describeLoadBalancers([...names, 'lb-0']));
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(received).toHaveLength(2);
  });

  it('come page by page, and a list that never ends is an error', async () => {
    const endless = await apiServer(() =>
      successV2('DescribeLoadBalancers', `${loadBalancers(loadBalancerXml('web'))}${xml('NextMarker', 'm')}`),
    );
    const error = await rejection(allOf((await openedV2(endless.url)).describeLoadBalancers()));
    expect(error.code).toBe('repeated-marker');
    expect(endless.received).toHaveLength(2);
    // Pages of other types only are pages, too.
    const mixed = await apiServer(({ form }) => {
      const page = Number(form.get('Marker') ?? '0');
      const more = page < 5 ? xml('NextMarker', String(page + 1)) : '';
      const one = loadBalancerXml(`lb-${page}`, { Type: page < 5 ? 'application' : 'network' });
      return successV2(
        'DescribeLoadBalancers',
        loadBalancers({ ...one, LoadBalancerArn: `arn-${page}` }) + more,
      );
    });
    const found = await allOf((await openedV2(mixed.url)).describeLoadBalancers());
    expect(found.map(({ name }) => name)).toEqual(['lb-5']);
  });
});

describe.concurrent('target groups', () => {
  it('are read as they are configured', async () => {
    const { url, received } = await answering({
      DescribeTargetGroups: targetGroups(
        targetGroupXml('web-tls', {
          Protocol: 'tcp',
          VpcId: 'vpc-1',
          IpAddressType: 'ipv4',
          HealthCheckEnabled: 'true',
          HealthCheckProtocol: 'HTTP',
          HealthCheckPort: 'traffic-port',
          HealthCheckPath: '/health',
          HealthCheckIntervalSeconds: '30',
          HealthCheckTimeoutSeconds: '6',
          HealthyThresholdCount: '5',
          UnhealthyThresholdCount: '2',
          Matcher: xml('HttpCode', '200-399'),
          // moto names it once for each listener.
          LoadBalancerArns: members(webArn, webArn),
        }),
      ),
    });
    const api = await openedV2(url);
    expect(await allOf(api.describeTargetGroups({ loadBalancerArn: webArn }))).toEqual([
      {
        arn: groupArn,
        name: 'web-tls',
        protocol: 'TCP',
        port: 8443,
        targetType: 'instance',
        ipAddressType: 'ipv4',
        vpcId: 'vpc-1',
        healthCheck: {
          enabled: true,
          protocol: 'HTTP',
          port: 'traffic-port',
          path: '/health',
          matcher: '200-399',
          interval: 30,
          timeout: 6,
          healthyThreshold: 5,
          unhealthyThreshold: 2,
        },
        loadBalancerArns: [webArn],
      },
    ]);
    expect(received[0]?.form.get('LoadBalancerArn')).toBe(webArn);
  });

  it('say what the service left out of them; none is a load balancer, and left out is not none', async () => {
    const { url } = await answering({
      DescribeTargetGroups: targetGroups(
        targetGroupXml('whole'),
        targetGroupXml('bare', { Protocol: undefined, TargetType: undefined, LoadBalancerArns: undefined }),
        targetGroupXml('function', { Protocol: undefined, Port: undefined, TargetType: 'lambda' }),
      ),
    });
    const [whole, bare, lambda] = await allOf((await openedV2(url)).describeTargetGroups());
    expect(whole).toMatchObject({ loadBalancerArns: [] });
    expect(whole).not.toHaveProperty('missing');
    expect(bare?.loadBalancerArns).toBeUndefined();
    expect(bare?.missing?.map(({ field }) => field)).toEqual([
      'TargetGroups[].Protocol',
      'TargetGroups[].TargetType',
      'TargetGroups[].LoadBalancerArns',
    ]);
    expect(lambda).not.toHaveProperty('missing');
  });

  it('are asked for by ARN or name; one that is gone is named', async () => {
    const { url, received } = await answering({
      DescribeTargetGroups: failure(400, 'TargetGroupNotFound', 'One or more target groups not found'),
    });
    const api = await openedV2(url);
    const error = await rejection(allOf(api.describeTargetGroups({ arns: [groupArn] })));
    expect(error).toMatchObject({ code: 'TargetGroupNotFound', fault: 'user' });
    expect(error.message).toContain('for target group web-tls in us-east-1');
    await rejection(allOf(api.describeTargetGroups({ names: ['web-tls'] })));
    expect(
      received.map(({ form }) => form.get('TargetGroupArns.member.1') ?? form.get('Names.member.1')),
    ).toEqual([groupArn, 'web-tls']);
  });

  it('have attributes by key, and a key that is not listed is absent', async () => {
    const attribute = (key: string, value: string | undefined) => ({ Key: key, Value: value });
    const listed = await answering({
      DescribeTargetGroupAttributes: xml(
        'Attributes',
        members(attribute('proxy_protocol_v2.enabled', 'true'), attribute('stickiness.type', '')),
      ),
    });
    expect(await (await openedV2(listed.url)).describeTargetGroupAttributes(groupArn)).toEqual({
      'proxy_protocol_v2.enabled': 'true',
      'stickiness.type': '',
    });
    const none = await answering({ DescribeTargetGroupAttributes: '<Attributes/>' });
    expect(await (await openedV2(none.url)).describeTargetGroupAttributes(groupArn)).toEqual({});
  });

  it.each([
    ['the list', ''],
    ['the value', xml('Attributes', members({ Key: 'proxy_protocol_v2.enabled' }))],
    ['the key', xml('Attributes', members({ Value: 'true' }))],
  ])('whose attributes lack %s are not off: their state is not known', async (_, result) => {
    const { url } = await answering({ DescribeTargetGroupAttributes: result });
    const error = await rejection((await openedV2(url)).describeTargetGroupAttributes(groupArn));
    expect(error.code).toBe('incomplete-answer');
    expect(error.message).toContain('DescribeTargetGroupAttributes for target group web-tls');
  });

  it('have targets with their own ports', async () => {
    const target = (port: string | undefined, state: string) => ({
      Target: `${xml('Id', 'i-1')}${port === undefined ? '' : xml('Port', port)}`,
      TargetHealth: `${xml('State', state)}${xml('Reason', 'Target.Timeout')}`,
    });
    const { url } = await answering({
      DescribeTargetHealth: xml(
        'TargetHealthDescriptions',
        members(target('8443', 'healthy'), target('8444', 'unhealthy'), target(undefined, 'unused')),
      ),
    });
    const targets = await (await openedV2(url)).describeTargetHealth(groupArn);
    expect(targets.map(({ id, port, state, reason }) => [id, port, state, reason])).toEqual([
      ['i-1', 8443, 'healthy', 'Target.Timeout'],
      ['i-1', 8444, 'unhealthy', 'Target.Timeout'],
      ['i-1', undefined, 'unused', 'Target.Timeout'],
    ]);
    const empty = await answering({ DescribeTargetHealth: '' });
    const error = await rejection((await openedV2(empty.url)).describeTargetHealth(groupArn));
    expect(error.code).toBe('incomplete-answer');
  });
});

describe.concurrent('listeners', () => {
  const listener = (port: string, actions: string | undefined) => ({
    ListenerArn: `${arnPrefix}:listener/net/web/0123456789abcdef/${port}`,
    Protocol: 'TLS',
    Port: port,
    DefaultActions: actions,
  });

  it('name the groups that they forward to, with weights where there are some', async () => {
    const forward = (tuples: string) => xml('ForwardConfig', xml('TargetGroups', tuples));
    const tuple = (arn: string, weight: string) => xml('member', { TargetGroupArn: arn, Weight: weight });
    const both = xml('TargetGroupArn', groupArn) + forward(tuple(groupArn, '1'));
    const { url } = await answering({
      DescribeListeners: xml(
        'Listeners',
        members(
          listener(
            '444',
            members(`${xml('Type', 'forward')}${forward(tuple('a', '90') + tuple('b', '10'))}`),
          ),
          listener('443', members(`${xml('Type', 'forward')}${both}`)),
          listener('445', members(xml('Type', 'fixed-response'))),
        ),
      ),
    });
    const found = await (await openedV2(url)).describeListeners(webArn);
    expect(found.map(({ port, protocol, targetGroups: groups }) => [port, protocol, groups])).toEqual([
      [443, 'TLS', [{ arn: groupArn, weight: 1 }]],
      [
        444,
        'TLS',
        [
          { arn: 'a', weight: 90 },
          { arn: 'b', weight: 10 },
        ],
      ],
      [445, 'TLS', []],
    ]);
  });

  it.each([
    ['Listeners', ''],
    ['DefaultActions', xml('Listeners', members(listener('443', undefined)))],
    ['TargetGroupArn', xml('Listeners', members(listener('443', members(xml('Type', 'forward')))))],
    ['Port', xml('Listeners', members({ ...listener('443', ''), Port: undefined }))],
    ['Protocol', xml('Listeners', members({ ...listener('443', ''), Protocol: undefined }))],
    ['ListenerArn', xml('Listeners', members({ ...listener('443', ''), ListenerArn: undefined }))],
  ])('that lack %s are said to, not taken for others', async (field, result) => {
    const { url } = await answering({ DescribeListeners: result });
    const error = await rejection((await openedV2(url)).describeListeners(webArn));
    expect(error.code).toBe('incomplete-answer');
    expect(error.message).toContain(field);
  });
});

describe.concurrent('tags', () => {
  it('are asked for twenty ARNs a call, and one by one where some are gone', async () => {
    const arns = Array.from({ length: 21 }, (_, nth) => `${arnPrefix}:targetgroup/g-${nth}/1`);
    const { url, received } = await apiServer(({ form }) => {
      const asked = [...form].filter(([key]) => key.startsWith('ResourceArns.')).map(([, value]) => value);
      if (asked.includes(arns[3] ?? '')) return failure(400, 'TargetGroupNotFound');
      const described = asked.map((arn) => ({
        ResourceArn: arn,
        Tags: members({ Key: 'team', Value: 'edge' }),
      }));
      return successV2('DescribeTags', xml('TagDescriptions', members(...described)));
    });
    const tags = await (await openedV2(url)).describeTags(arns);
    expect([...tags.keys()].toSorted()).toEqual(arns.toSpliced(3, 1).toSorted());
    expect(tags.get(arns[0] ?? '')).toEqual([{ key: 'team', value: 'edge' }]);
    expect(received).toHaveLength(2 + 20);
  });
});

describe.concurrent('a write', () => {
  it('names the one attribute, is sent once and gives its request id', async () => {
    const { url, received } = await answering({ ModifyTargetGroupAttributes: xml('Attributes', '') });
    const api = await openedV2(url);
    await api.readyToWrite?.();
    expect(received).toHaveLength(0);
    const key = 'proxy_protocol_v2.enabled';
    expect(await api.modifyTargetGroupAttributes(groupArn, key, 'true')).toEqual({ requestId: 'request-1' });
    expect(Object.fromEntries(received[0]?.form ?? [])).toEqual({
      Action: 'ModifyTargetGroupAttributes',
      Version: '2015-12-01',
      TargetGroupArn: groupArn,
      'Attributes.member.1.Key': key,
      'Attributes.member.1.Value': 'true',
    });
  });

  it('whose read has grown too old is not sent', async () => {
    const { url, received } = await answering({});
    const api = await openedV2(url);
    const error = await rejection(api.modifyTargetGroupAttributes(groupArn, 'k', 'true', () => false));
    expect(error.code).toBe('not-sent');
    expect(api.effectOf(error)).toBe('no');
    expect(received).toHaveLength(0);
  });

  it.each([
    ['no', failure(400, 'InvalidConfigurationRequest')],
    ['no', failure(400, 'TargetGroupNotFound')],
    ['no', failure(403, 'AccessDenied')],
    ['throttled', failure(400, 'Throttling')],
    ['throttled', failure(400, 'ThrottlingException')],
    ['throttled', failure(400, 'RequestLimitExceeded')],
    ['throttled', failure(429, 'PriorRequestNotComplete')],
    ['unknown', failure(500, 'InternalFailure')],
    ['unknown', 'reset'],
    ['unknown', success('ModifyTargetGroupAttributes')],
  ] as const)('that fails had the effect "%s" (case %#), and is not sent again', async (effect, reply) => {
    const { url, received } = await apiServer(() => reply);
    const api = await openedV2(url);
    const error = await rejection(api.modifyTargetGroupAttributes(groupArn, 'k', 'true'));
    expect(api.effectOf(error)).toBe(effect);
    expect(received).toHaveLength(1);
  });
});

describe.concurrent('failures', () => {
  it.each(['Throttling', 'ThrottlingException', 'RequestLimitExceeded'])(
    'by %s are tried again',
    async (code) => {
      const { url, received } = await apiServer(({ action }, nth) =>
        nth <= 2 ? failure(400, code, 'Rate exceeded') : successV2(action, loadBalancers()),
      );
      expect(await allOf((await openedV2(url)).describeLoadBalancers())).toEqual([]);
      expect(received).toHaveLength(3);
    },
  );

  it('failed reads of health (500) are tried again', async () => {
    const { url } = await apiServer(({ action }, nth) =>
      nth === 1 ? failure(500, 'HealthUnavailable') : successV2(action, xml('TargetHealthDescriptions', '')),
    );
    expect(await (await openedV2(url)).describeTargetHealth(groupArn)).toEqual([]);
  });

  it('name the action that is not allowed', async () => {
    const { url } = await apiServer(() => failure(403, 'AccessDenied'));
    const error = await rejection(allOf((await openedV2(url)).describeTargetGroups()));
    expect(error).toMatchObject({ code: 'AccessDenied', fault: 'user' });
    expect(error.hint).toContain('elasticloadbalancing:DescribeTargetGroups');
  });

  it('failures of an endpoint that only has the Classic API say so', async () => {
    const { url } = await apiServer(({ action }) => success(action));
    const error = await rejection(allOf((await openedV2(url)).describeLoadBalancers()));
    expect(error.code).toBe('not-an-elb-api');
    expect(error.message).toContain(
      'an answer of the Classic API (2012-06-01), which has no Network Load Balancers, which is not an answer of the ELBv2 API',
    );
    expect(error.hint).toContain('2015-12-01');
  });
});

describe.concurrent('the endpoint', () => {
  const list = { DescribeLoadBalancers: loadBalancers() };

  it.each([['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2'], ['AWS_ENDPOINT_URL']])(
    'is what %s says',
    async (variable) => {
      const { url, received } = await answering(list);
      const api = await openedV2(undefined, { env: { ...bareEnv, [variable]: url } });
      expect(await allOf(api.describeLoadBalancers())).toEqual([]);
      expect(api.endpoint).toBe(url);
      expect(received).toHaveLength(1);
    },
  );

  it('the endpoint of --endpoint-url goes before the variable, as in the AWS CLI', async () => {
    const { url, received } = await answering(list);
    const env = { ...bareEnv, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: 'http://127.0.0.1:9' };
    await allOf((await openedV2(url, { env })).describeLoadBalancers());
    expect(received).toHaveLength(1);
  });

  it('an endpoint for Classic alone is never asked, and neither is AWS', async () => {
    const { url, received } = await answering(list);
    const env = { ...bareEnv, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: url };
    const error = await rejection(openedV2(undefined, { env }));
    expect(error.code).toBe('no-network-endpoint');
    expect(error.message).toContain('AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING');
    expect(error.hint).toContain('AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2');
    expect(received).toHaveLength(0);
  });
});

describe('calls', () => {
  it('are held to a bucket of their own, and to one with Classic where the user sets the rate', () => {
    const published = makeRateControl();
    expect(published('us-east-1', false, 'network')).toBe(published('us-east-1', false, 'network'));
    expect(published('us-east-1', false, 'network')).not.toBe(published('us-east-1', false));
    const chosen = makeRateControl(5);
    expect(chosen('us-east-1', true, 'network')).toBe(chosen('us-east-1', true));
  });

  it('are shown apart from Classic ones, by name and without the account', async () => {
    const calls: AwsCall[] = [];
    const { url } = await answering({ DescribeListeners: xml('Listeners', '') });
    await (await openedV2(url, { onCall: (call) => calls.push(call) })).describeListeners(webArn);
    expect(calls.map(debugLine)).toEqual([
      expect.stringMatching(
        /^debug: elbv2 DescribeListeners {2}us-east-1 {2}loadbalancer\/net\/web\/0123456789abcdef {2}attempt 1\/6 {2}HTTP 200/,
      ),
    ]);
  });
});
