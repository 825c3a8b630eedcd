import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AwsCall } from '../../src/aws/calls.js';
import { apiServer, failure, loadBalancersXml, type Reply, success } from './api-server.js';
import { bareEnv, namesOf, opened, rejection } from './opened.js';

beforeAll(() => {
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret-really');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const html = (status: number): Reply => ({
  status,
  body: '<!DOCTYPE html><html><head><title>Sign\nin</title></head></html>',
  headers: { 'content-type': 'text/html' },
});
const list = success('DescribeLoadBalancers', loadBalancersXml('web'));

/** Only what is silent runs into it: a busy machine is given its time to connect. */
const impatient = { connect: 10_000, request: 3000 };

describe.concurrent('reads', () => {
  test.each(['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'DependencyThrottle'])(
    'survive three answers of %s in a row, waiting longer each time, but not for long',
    async (code) => {
      const { url, received } = await apiServer((_, nth) => (nth <= 3 ? failure(400, code) : list));
      const started = performance.now();
      expect(await namesOf(await opened(url))).toEqual(['web']);
      expect(received).toHaveLength(4);
      const took = performance.now() - started;
      expect(took).toBeGreaterThan(1000);
      expect(took).toBeLessThan(15_000);
    },
  );

  test('give up after six attempts when throttled on and on, and say so', async () => {
    const { url, received } = await apiServer(() => failure(400, 'Throttling', 'Rate exceeded'));
    const error = await rejection(namesOf(await opened(url)));
    expect(received).toHaveLength(6);
    expect(error).toMatchObject({ code: 'Throttling', fault: 'service', requestId: 'request-9' });
    expect(error.message).toBe(
      'DescribeLoadBalancers in us-east-1 failed after 6 attempts: Rate exceeded (Throttling)',
    );
    expect(error.hint).toContain('AWS_MAX_ATTEMPTS');
  });

  test('make as many attempts as AWS_MAX_ATTEMPTS says, also when the connection is refused', async () => {
    const env = { ...bareEnv, AWS_MAX_ATTEMPTS: '2' };
    const { url, received } = await apiServer(() => failure(400, 'DependencyThrottle'));
    await rejection(namesOf(await opened(url, { env })));
    expect(received).toHaveLength(2);
    const calls: AwsCall[] = [];
    const refused = await opened('http://127.0.0.1:9', {
      env: { ...bareEnv, AWS_MAX_ATTEMPTS: '5' },
      onCall: (call) => calls.push(call),
    });
    await rejection(namesOf(refused));
    expect(calls).toHaveLength(5);
  });

  test('work in standard mode as well when AWS_RETRY_MODE asks for it', async () => {
    const { url, received } = await apiServer((_, nth) => (nth <= 3 ? failure(400, 'Throttling') : list));
    expect(await namesOf(await opened(url, { env: { ...bareEnv, AWS_RETRY_MODE: 'standard' } }))).toEqual([
      'web',
    ]);
    expect(received.at(-1)?.headers['amz-sdk-request']).toBe('attempt=4; max=6');
    expect(received.at(-1)?.headers['x-amz-user-agent']).not.toContain('adaptive');
  });

  test.each([
    ['a server error', failure(503, 'ServiceUnavailable')],
    ['an HTML page with status 502', html(502)],
    ['a reset', 'reset'],
    ['an answer that breaks off', 'half a body, then reset'],
    [
      'an answer whose XML is cut off',
      { body: '<DescribeLoadBalancersResponse><DescribeLoadBalancersResult>' },
    ],
  ] as const)('are tried again after %s', async (_, reply) => {
    const { url, received } = await apiServer((__, nth) => (nth === 1 ? reply : list));
    expect(await namesOf(await opened(url))).toEqual(['web']);
    expect(received).toHaveLength(2);
  });

  test.each(['LoadBalancerNotFound', 'AccessDenied', 'ExpiredToken', 'ValidationError'])(
    'are not tried again after %s',
    async (code) => {
      const { url, received } = await apiServer(() => failure(400, code));
      expect(await rejection(namesOf(await opened(url)))).toMatchObject({ code, requestId: 'request-9' });
      expect(received).toHaveLength(1);
    },
  );

  test.each([
    ['an HTML page with status 200', html(200), 'an HTML page ("Sign in")'],
    ['an empty body with status 200', { body: '' }, 'an empty body'],
    ['JSON', { body: '{"message":"Missing \u001b[31mToken"}' }, 'JSON ({"message":"Missing [31mToken"})'],
    ['plain text', { body: 'It works!' }, 'text (It works!)'],
    [
      'another API’s XML',
      { body: '<ListAllMyBucketsResult></ListAllMyBucketsResult>' },
      '<ListAllMyBucketsResult>',
    ],
    [
      'an answer without its result',
      { body: '<DescribeLoadBalancersResponse/>' },
      'without <DescribeLoadBalancersResult>',
    ],
    [
      'the newer API’s answer',
      {
        body: '<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeLoadBalancersResult><LoadBalancers/></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>',
      },
      '2015-12-01',
    ],
    ['an HTML page with status 403', html(403), 'HTTP 403 with an HTML page'],
    [
      'a redirect',
      { status: 301, body: '<html></html>', headers: { location: 'https://login.example/' } },
      'a redirect to https://login.example/',
    ],
  ] as const)('never take %s for an empty list', async (_, reply, said) => {
    const { url, received } = await apiServer(() => reply);
    const error = await rejection(namesOf(await opened(url)));
    expect(error).toMatchObject({ code: 'not-an-elb-api', fault: 'user' });
    expect(error.message).toContain(said);
    expect(error.message).toContain(`${url} (from --endpoint-url)`);
    expect(error.hint).toContain('--endpoint-url');
    expect(received).toHaveLength(1);
  });

  test('take the odd shapes of clones: missing parts, empty elements, one page of two', async () => {
    const odd = `<LoadBalancerDescriptions><member><LoadBalancerName>odd</LoadBalancerName><HealthCheck/><Instances/>
<VPCId></VPCId><CreatedTime>2020-01-02T03:04:05.678Z</CreatedTime><BackendServerDescriptions><member><InstancePort>80</InstancePort><PolicyNames/></member></BackendServerDescriptions>
<ListenerDescriptions><member/><member><Listener><Protocol>TCP</Protocol><LoadBalancerPort>80</LoadBalancerPort><InstancePort>8080</InstancePort></Listener></member></ListenerDescriptions>
</member></LoadBalancerDescriptions>`;
    const { url, received } = await apiServer((_, nth) =>
      nth === 1
        ? success('DescribeLoadBalancers', '<LoadBalancerDescriptions/><NextMarker>odd</NextMarker>')
        : success('DescribeLoadBalancers', `${odd}<NextMarker/>`),
    );
    const pages = [];
    for await (const page of (await opened(url)).describeLoadBalancers()) pages.push(page);
    expect(pages).toEqual([
      [
        {
          name: 'odd',
          region: 'us-east-1',
          createdTime: '2020-01-02T03:04:05.678Z',
          listeners: [
            {
              protocol: 'TCP',
              loadBalancerPort: 80,
              instanceProtocol: 'TCP',
              instancePort: 8080,
              policyNames: [],
            },
          ],
          backendServers: [],
          instanceIds: [],
          missing: [{ field: 'ListenerDescriptions[].Listener' }],
        },
      ],
    ]);
    expect(received[1]?.form.get('Marker')).toBe('odd');
  });

  test.each([
    ['an HTML page', html(500), 'HTTP 500 with an HTML page'],
    ['an empty body', { status: 500, body: '' }, 'HTTP 500 with an empty body'],
  ] as const)(
    'report status 500 with %s as the server’s error after six attempts',
    async (_, reply, said) => {
      const { url, received } = await apiServer(() => reply);
      const error = await rejection(namesOf(await opened(url)));
      expect(error).toMatchObject({ code: 'service-error', fault: 'service' });
      expect(error.message).toContain(said);
      expect(error.message).toContain('after 6 attempts');
      expect(received).toHaveLength(6);
    },
  );

  test.each(['silence', 'half a body, then silence'] as const)(
    'end in a timeout after two attempts when the server answers with %s',
    async (reply) => {
      const { url, received } = await apiServer(() => reply);
      const started = performance.now();
      const error = await rejection(namesOf(await opened(url, { timeouts: impatient })));
      expect(error).toMatchObject({ code: 'timeout', fault: 'service' });
      expect(error.message).toContain('after 2 attempts');
      expect(received).toHaveLength(2);
      expect(performance.now() - started).toBeLessThan(20_000);
    },
  );

  test('name an endpoint where nothing listens, and the setting it came from', async () => {
    const error = await rejection(
      namesOf(await opened(undefined, { env: { ...bareEnv, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } })),
    );
    expect(error).toMatchObject({ code: 'unreachable-endpoint', fault: 'user' });
    expect(error.message).toBe(
      'DescribeLoadBalancers in us-east-1 failed after 3 attempts: http://127.0.0.1:9 (from AWS_ENDPOINT_URL) could not be reached: nothing listens there (ECONNREFUSED)',
    );
    expect(error.hint).toContain('remove AWS_ENDPOINT_URL');
  });

  test('name a TLS handshake that fails because the port speaks plain HTTP', async () => {
    const { url } = await apiServer(() => list);
    const error = await rejection(namesOf(await opened(url.replace('http:', 'https:'))));
    expect(error.code).toBe('unreachable-endpoint');
    expect(error.message).toBe(
      `DescribeLoadBalancers in us-east-1 failed: the TLS handshake with ${url.replace('http:', 'https:')} (from --endpoint-url) failed: it does not speak TLS there (EPROTO)`,
    );
    expect(error.hint).toBe(`try ${url} in --endpoint-url`);
  });
});

describe.concurrent('writes', () => {
  const replies = [
    ['Throttling', failure(400, 'Throttling'), 'Throttling', 'throttled'],
    ['DependencyThrottle', failure(400, 'DependencyThrottle'), 'DependencyThrottle', 'throttled'],
    ['a throttle with status 503', failure(503, 'SlowDown'), 'SlowDown', 'throttled'],
    ['a refusal', failure(409, 'InvalidConfigurationRequest'), 'InvalidConfigurationRequest', 'no'],
    ['an unknown load balancer', failure(400, 'LoadBalancerNotFound'), 'LoadBalancerNotFound', 'no'],
    ['expired credentials', failure(403, 'ExpiredToken'), 'ExpiredToken', 'no'],
    ['a denial', failure(403, 'AccessDenied'), 'AccessDenied', 'no'],
    ['a request timeout', failure(408, 'RequestTimeout'), 'RequestTimeout', 'unknown'],
    ['a server error', failure(500, 'InternalFailure'), 'InternalFailure', 'unknown'],
    ['an outage', failure(503, 'ServiceUnavailable'), 'ServiceUnavailable', 'unknown'],
    ['an HTML page with status 500', html(500), 'service-error', 'unknown'],
    ['an HTML page with status 200', html(200), 'not-an-elb-api', 'unknown'],
    ['an empty body', { body: '' }, 'not-an-elb-api', 'unknown'],
    ['another action’s answer', list, 'not-an-elb-api', 'unknown'],
    ['a reset', 'reset', 'connection-lost', 'unknown'],
    ['an answer that breaks off', 'half a body, then reset', 'connection-lost', 'unknown'],
    ['silence', 'silence', 'timeout', 'unknown'],
  ] as const;

  test.each(replies)('are sent once when the answer is %s', async (_, reply, code, effect) => {
    const { url, received } = await apiServer(() => reply);
    const elb = await opened(url, {
      env: { ...bareEnv, AWS_MAX_ATTEMPTS: '7', AWS_RETRY_MODE: 'adaptive' },
      ...(reply === 'silence' ? { timeouts: impatient } : {}),
    });
    const error = await rejection(elb.setLoadBalancerPoliciesForBackendServer('web', 8443, ['a']));
    expect(error.code).toBe(code);
    expect(elb.effectOf(error)).toBe(effect);
    expect(received).toHaveLength(1);
  });

  test.each([
    ['nothing listens', 'http://127.0.0.1:9', 'unreachable-endpoint'],
    ['the name does not exist', 'http://elb.invalid', 'unreachable-endpoint'],
  ])('have no effect where %s', async (_, url, code) => {
    const elb = await opened(url);
    const error = await rejection(elb.deleteLoadBalancerPolicy('web', 'p'));
    expect(error.code).toBe(code);
    expect(elb.effectOf(error)).toBe('no');
  });

  test('go out in the API’s form, an empty list as a bare PolicyNames', async () => {
    const { url, received } = await apiServer(({ action }, nth) => success(action, '', `request-${nth}`));
    const elb = await opened(url);
    const policy = {
      name: 'p',
      type: 'ProxyProtocolPolicyType',
      attributes: [{ name: 'ProxyProtocol', value: 'true' }],
    };
    expect(await elb.createLoadBalancerPolicy('web', policy)).toEqual({ requestId: 'request-1' });
    expect(await elb.setLoadBalancerPoliciesForBackendServer('web', 80, ['a', 'b'])).toEqual({
      requestId: 'request-2',
    });
    await elb.setLoadBalancerPoliciesForBackendServer('web', 80, []);
    await elb.deleteLoadBalancerPolicy('web', 'p');
    expect(received.map(({ body }) => body)).toEqual([
      'Action=CreateLoadBalancerPolicy&Version=2012-06-01&LoadBalancerName=web&PolicyName=p&PolicyTypeName=ProxyProtocolPolicyType&PolicyAttributes.member.1.AttributeName=ProxyProtocol&PolicyAttributes.member.1.AttributeValue=true',
      'Action=SetLoadBalancerPoliciesForBackendServer&Version=2012-06-01&LoadBalancerName=web&InstancePort=80&PolicyNames.member.1=a&PolicyNames.member.2=b',
      'Action=SetLoadBalancerPoliciesForBackendServer&Version=2012-06-01&LoadBalancerName=web&InstancePort=80&PolicyNames=',
      'Action=DeleteLoadBalancerPolicy&Version=2012-06-01&LoadBalancerName=web&PolicyName=p',
    ]);
  });

  test('are taken as done when a clone leaves the empty result element out', async () => {
    const { url } = await apiServer(({ action }) => ({
      body: `<${action}Response><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
    }));
    expect(await (await opened(url)).deleteLoadBalancerPolicy('web', 'p')).toEqual({ requestId: 'r' });
  });

  test('name the load balancer, the port and the region when they fail', async () => {
    const { url } = await apiServer(() => failure(409, 'InvalidConfigurationRequest', 'p cannot be enabled'));
    const elb = await opened(url, { region: 'eu-west-1' });
    const error = await rejection(elb.setLoadBalancerPoliciesForBackendServer('web', 8443, ['p']));
    expect(error.message).toBe(
      'SetLoadBalancerPoliciesForBackendServer for load balancer web, instance port 8443 in eu-west-1 failed: p cannot be enabled (InvalidConfigurationRequest)',
    );
  });

  test('are signed by this machine’s clock as reads have found it to be off', async () => {
    const ahead = 3_600_000;
    const { url, received } = await apiServer(({ action }) => ({
      ...(success(action, action.startsWith('Describe') ? '<LoadBalancerDescriptions/>' : '') as {
        readonly body: string;
      }),
      headers: { date: new Date(Date.now() + ahead).toUTCString() },
    }));
    const elb = await opened(url);
    await namesOf(elb);
    await elb.deleteLoadBalancerPolicy('web', 'p');
    const [, write] = received.map(({ headers }) => String(headers['x-amz-date']));
    const signed = Date.parse(write?.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5') ?? '');
    expect(signed - Date.now()).toBeGreaterThan(ahead - 60_000);
  });
});

describe('the debug hook', () => {
  test('is called for every attempt, and never sees a credential', async () => {
    const { url } = await apiServer((_, nth) => (nth === 1 ? failure(400, 'DependencyThrottle') : list));
    const calls: AwsCall[] = [];
    await namesOf(await opened(url, { onCall: (call) => calls.push(call) }), ['web']);
    expect(calls).toEqual([
      {
        action: 'DescribeLoadBalancers',
        region: 'us-east-1',
        loadBalancer: 'web',
        attempt: 1,
        maxAttempts: 6,
        httpStatus: 400,
        requestId: 'request-9',
        errorCode: 'DependencyThrottle',
        throttled: true,
        durationMs: expect.any(Number) as number,
      },
      {
        action: 'DescribeLoadBalancers',
        region: 'us-east-1',
        loadBalancer: 'web',
        attempt: 2,
        maxAttempts: 6,
        httpStatus: 200,
        requestId: 'request-1',
        durationMs: expect.any(Number) as number,
      },
    ]);
    expect(JSON.stringify(calls)).not.toMatch(/AKID|secret|authorization/i);
  });

  test('is called when no answer came', async () => {
    const calls: AwsCall[] = [];
    await rejection(
      (await opened('http://127.0.0.1:9', { onCall: (call) => calls.push(call) })).deleteLoadBalancerPolicy(
        'web',
        'p',
      ),
    );
    expect(calls).toMatchObject([
      { action: 'DeleteLoadBalancerPolicy', attempt: 1, maxAttempts: 1, errorCode: 'ECONNREFUSED' },
    ]);
  });
});
