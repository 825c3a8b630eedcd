import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { freePorts } from '../helpers/free-ports.js';
import { type RunningV2, startV2 } from '../local/elbv2/stage.js';
import { somePort, until } from '../local/traffic.js';
import { hasCowboy, runCowboy } from './erlang.js';
import { findPeer } from './peer.js';
import { Stage } from './verify-servers.js';

const programs = {
  haproxy: findPeer('haproxy', 'apt-get install haproxy'),
  nginx: findPeer('nginx', 'apt-get install nginx'),
  apache2: findPeer('apache2', 'apt-get install apache2'),
  lighttpd: findPeer('lighttpd', 'apt-get install lighttpd', [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
  ]),
  cowboy: hasCowboy ? 'cowboy' : undefined,
  adapter: process.execPath,
};
type Program = keyof typeof programs;
type Kind = 'plain' | 'requires';

/** Where a server listens, with the PROXY protocol required and without, and where it writes whom it served. */
type Ports = Readonly<Record<Kind, number>>;

const client = '127.0.0.77';

/** Starts a server that answers GET /up.txt on both of its ports. */
const starters: Readonly<Record<Program, (stage: Stage, ports: Ports) => Promise<void>>> = {
  haproxy: async (stage, { plain, requires }) => {
    const file = await stage.file(
      'haproxy.cfg',
      `defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
frontend plain
  bind 127.0.0.1:${plain}
  http-request return status 200 content-type text/plain lf-string "%[src]"
frontend requires
  bind 127.0.0.1:${requires} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src]"
`,
    );
    await stage.run(programs.haproxy ?? '', ['-db', '-f', file], [plain, requires]);
  },
  nginx: async (stage, { plain, requires }) => {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${stage.folder}/${name};`)
      .join('\n');
    const file = await stage.file(
      'nginx.conf',
      `daemon off; master_process off; pid ${stage.folder}/nginx.pid; error_log ${stage.folder}/error.log; events {}
http {
${temporary}
access_log off;
server { listen 127.0.0.1:${plain}; return 200 "$remote_addr"; }
server { listen 127.0.0.1:${requires} proxy_protocol; return 200 "$proxy_protocol_addr"; }
}
`,
    );
    const argv = ['-p', stage.folder, '-c', file, '-e', `${stage.folder}/error.log`];
    await stage.run(programs.nginx ?? '', argv, [plain, requires]);
  },
  apache2: async (stage, { plain, requires }) => {
    await stage.share();
    await stage.file('up.txt', 'up', 0o644);
    const modules = ['mpm_event', 'authz_core', 'remoteip']
      .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
      .join('\n');
    const host = (port: number, body: string) =>
      `Listen 127.0.0.1:${port}\n<VirtualHost 127.0.0.1:${port}>\n${body}\n</VirtualHost>`;
    const file = await stage.file(
      'apache.conf',
      `ServerRoot ${stage.folder}
ServerName localhost
PidFile ${stage.folder}/apache.pid
DefaultRuntimeDir ${stage.folder}
ErrorLog ${stage.folder}/apache.log
DocumentRoot ${stage.folder}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${modules}
Mutex pthread
LogFormat "%a %U" seen
${host(plain, '')}
${host(requires, `RemoteIPProxyProtocol On\nCustomLog ${stage.folder}/seen.log seen`)}
`,
    );
    await stage.run(programs.apache2 ?? '', ['-D', 'FOREGROUND', '-f', file], [plain, requires]);
  },
  lighttpd: async (stage, { plain, requires }) => {
    await stage.file('up.txt', 'up', 0o644);
    const serve = async (name: string, port: number, more: string) => {
      const file = await stage.file(
        `${name}.conf`,
        `server.modules = ("mod_extforward", "mod_accesslog")
server.document-root = "${stage.folder}"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${stage.folder}/${name}.log"
${more}
`,
      );
      await stage.run(programs.lighttpd ?? '', ['-D', '-f', file], [port]);
    };
    await serve('plain', plain, '');
    await serve(
      'requires',
      requires,
      `extforward.hap-PROXY = "enable"
extforward.forwarder = ("all" => "trust")
accesslog.filename = "${stage.folder}/seen.log"
accesslog.format = "%h %U"`,
    );
  },
  cowboy: async (stage, { plain, requires }) => {
    // A health check's header has no addresses: the peer is then the client.
    const source = `-module(up).
-export([start/2, init/2]).
start(Plain, Requires) ->
    Env = #{dispatch => cowboy_router:compile([{'_', [{"/up.txt", up, []}]}])},
    At = fun(Port) -> [{ip, {127, 0, 0, 1}}, {port, Port}] end,
    {ok, _} = cowboy:start_clear(plain, At(Plain), #{env => Env}),
    {ok, _} = cowboy:start_clear(requires, At(Requires), #{env => Env, proxy_header => true}).
init(Req = #{proxy_header := #{src_address := Address}}, State) -> reply(Address, Req, State);
init(Req = #{peer := {Address, _}}, State) -> reply(Address, Req, State).
reply(Address, Req, State) -> {ok, cowboy_req:reply(200, #{}, inet:ntoa(Address), Req), State}.
`;
    await runCowboy(stage, { module: 'up', source, start: `up:start(${plain}, ${requires}).` }, [
      plain,
      requires,
    ]);
  },
  adapter: async (stage, ports) => {
    for (const kind of ['plain', 'requires'] as const) {
      const server = createServer(({ socket }, response) => void response.end(socket.remoteAddress));
      if (kind === 'requires') acceptProxyProtocol(server, { trusted: ['127.0.0.0/8'] });
      await stage.listen(server, ports[kind]);
    }
  },
};

// The table of what a group sends, what its backend is, and what each check says of it (facts about health checks).
const cells: readonly (readonly [on: boolean, kind: Kind, check: string, state: string])[] = [
  [false, 'plain', 'HTTP', 'healthy'],
  [false, 'plain', 'HTTP elsewhere', 'healthy'],
  [false, 'plain', 'TCP', 'healthy'],
  [true, 'plain', 'HTTP', 'unhealthy'],
  [true, 'plain', 'HTTP elsewhere', 'unhealthy'],
  [true, 'plain', 'TCP', 'healthy'],
  [false, 'requires', 'HTTP', 'unhealthy'],
  [false, 'requires', 'HTTP elsewhere', 'healthy'],
  [false, 'requires', 'TCP', 'healthy'],
  [true, 'requires', 'HTTP', 'healthy'],
  [true, 'requires', 'HTTP elsewhere', 'unhealthy'],
  [true, 'requires', 'TCP', 'healthy'],
];

/** A group and a listener for each cell. */
function seedOf(ports: Ports, first: number): Seed {
  const targetGroups = cells.map(([on, kind, check], n) => ({
    name: `cell-${n}`,
    protocol: 'TCP',
    port: ports[kind],
    targetType: 'ip' as const,
    targets: ['127.0.0.1'],
    attributes: { 'proxy_protocol_v2.enabled': String(on) },
    healthCheck: {
      interval: 1,
      timeout: 1,
      ...(check === 'TCP' ? { protocol: 'TCP' } : { protocol: 'HTTP', path: '/up.txt' }),
      ...(check === 'HTTP elsewhere' ? { port: ports.plain } : {}),
    },
  }));
  const listeners = targetGroups.map(({ name }, n) => ({
    protocol: 'TCP',
    port: first + n,
    targetGroups: [name],
  }));
  return { elbv2: { targetGroups, loadBalancers: [{ name: 'edge', listeners }] } };
}

/** Asks through a listener, from an address of its own; gives the whole answer. */
async function ask(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, ...(process.platform === 'linux' ? { localAddress: client } : {}) });
  socket.write('GET /up.txt HTTP/1.0\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe.each(Object.keys(programs) as Program[])('%s behind a Network Load Balancer of local', (program) => {
  describe.skipIf(programs[program] === undefined)('', () => {
    let stage: Stage;
    let running: RunningV2;
    let first = 0;

    beforeAll(async () => {
      stage = await Stage.open();
      const ports = await freePorts('plain', 'requires');
      await starters[program](stage, ports);
      for (let attempt = 0; attempt < 10; attempt++) {
        first = somePort();
        running = await startV2({ dataPlane: true, seed: seedOf(ports, first) });
        if (running.local.openNetworkPorts().every(({ addresses }) => addresses.length > 0)) return;
        await running[Symbol.asyncDispose]();
      }
    });
    afterAll(async () => {
      await running?.[Symbol.asyncDispose]();
      await stage?.[Symbol.asyncDispose]();
    });

    const stateOf = async (n: number): Promise<string | undefined> => {
      const TargetGroupArn = running.local.elbv2().targetGroups[n]?.arn;
      const { TargetHealthDescriptions } = await running.v2.describeTargetHealth({ TargetGroupArn });
      return TargetHealthDescriptions?.[0]?.TargetHealth?.State;
    };

    it.each(cells.map((cell, n) => [...cell, n] as const))(
      'on: %s, its port: %s, the check: %s: its target is %s',
      async (_on, _kind, _check, state, n) => {
        expect(await until(async () => (await stateOf(n)) === state, 30_000)).toBe(true);
      },
    );

    it('sees the client', async () => {
      const { host, n } = {
        host: running.local.elbv2().loadBalancers[0]?.dnsName ?? '',
        n: cells.findIndex(([on, kind]) => on && kind === 'requires'),
      };
      const from = process.platform === 'linux' ? client : '127.0.0.1';
      const answer = await ask(host, first + n);
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
      if (program === 'apache2' || program === 'lighttpd') {
        await until(async () =>
          (await readFile(`${stage.folder}/seen.log`, 'utf8')).includes(`${from} /up.txt`),
        );
      } else {
        expect(answer).toMatch(new RegExp(`\r\n\r\n${from}$`));
      }
    });
  });
});
