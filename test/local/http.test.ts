import { request } from 'node:http';
import { connect } from 'node:net';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../src/local/actions/index.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { post, proxyPolicy, type RawAnswer, type Running, readAnswer, start, tcp, zones } from './clients.js';

let running: Running;
let endpoint = '';

beforeAll(async () => {
  running = await start();
  ({ endpoint } = running.local);
  await running.elb.createLoadBalancer({ LoadBalancerName: 'web', Listeners: [tcp(443, 8443)], ...zones });
});
afterAll(() => running.local.close());

/** Sends a request with headers that fetch does not let one choose. */
const send = (headers: Record<string, string>, path = '/?Action=DescribeLoadBalancers&Version=2012-06-01') =>
  new Promise<RawAnswer>((resolve, reject) => {
    request(endpoint + path, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve(
          readAnswer(new Response(Buffer.concat(chunks).toString(), { status: response.statusCode ?? 0 })),
        ),
      );
    })
      .on('error', reject)
      .end();
  });

/** Writes bytes to the port as they are, and gives all that comes back. */
const sendBytes = (bytes: Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(running.local.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', (error: Error & { code?: string }) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve('') : reject(error),
    );
  });

const policyNames = async () => {
  const { LoadBalancerDescriptions } = await running.elb.describeLoadBalancers({
    LoadBalancerNames: ['web'],
  });
  return LoadBalancerDescriptions?.[0]?.BackendServerDescriptions;
};

describe('a request', () => {
  it('may be a GET, too', async () => {
    const query = 'Action=DescribeLoadBalancers&Version=2012-06-01&LoadBalancerNames.member.1=web';
    const answer = await readAnswer(await fetch(`${endpoint}/?${query}`));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<LoadBalancerName>web</LoadBalancerName>');
  });

  it('clears a port with a bare PolicyNames=', async () => {
    await running.elb.createLoadBalancerPolicy(proxyPolicy('web'));
    const call =
      'Action=SetLoadBalancerPoliciesForBackendServer&Version=2012-06-01&LoadBalancerName=web&InstancePort=8443';
    expect((await post(endpoint, `${call}&PolicyNames.member.1=proxy`)).status).toBe(200);
    expect(await policyNames()).toHaveLength(1);
    expect((await post(endpoint, `${call}&PolicyNames=`)).status).toBe(200);
    expect(await policyNames()).toEqual([]);
  });

  it('may number its members with gaps and out of order', async () => {
    const answer = await post(
      endpoint,
      'Action=CreateLoadBalancer&Version=2012-06-01&LoadBalancerName=gaps&AvailabilityZones.member.7=us-east-1b' +
        '&AvailabilityZones.member.3=us-east-1a&Listeners.member.2.InstancePort=1' +
        '&Listeners.member.2.LoadBalancerPort=1&Listeners.member.2.Protocol=TCP',
    );
    expect(answer.status).toBe(200);
    const gaps = running.local.loadBalancers().find((one) => one.loadBalancerName === 'gaps');
    expect(gaps?.availabilityZones).toEqual(['us-east-1a', 'us-east-1b']);
  });

  it('is answered with an error without an action or without a version', async () => {
    expect((await post(endpoint, '')).code).toBe('MissingAction');
    expect((await post(endpoint, 'Action=DescribeLoadBalancers')).message).toBe(
      'Could not find operation DescribeLoadBalancers for version NO_VERSION_SPECIFIED',
    );
  });

  it('is refused if it is longer than 1 MiB', async () => {
    const answer = await post(endpoint, `Action=${'x'.repeat(3 * 1024 * 1024)}`);
    expect([answer.status, answer.code]).toEqual([413, 'RequestEntityTooLarge']);
    const endless = post(endpoint, 'x'.repeat(20 * 1024 * 1024)).catch(() => undefined);
    expect((await endless)?.status ?? 413).toBe(413);
    expect((await post(endpoint, 'Action=DescribeLoadBalancers&Version=2012-06-01')).status).toBe(200);
  });

  it.each(['/2012-06-01/', '/any/path', '//'])('to %s is answered like one to /', async (path) => {
    const query = '?Action=DescribeLoadBalancers&Version=2012-06-01';
    expect((await readAnswer(await fetch(`${endpoint}${path}${query}`))).status).toBe(200);
    const posted = await post(`${endpoint}${path}`, query.slice(1));
    expect(posted.text).toContain('DescribeLoadBalancersResult');
  });

  it('is answered with an error in XML if its method is another', async () => {
    const put = await readAnswer(await fetch(endpoint, { method: 'PUT', body: 'x' }));
    expect([put.status, put.code]).toEqual([405, 'MethodNotAllowed']);
  });

  it.each(['localhost', 'localhost:4580', '127.0.0.1', '127.9.8.7:1', '[::1]:80', 'LOCALHOST'])(
    'is answered when its host is %s',
    async (host) => {
      expect((await send({ host })).status).toBe(200);
    },
  );

  it.each([
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '10.0.0.1',
    '128.0.0.1',
    '[::2]',
  ])('is refused when its host is "%s"', async (host) => {
    const answer = await send({ host });
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied']);
  });

  it('is refused when a page of another origin sends it', async () => {
    expect((await send({ origin: 'https://example.com' })).status).toBe(403);
    expect((await send({ origin: 'null' })).status).toBe(403);
    expect((await send({ origin: 'http://localhost:3000' })).status).toBe(200);
  });

  it.each([
    ['an Origin of another site', { origin: 'https://example.com' }, 403],
    ['an Origin that is hidden', { origin: 'null' }, 403],
    ['a Referer of another site', { referer: 'https://example.com/page' }, 403],
    ['a Referer that only looks like this machine', { referer: 'https://localhost.example.com/' }, 403],
    ['neither, but the browser says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['neither, and an address typed by hand', { 'sec-fetch-site': 'none' }, 200],
    ['a page of this machine', { referer: 'http://localhost:3000/', 'sec-fetch-site': 'cross-site' }, 200],
    ['no browser at all', {}, 200],
  ])('is judged by where it comes from even if it is a GET: %s', async (_from, headers, status) => {
    const LoadBalancerName = 'written';
    await running.elb.createLoadBalancer({ LoadBalancerName, Listeners: [tcp(1)], ...zones });
    const query = `Action=DeleteLoadBalancer&Version=2012-06-01&LoadBalancerName=${LoadBalancerName}`;
    const answer = await send(headers, `/?${query}`);
    expect(answer.status).toBe(status);
    const left = running.local.loadBalancers().map(({ loadBalancerName }) => loadBalancerName);
    expect(left.includes(LoadBalancerName)).toBe(status !== 200);
  });
});

it('escapes what it gives back, and carries what XML can carry', async () => {
  const value = `<a b="c">&amp;'\r\n\t]]> ü 😀`;
  await running.elb.createLoadBalancerPolicy({
    LoadBalancerName: 'web',
    PolicyName: 'key',
    PolicyTypeName: 'PublicKeyPolicyType',
    PolicyAttributes: [{ AttributeName: 'PublicKey', AttributeValue: value }],
  });
  const { PolicyDescriptions } = await running.elb.describeLoadBalancerPolicies({
    LoadBalancerName: 'web',
    PolicyNames: ['key'],
  });
  expect(PolicyDescriptions?.[0]?.PolicyAttributeDescriptions?.[0]?.AttributeValue).toBe(value);
});

it('replaces what XML cannot carry', async () => {
  const answer = await post(
    endpoint,
    'Action=DescribeLoadBalancerPolicies&Version=2012-06-01&LoadBalancerName=web&PolicyNames.member.1=a%00b%1B%EF%BF%BFc%FF',
  );
  expect(answer.message).toBe(
    'There is no policy with name a\ufffdb\ufffd\ufffdc\ufffd for load balancer web',
  );
});

const wellFormed = (answer: RawAnswer): void => {
  expect(XMLValidator.validate(answer.text)).toBe(true);
  expect(answer.status).toBeLessThan(500);
};

describe('any input', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'LoadBalancerName',
      'LoadBalancerNames.member.1',
      'InstancePort',
      'LoadBalancerPort',
      'PolicyName',
      'PolicyTypeName',
      'PolicyNames',
      'PolicyNames.member.1',
      'PolicyAttributes.member.1.AttributeName',
      'PolicyAttributes.member.1.AttributeValue',
      'Listeners.member.1.Protocol',
      'Listeners.member.1.LoadBalancerPort',
      'Listeners.member.1.InstancePort',
      'Listeners.member.999999999999.InstancePort',
      'AvailabilityZones.member.1',
      'HealthCheck.Target',
      'HealthCheck.Interval',
      'Tags.member.1.Key',
      'Instances.member.1.InstanceId',
      'LoadBalancerAttributes.AccessLog.Enabled',
      'Marker',
      'PageSize',
      '__proto__',
      'constructor.member.1',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const value = fc.oneof(
    fc.constantFrom(
      'web',
      'proxy',
      '443',
      '8443',
      '0',
      '-1',
      '1e9',
      'true',
      'TCP',
      '__proto__',
      'us-east-1a',
    ),
    fc.string({ unit: 'binary', maxLength: 50 }),
  );
  const action = fc.oneof(fc.constantFrom(...actions.keys()), fc.string({ unit: 'binary', maxLength: 20 }));

  it('gets a well-formed answer, never an internal failure, and serving goes on', async () => {
    const parameters = fc.array(fc.tuple(name, value), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(action, parameters, fc.boolean(), async (Action, pairs, ec2) => {
        const version = ec2 ? '2016-11-15' : '2012-06-01';
        const form = new URLSearchParams([['Action', Action], ['Version', version], ...pairs]);
        wellFormed(await post(endpoint, form.toString()));
      }),
      { numRuns: byBudget(150, 400) },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (body) =>
        wellFormed(await post(endpoint, body)),
      ),
      { numRuns: byBudget(40, 100) },
    );
    expect(running.events.filter((event) => event.kind === 'warning')).toEqual([]);
    expect((await running.elb.describeLoadBalancers({})).LoadBalancerDescriptions?.length).toBeGreaterThan(0);
  });

  it('gets an XML error or a closed connection if it is not HTTP', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const answer = await sendBytes(bytes);
        if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*<ErrorResponse /s);
      }),
      { numRuns: byBudget(40, 100) },
    );
    const malformed = await sendBytes(Buffer.from('GET / HTTP/9.9 nonsense\r\n\r\n'));
    expect(malformed).toContain('<Code>MalformedQueryString</Code>');
    const noHost = await sendBytes(Buffer.from('GET / HTTP/1.1\r\nconnection: close\r\n\r\n'));
    expect(noHost).toContain('<Code>AccessDenied</Code>');
    expect((await post(endpoint, 'Action=DescribeLoadBalancers&Version=2012-06-01')).status).toBe(200);
  });
});

it('holds its answers back by the latency that was asked for', async () => {
  await using slow = await start({ latencyMs: 120 });
  const started = performance.now();
  await slow.elb.describeLoadBalancers({});
  expect(performance.now() - started).toBeGreaterThan(110);
});

it('reports each request as an event', async () => {
  await using other = await start();
  await other.elb.describeLoadBalancers({ LoadBalancerNames: ['x'] }).catch(() => undefined);
  expect(other.events).toEqual([
    {
      kind: 'request',
      service: 'elasticloadbalancing',
      action: 'DescribeLoadBalancers',
      region: 'us-east-1',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 400,
      code: 'LoadBalancerNotFound',
      ms: expect.any(Number),
    },
  ]);
});

it('pages through a thousand load balancers, while others come and go', async () => {
  const loadBalancers = Array.from({ length: 1000 }, (_, n) => ({
    name: `lb-${String(n).padStart(4, '0')}`,
    listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
  }));
  await using many = await start({ seed: { loadBalancers } });
  const all = await many.elb.describeLoadBalancers({});
  expect(all.LoadBalancerDescriptions).toHaveLength(400);
  const second = await many.elb.describeLoadBalancers({ PageSize: 2, Marker: all.NextMarker });
  const onSecond = second.LoadBalancerDescriptions?.map((one) => one.LoadBalancerName);
  expect(onSecond).toEqual(['lb-0400', 'lb-0401']);
  const seen: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await many.elb.describeLoadBalancers({ PageSize: 150, ...(Marker ? { Marker } : {}) });
    seen.push(...(page.LoadBalancerDescriptions ?? []).map((one) => one.LoadBalancerName));
    Marker = page.NextMarker;
    // The one that the marker refers to may be gone by the time the next page is asked for.
    await many.elb.deleteLoadBalancer({ LoadBalancerName: seen.at(-1) });
  } while (Marker);
  expect(seen).toEqual(loadBalancers.map(({ name: one }) => one));
  expect(new Set(many.local.loadBalancers().map((one) => one.dnsName)).size).toBeGreaterThan(
    process.platform === 'linux' ? 900 : 0,
  );
});
