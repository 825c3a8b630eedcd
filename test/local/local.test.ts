import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startLocal } from '../../src/local/index.js';
import { post, sdkClient, start, tcp, zones } from './clients.js';

describe('the demo seed', () => {
  it('has a port whose policies are easily lost, and one with the PROXY protocol on already', async () => {
    await using running = await start({ seed: 'demo' });
    const { LoadBalancerDescriptions } = await running.elb.describeLoadBalancers({});
    const [legacy, web] = LoadBalancerDescriptions ?? [];
    expect(web).toMatchObject({
      LoadBalancerName: 'web',
      ListenerDescriptions: [
        { Listener: { Protocol: 'TCP', LoadBalancerPort: 443, InstanceProtocol: 'TCP', InstancePort: 8443 } },
        {
          Listener: { Protocol: 'SSL', LoadBalancerPort: 8443, InstanceProtocol: 'TCP', InstancePort: 9000 },
        },
      ],
      BackendServerDescriptions: [{ InstancePort: 8443, PolicyNames: ['z-auth', 'b-auth'] }],
      HealthCheck: { Target: 'TCP:8443' },
    });
    expect(web?.Instances).toHaveLength(2);
    expect(legacy).toMatchObject({
      LoadBalancerName: 'legacy',
      HealthCheck: { Target: 'HTTP:8080/health' },
      BackendServerDescriptions: [{ InstancePort: 2525, PolicyNames: ['TFEnableProxyProtocol'] }],
    });
    const { TagDescriptions } = await running.elb.describeTags({ LoadBalancerNames: ['web'] });
    expect(TagDescriptions?.[0]?.Tags).toHaveLength(2);
  });
});

it('the demo seed has a Network Load Balancer with two target groups, one of them on', async () => {
  await using running = await start({ seed: 'demo' });
  const { loadBalancers, targetGroups, listeners } = running.local.elbv2();
  expect(loadBalancers).toMatchObject([{ name: 'edge', type: 'network' }]);
  expect(listeners).toHaveLength(2);
  expect(targetGroups).toMatchObject([
    { name: 'edge-app', attributes: [] },
    { name: 'edge-mail', attributes: [{ key: 'proxy_protocol_v2.enabled', value: 'true' }] },
  ]);
});

describe('a seed', () => {
  const listeners = [{ protocol: 'TCP', loadBalancerPort: 1, instancePort: 1 }];

  it("may bring another region, listener policies, and AWS's own tags", async () => {
    await using running = await start({
      region: 'eu-west-1',
      seed: {
        loadBalancers: [
          { name: 'here', listeners, tags: { 'aws:cloudformation:stack-name': 'stack' } },
          {
            name: 'there',
            region: 'ap-south-1',
            scheme: 'internal',
            listeners: [
              { protocol: 'HTTP', loadBalancerPort: 80, instancePort: 80, policyNames: ['sticky'] },
            ],
            policies: [{ policyName: 'sticky', policyTypeName: 'LBCookieStickinessPolicyType' }],
            healthCheck: { target: 'HTTP:80/', interval: 7 },
          },
        ],
      },
    });
    expect(running.local.loadBalancers()).toMatchObject([
      { region: 'eu-west-1', tags: [{ key: 'aws:cloudformation:stack-name', value: 'stack' }] },
      {
        region: 'ap-south-1',
        scheme: 'internal',
        listeners: [{ policyNames: ['sticky'] }],
        healthCheck: { target: 'HTTP:80/', interval: 7, timeout: 5 },
      },
    ]);
  });

  it('is read from a JSON file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-seed-'));
    const path = join(folder, 'seed.json');
    await writeFile(path, JSON.stringify({ loadBalancers: [{ name: 'file', listeners }] }));
    await using running = await start({ seed: path });
    expect(running.local.loadBalancers()).toHaveLength(1);
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'a file that is not there',
      '/nonexistent/seed.json',
      /seed\.json cannot be read: no such file or directory \(ENOENT\)/,
    ],
    ['a file that is not JSON', fileURLToPath(import.meta.url), /local\.test\.ts is not JSON: /],
    [
      'a region that is none',
      { loadBalancers: [{ name: 'x', region: 'EU', listeners }] },
      /loadBalancers\[0\]\.region: /,
    ],
    [
      'a name that the API would refuse',
      { loadBalancers: [{ name: 'x_', listeners }] },
      /load balancer x_: .*or the dash\.$/,
    ],
    [
      'a field that there is not',
      { loadBalancers: [{ name: 'x', listeners, colour: 'red' }] },
      /loadBalancers\[0\]/,
    ],
    ['no listener', { loadBalancers: [{ name: 'x', listeners: [] }] }, /loadBalancers\[0\]\.listeners/],
    ['neither kind of load balancers', { alarms: [] }, /: give loadBalancers .*, elbv2 .*, or both\.$/],
    [
      'an interval shorter than the timeout',
      { loadBalancers: [{ name: 'x', listeners, healthCheck: { target: 'TCP:1', interval: 3 } }] },
      /load balancer x, healthCheck: healthCheck\.interval 3 is too short for the timeout of 5: give a timeout of at most 3, or an interval of at least 5\.$/,
    ],
    [
      'what the API would refuse',
      {
        loadBalancers: [{ name: 'x', listeners, backendPolicies: [{ instancePort: 1, policyNames: ['p'] }] }],
      },
      /load balancer x, backendPolicies\[0\]: There is no policy with name p for load balancer x\.$/,
    ],
  ])('is refused with %s', async (_sentence, seed, message) => {
    await expect(startLocal({ port: 0, seed })).rejects.toMatchObject({
      code: 'SeedInvalid',
      message: expect.stringMatching(message),
    });
  });
});

describe('regions', () => {
  it('are apart, and come from the signature of each request', async () => {
    await using running = await start();
    const paris = sdkClient(running.local.endpoint, 'eu-west-3');
    const sovereign = sdkClient(running.local.endpoint, 'eusc-de-east-1');
    expect((await sovereign.describeLoadBalancers({})).LoadBalancerDescriptions).toEqual([]);
    expect(running.events).toMatchObject([{ region: 'eusc-de-east-1' }]);
    sovereign.destroy();
    await running.elb.createLoadBalancer({ LoadBalancerName: 'web', Listeners: [tcp(1)], ...zones });
    expect((await paris.describeLoadBalancers({})).LoadBalancerDescriptions).toEqual([]);
    await paris.createLoadBalancer({
      LoadBalancerName: 'web',
      Listeners: [tcp(2)],
      AvailabilityZones: ['eu-west-3a'],
    });
    await paris.deleteLoadBalancer({ LoadBalancerName: 'web' });
    expect(running.local.loadBalancers().map((one) => one.region)).toEqual(['us-east-1']);
    paris.destroy();
  });

  it("default to the service's own for a request that is not signed", async () => {
    await using running = await start({ region: 'eu-west-1' });
    const { endpoint } = running.local;
    const call =
      'Action=CreateLoadBalancer&Version=2012-06-01&LoadBalancerName=web&Listeners.member.1.InstancePort=1' +
      '&Listeners.member.1.LoadBalancerPort=1&Listeners.member.1.Protocol=TCP&AvailabilityZones.member.1=';
    expect((await post(endpoint, `${call}eu-west-1a`)).status).toBe(200);
    const presigned = `${call}ca-central-1a&X-Amz-Credential=x%2F20260101%2Fca-central-1%2Felasticloadbalancing%2Faws4_request`;
    expect((await post(endpoint, presigned)).status).toBe(200);
    const nonsense = { authorization: 'AWS4-HMAC-SHA256 Credential=x/1/__proto__/y/z, Signature=0' };
    expect((await post(endpoint, `${call}eu-west-1a`, nonsense)).status).toBe(200);
    expect(running.local.loadBalancers().map((one) => one.region)).toEqual(['eu-west-1', 'ca-central-1']);
  });
});

const anId = 'i-0a1b2c3d';

const ask = (endpoint: string, more = '') =>
  post(endpoint, `Action=DescribeInstances&Version=2016-11-15${more}`);

describe("EC2's DescribeInstances", () => {
  it('gives the addresses of registered instances', async () => {
    await using running = await start({ seed: 'demo', instances: { 'i-0a1b2c3d4e5f60002': '10.1.2.3' } });
    const one = await ask(running.local.endpoint, '&InstanceId.1=i-0a1b2c3d4e5f60002');
    expect(one.status).toBe(200);
    expect(one.text).toMatch(
      /^<DescribeInstancesResponse xmlns="http:\/\/ec2\.amazonaws\.com\/doc\/2016-11-15\/"><requestId>[^<]+<\/requestId><reservationSet><item>/,
    );
    expect(one.text).toContain('<instanceState><code>16</code><name>running</name></instanceState>');
    expect(one.text).toContain('<privateIpAddress>10.1.2.3</privateIpAddress>');
    const all = await ask(running.local.endpoint);
    expect(all.text.match(/<privateIpAddress>127\.0\.0\.1</g)).toHaveLength(2);
  });

  it('leaves out instances that its filters exclude', async () => {
    await using running = await start({ seed: 'demo', instances: { 'i-0a1b2c3d4e5f60002': '10.1.2.3' } });
    const found = async (...filters: readonly (readonly [name: string, ...values: string[]])[]) => {
      const text = filters.map(([name, ...values], at) =>
        [
          `&Filter.${at + 1}.Name=${name}`,
          ...values.map((value, n) => `&Filter.${at + 1}.Value.${n + 1}=${encodeURIComponent(value)}`),
        ].join(''),
      );
      const answer = await ask(running.local.endpoint, text.join(''));
      return answer.text.match(/(?<=<instanceId>.*)\d(?=<\/instanceId>)/g) ?? answer.text;
    };
    expect(await found(['instance-id', 'i-0a1b2c3d4e5f60003', 'i-00000000'])).toEqual(['3']);
    expect(await found(['private-ip-address', '10.*'])).toEqual(['2']);
    expect(await found(['private-ip-address', '10?1.2.3'], ['instance-state-name', 'stopped'])).not.toContain(
      '<item>',
    );
    expect(await found(['private-ip-address', '127.0.0.?'], ['vpc-id', 'vpc-*'])).toEqual(['1', '3']);
    expect(await found(['tag:Name', '*'])).not.toContain('<item>');
    expect(await found(['image-id', 'ami-1'])).toContain(
      '<Code>InvalidParameterValue</Code><Message>The filter &apos;image-id&apos; is not known here',
    );
  });

  it("reports unknown instances in EC2's own error shape", async () => {
    await using running = await start({ seed: 'demo' });
    const unknown = await ask(running.local.endpoint, '&InstanceId.1=i-12345678');
    expect(unknown.status).toBe(400);
    expect(unknown.text).toMatch(
      /^<Response><Errors><Error><Code>InvalidInstanceID\.NotFound<\/Code><Message>The instance ID &apos;i-12345678&apos; does not exist<\/Message><\/Error><\/Errors><RequestID>/,
    );
    const malformed = await ask(running.local.endpoint, '&InstanceId.1=x');
    expect(malformed.text).toContain('InvalidInstanceID.Malformed');
    const other = await post(running.local.endpoint, 'Action=RunInstances&Version=2016-11-15');
    expect(other.text).toContain('<Code>InvalidAction</Code>');
  });
});

describe("STS's GetCallerIdentity", () => {
  const who = (endpoint: string, action = 'GetCallerIdentity') =>
    post(endpoint, `Action=${action}&Version=2011-06-15`);

  it('names a user of the account that owns the load balancers', async () => {
    await using running = await start({ seed: 'demo' });
    await using other = await start({ accountId: '999988887777' });
    const { status, text } = await who(running.local.endpoint);
    expect(status).toBe(200);
    expect(text).toMatch(
      /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user\/local<\/Arn><UserId>AIDA[A-Z0-9]+<\/UserId><Account>123456789012<\/Account><\/GetCallerIdentityResult>/,
    );
    expect((await who(other.local.endpoint)).text).toContain('<Account>999988887777</Account>');
  });

  it('is all of STS: anything else is refused in its shape', async () => {
    await using running = await start();
    const { status, text } = await who(running.local.endpoint, 'AssumeRole');
    expect(status).toBe(400);
    expect(text).toMatch(/^<ErrorResponse xmlns="https:\/\/sts\..*<Code>InvalidAction<\/Code>/);
  });
});

it('opens no listeners without a data plane, and reports every registered instance as healthy', async () => {
  await using running = await start({ seed: 'demo', dataPlane: false });
  expect(running.local.openPorts()).toEqual([]);
  const { InstanceStates } = await running.elb.describeInstanceHealth({ LoadBalancerName: 'legacy' });
  expect(InstanceStates).toEqual([
    { InstanceId: 'i-0a1b2c3d4e5f60003', State: 'InService', ReasonCode: 'N/A', Description: 'N/A' },
  ]);
});

it('finishes what is under way when it is closed', async () => {
  const running = await start({ latencyMs: 100 });
  const headers = { expect: '100-continue', 'content-type': 'application/x-www-form-urlencoded' };
  const asked = request(running.local.endpoint, { method: 'POST', headers, agent: false });
  asked.flushHeaders();
  // Its head has arrived, and its body has not been sent.
  await once(asked, 'continue');
  const closing = running.local.close();
  asked.end('Action=DescribeAccountLimits&Version=2012-06-01');
  const [{ statusCode }] = (await once(asked, 'response')) as [IncomingMessage];
  expect(statusCode).toBe(200);
  await closing;
  await expect(fetch(running.local.endpoint)).rejects.toThrow('fetch failed');
});

it('says which port it could not bind', async () => {
  await using running = await start();
  await expect(startLocal({ port: running.local.port })).rejects.toMatchObject({
    code: 'PortUnavailable',
    message: expect.stringContaining(`127.0.0.1:${running.local.port}`),
  });
});

describe('options that cannot be used', () => {
  it.each([
    ['host', { host: '0.0.0.0' }, /host: .*loopback only \("0\.0\.0\.0" was given\)/],
    ['port', { port: 70_000 }, /port: .*\(70000 was given\)/],
    ['latencyMs', { latencyMs: -1 }, /latencyMs: /],
    ['region', { region: 'EU WEST' }, /region: give a region/],
    ['accountId', { accountId: '12' }, /accountId: give twelve digits/],
    ['an id in instances', { instances: { web: '127.0.0.1' } }, /instances: give instance ids/],
    [
      'an address in instances',
      { instances: { [anId]: 'web.example' } },
      /instances\.i-0a1b2c3d: give an IP/,
    ],
    ['onEvent', { onEvent: 'log' }, /onEvent: give a function/],
  ])('are reported by name: %s', async (_, options, message) => {
    await expect(startLocal({ port: 0, ...options } as object)).rejects.toMatchObject({
      name: 'LocalElbError',
      code: 'OptionInvalid',
      message: expect.stringMatching(message),
    });
  });
});
