import { createServer, request } from 'node:http';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { backend, balance, collect, instanceId, secondInstanceId, type Traffic, until } from './traffic.js';

const web = { LoadBalancerName: 'web' };

/** Two instances behind one port: each says where it is. The first sets the application's cookie when asked to. */
async function twoInstances(policy: object) {
  const servers = ['127.0.0.1', '127.0.0.2'].map((address) => ({
    address,
    server: createServer((incoming, response) => {
      if (incoming.url === '/login') response.setHeader('Set-Cookie', 'session=1; Path=/; Max-Age=60');
      response.end(address);
    }),
  }));
  let port = 0;
  for (const { address, server } of servers) {
    await new Promise<void>((resolve) => void server.listen(port, address, resolve));
    ({ port } = server.address() as AddressInfo);
  }
  const traffic = await balance(port, {
    protocol: 'HTTP',
    ids: [instanceId, secondInstanceId],
    instances: { [instanceId]: '127.0.0.1', [secondInstanceId]: '127.0.0.2' },
  });
  await traffic.elb.createLoadBalancerPolicy({ ...web, PolicyName: 'sticky', ...policy } as never);
  await traffic.elb.setLoadBalancerPoliciesOfListener({
    ...web,
    LoadBalancerPort: traffic.port,
    PolicyNames: ['sticky'],
  });
  return {
    traffic,
    [Symbol.asyncDispose]: async () => {
      await traffic[Symbol.asyncDispose]();
      for (const { server } of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

const ask = ({ host, port }: Traffic, path = '/', cookie?: string) =>
  new Promise<{ readonly from: string; readonly cookies: readonly string[] }>((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie };
    request({ host, port, path, headers, agent: false }, (response) => {
      let from = '';
      response.setEncoding('utf8').on('data', (text: string) => (from += text));
      response.on('end', () => resolve({ from, cookies: response.headers['set-cookie'] ?? [] }));
    })
      .on('error', reject)
      .end();
  });

it('stickiness by duration: the cookie AWSELB leads to the same instance, while it is in service', async () => {
  await using both = await twoInstances({
    PolicyTypeName: 'LBCookieStickinessPolicyType',
    PolicyAttributes: [{ AttributeName: 'CookieExpirationPeriod', AttributeValue: '300' }],
  });
  const { traffic } = both;
  const first = await ask(traffic);
  expect(first.cookies).toEqual([expect.stringMatching(/^AWSELB=[0-9A-F]{64};PATH=\/;MAX-AGE=300$/)]);
  const cookie = `other=1; ${first.cookies[0]?.split(';')[0]}`;
  for (let count = 0; count < 4; count++) {
    expect(await ask(traffic, '/', cookie)).toEqual({ from: first.from, cookies: [] });
  }
  const gone = first.from === '127.0.0.1' ? instanceId : secondInstanceId;
  await traffic.elb.deregisterInstancesFromLoadBalancer({ ...web, Instances: [{ InstanceId: gone }] });
  const moved = await ask(traffic, '/', cookie);
  expect(moved.from).not.toBe(first.from);
  expect(moved.cookies).toHaveLength(1);
  await traffic.elb.setLoadBalancerPoliciesOfListener({
    ...web,
    LoadBalancerPort: traffic.port,
    PolicyNames: [],
  });
  expect((await ask(traffic)).cookies).toEqual([]);
});

it('stickiness without a period lasts as long as the browser', async () => {
  await using both = await twoInstances({ PolicyTypeName: 'LBCookieStickinessPolicyType' });
  expect((await ask(both.traffic)).cookies).toEqual([expect.stringMatching(/^AWSELB=[0-9A-F]{64};PATH=\/$/)]);
});

it("stickiness by the application's cookie begins and lives with that cookie", async () => {
  await using both = await twoInstances({
    PolicyTypeName: 'AppCookieStickinessPolicyType',
    PolicyAttributes: [{ AttributeName: 'CookieName', AttributeValue: 'session' }],
  });
  const { traffic } = both;
  expect((await ask(traffic)).cookies).toEqual([]);
  const login = await ask(traffic, '/login');
  expect(login.cookies).toEqual([
    'session=1; Path=/; Max-Age=60',
    expect.stringMatching(/^AWSELB=[0-9A-F]{64};PATH=\/; Max-Age=60$/),
  ]);
  const bound = login.cookies[1]?.split(';')[0] ?? '';
  for (let count = 0; count < 4; count++) {
    expect((await ask(traffic, '/', `session=1; ${bound}`)).from).toBe(login.from);
  }
  const without = [await ask(traffic, '/', bound), await ask(traffic, '/', bound)];
  expect(new Set(without.map(({ from }) => from)).size).toBe(2);
});

/** The TLS version that a listener agrees to, or undefined when it refuses. */
const handshake = ({ host, port }: Traffic, version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
  new Promise<string | undefined>((resolve) => {
    const socket = connect({
      host,
      port,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol() ?? undefined);
      socket.destroy();
    });
    socket.once('error', () => resolve(undefined));
  });

it.each(['SSL', 'HTTPS'] as const)(
  'a %s listener speaks the TLS versions of its policy',
  async (protocol) => {
    await using instance = await backend();
    await using traffic = await balance(instance.port, {
      protocol,
      instanceProtocol: protocol === 'SSL' ? 'TCP' : 'HTTP',
    });
    const spoken = async (): Promise<readonly (string | undefined)[]> => [
      await handshake(traffic, 'TLSv1'),
      await handshake(traffic, 'TLSv1.1'),
      await handshake(traffic, 'TLSv1.2'),
      await handshake(traffic, 'TLSv1.3'),
    ];
    // ELBSecurityPolicy-2016-08, and no Classic Load Balancer knows TLS 1.3.
    expect(await spoken()).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', undefined]);
    const use = async (PolicyName: string, AttributeName: string, AttributeValue: string): Promise<void> => {
      await traffic.elb.createLoadBalancerPolicy({
        ...web,
        PolicyName,
        PolicyTypeName: 'SSLNegotiationPolicyType',
        PolicyAttributes: [{ AttributeName, AttributeValue }],
      });
      await traffic.elb.setLoadBalancerPoliciesOfListener({
        ...web,
        LoadBalancerPort: traffic.port,
        PolicyNames: [PolicyName],
      });
    };
    await use('strict', 'Reference-Security-Policy', 'ELBSecurityPolicy-TLS-1-2-2017-01');
    expect(await spoken()).toEqual([undefined, undefined, 'TLSv1.2', undefined]);
    await use('middle', 'Protocol-TLSv1.1', 'true');
    expect(await spoken()).toEqual([undefined, 'TLSv1.1', undefined, undefined]);
  },
);

it('an HTTP listener hands header names on as they came, both ways, and takes whole URLs', async () => {
  const answer =
    'HTTP/1.1 200 Fine\r\nX-ReQuest-ID: 7\r\nset-COOKIE: a=1\r\nset-COOKIE: b=2\r\nContent-length: 2\r\n\r\nok';
  await using instance = await backend();
  instance.server.on('connection', (socket) => socket.on('data', () => socket.write(answer)));
  await using traffic = await balance(instance.port, { protocol: 'HTTP' });
  const client = collect(connectPlain(traffic.port, traffic.host));
  client.socket.write(
    'GET http://other.example:81/path?query HTTP/1.1\r\nhOsT: ignored\r\nX-Odd-cAse: 1\r\nx-odd-CASE: 2\r\n\r\n',
  );
  await until(() => client.text().endsWith('ok'));
  expect(client.text()).toBe(answer.replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n'));
  const got = (await instance.connection(0)).text();
  expect(got.split('\r\n').slice(0, 4)).toEqual([
    'GET /path?query HTTP/1.1',
    'Host: other.example:81',
    'X-Odd-cAse: 1',
    'x-odd-CASE: 2',
  ]);
  client.socket.write('OPTIONS * HTTP/1.1\r\nHost: web\r\n\r\n');
  await until(async () =>
    (await instance.connection(0)).text().includes('OPTIONS * HTTP/1.1\r\nHost: web\r\n'),
  );
  client.socket.write('GET HTTP://other.example HTTP/1.1\r\nHost: web\r\n\r\n');
  await until(async () =>
    (await instance.connection(0)).text().includes('GET / HTTP/1.1\r\nHost: other.example\r\n'),
  );
  client.socket.destroy();
});

it('a body arrives as it was sent: with its length, in pieces, or none at all', async () => {
  await using instance = await backend();
  instance.server.on('connection', (socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
  );
  await using traffic = await balance(instance.port, { protocol: 'HTTP' });
  const bodies = [
    'content-LENGTH: 4\r\n\r\nbody',
    'Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n',
    '\r\n',
  ];
  const sent = ['content-LENGTH: 4\r\n', '4\r\nbody\r\n', 'Content-Length: 0\r\n'];
  for (const [index, body] of bodies.entries()) {
    const client = collect(connectPlain(traffic.port, traffic.host));
    client.socket.write(`POST /${index} HTTP/1.1\r\nHost: web\r\n${body}`);
    await until(() => client.text().includes('200 OK'));
    await until(() => instance.connections.some((one) => one.text().includes(sent[index] ?? '')));
    client.socket.destroy();
  }
});
