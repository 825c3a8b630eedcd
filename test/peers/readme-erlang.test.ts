import { readFile } from 'node:fs/promises';
import { createServer, get, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elbProxy } from '../helpers/elb-proxy.js';
import { freePorts } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { balanceNetwork } from '../local/elbv2/network-traffic.js';
import { balance, collect, until } from '../local/traffic.js';
import { askWebSocket } from '../readme/ask-web-socket.js';
import { adapted, client, recipe } from '../readme/recipe.js';
import { hasCowboy, runCowboy } from './erlang.js';
import { findPeer } from './peer.js';
import { Stage, verdictOn } from './verify-servers.js';

const haproxy = findPeer('haproxy', 'apt-get install haproxy');

/** The body of an answer to a client at {@link client}. */
const ask = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host, port, agent: false, localAddress: client }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', reject).on('end', () => resolve(body));
    }).on('error', reject);
  });

describe.skipIf(!hasCowboy)('the README’s Erlang backend, with the ranch and cowboy of RabbitMQ', () => {
  let stage: Stage;
  let ports: Record<'web' | 'tcp', number>;
  let log: string;

  beforeAll(async () => {
    stage = await Stage.open();
    ports = await freePorts('web', 'tcp');
    log = join(stage.folder, 'log');
    const at = (port: number): string => `{ip, {127, 0, 0, 1}}, {port, ${port}}`;
    const source = adapted(recipe('erlang'), {
      '{port, 9000}': at(ports.web),
      '{port, 9001}': at(ports.tcp),
    });
    const handler = `[{handler,default,logger_std_h,#{config=>#{file=>"${log}"}}}]`;
    const argv = ['-kernel', 'logger', handler];
    await runCowboy(stage, { module: 'hello', source, start: 'hello:start().', argv }, [
      ports.web,
      ports.tcp,
    ]);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  it('sends clients their address by HTTP and WebSocket, through a load balancer with the policy', async () => {
    await using web = await balance(ports.web);
    await web.enable();
    expect(await ask(web.host, web.port)).toBe(`hello, ${client}`);
    expect(await askWebSocket(web.host, web.port, '/ws')).toBe(`hello, ${client}`);
  });

  it('sends it in its own protocol, too', async () => {
    await using tcp = await balance(ports.tcp);
    await tcp.enable();
    const { socket, text } = collect(connect({ host: tcp.host, port: tcp.port, localAddress: client }));
    await until(() => text() === `hello, ${client}`);
    socket.destroy();
  });

  it('answers clients of a Network Load Balancer, and its health checks', async () => {
    await using edge = await balanceNetwork({
      groups: [
        {
          port: ports.web,
          attributes: { 'proxy_protocol_v2.enabled': 'true' },
          healthCheck: { protocol: 'HTTP' },
        },
      ],
    });
    expect(await ask(edge.host, edge.port)).toBe(`hello, ${client}`);
    expect(await askWebSocket(edge.host, edge.port, '/ws')).toBe(`hello, ${client}`);
  });

  it.skipIf(haproxy === undefined)(
    'sends it to WebSocket clients behind haproxy-config; plain requests go elsewhere, without the line',
    async () => {
      const plain: IncomingHttpHeaders[] = [];
      const server = createServer((request, response) => {
        plain.push(request.headers);
        response.end('plain');
      });
      await using front = await Stage.open();
      const instancePort = await front.listen(server);
      const { http, tcp } = await freePorts('http', 'tcp');
      await using service = await startService(
        {
          loadBalancers: [
            {
              name: 'web',
              listeners: [
                { protocol: 'HTTP', loadBalancerPort: http, instancePort },
                { protocol: 'TCP', loadBalancerPort: tcp, instancePort: ports.web },
              ],
              policies: [
                {
                  policyName: 'pp',
                  policyTypeName: 'ProxyProtocolPolicyType',
                  attributes: { ProxyProtocol: 'true' },
                },
              ],
              backendPolicies: [{ instancePort: ports.web, policyNames: ['pp'] }],
              healthCheck: { target: `TCP:${instancePort}` },
            },
          ],
        },
        { dataPlane: false },
      );
      const argv = ['haproxy-config', 'web', '--backend', '127.0.0.1'];
      const made = await elbProxy(argv, { endpoint: service.endpoint });
      expect([made.code, made.stderr]).toEqual([0, '']);
      await front.run(
        haproxy ?? '',
        ['-db', '-f', await front.file('haproxy.cfg', made.stdout)],
        [http, tcp],
      );
      expect(await ask('127.0.0.1', http)).toBe('plain');
      expect(plain).toEqual([expect.objectContaining({ 'x-forwarded-for': client })]);
      expect(await askWebSocket('127.0.0.1', http, '/ws')).toBe(`hello, ${client}`);
      expect(await askWebSocket('127.0.0.1', tcp, '/ws')).toBe(`hello, ${client}`);
      expect(plain).toHaveLength(1);
    },
  );

  it('closes connections without the line, and says why in its log as the README has it', async () => {
    await expect(ask('127.0.0.1', ports.web)).rejects.toThrow(/hang up|ECONNRESET/);
    const what = 'The PROXY protocol header signature was not recognized';
    expect(await readFile('README.md', 'utf8')).toContain(what);
    await until(async () => (await readFile(log, 'utf8')).includes(what));
  });

  it.each([
    ['web', 'auto'],
    ['web', 'http'],
    ['tcp', 'auto'],
  ] as const)('verify backend finds that %s requires the line, asked as %s', async (name, app) => {
    const { said, result } = await verdictOn(ports[name], { app });
    expect(said, JSON.stringify(result, null, 1)).toBe('requires-proxy strong');
  });
});
