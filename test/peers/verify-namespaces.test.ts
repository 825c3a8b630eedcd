import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentText } from '../../src/core/instance-probe/document.js';
import { elbProxy } from '../helpers/elb-proxy.js';
import { startService } from '../helpers/service.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { onlyWith, python2, whereIs } from './engines.js';
import { findPeer } from './peer.js';
import { isRoot, Stage } from './verify-servers.js';

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const peers = [
  'iproute2=ip',
  'nftables=nft',
  'haproxy=haproxy',
  'nginx=nginx',
  'redis-server=redis-server',
].map((one) => {
  const [from = '', command = ''] = one.split('=');
  return findPeer(command, `apt-get install ${from}`, folders);
});
const possible = !peers.includes(undefined) && isRoot && canMakeNamespaces();
if (!peers.includes(undefined) && !possible) console.log('skipped: network namespaces need root');

const ids = ['i-0a1b2c3d4e5f60001', 'i-0a1b2c3d4e5f60002'] as const;
const spaces = [`elb-i20-${process.pid}-1`, `elb-i20-${process.pid}-2`] as const;
const [first, second] = ['10.99.1.2', '10.99.2.2'] as const;
/** Ports of an instance, and what a backend there does with the line. */
const ports = { haproxy: 8443, plain: 8080, redis: 6379, tls: 9443, nothing: 7777 } as const;

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function canMakeNamespaces(): boolean {
  try {
    ip('netns', 'add', `elb-i20-${process.pid}-t`);
    ip('netns', 'del', `elb-i20-${process.pid}-t`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Two network namespaces as instances, each with an address of its own and a firewall that lets in what comes from the
 * load balancer's address alone, as a security group does; to itself, an instance always gets through.
 */
describe.skipIf(!possible)('instances behind a firewall', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.share();
    for (const [index, space] of spaces.entries()) {
      const [host, inside] = [`elbh${process.pid % 10_000}${index}`, `elbi${process.pid % 10_000}${index}`];
      const net = `10.99.${index + 1}`;
      ip('netns', 'add', space);
      ip('link', 'add', host, 'type', 'veth', 'peer', 'name', inside);
      ip('link', 'set', inside, 'netns', space);
      ip('addr', 'add', `${net}.1/24`, 'dev', host);
      // The load balancer's own address.
      ip('addr', 'add', `${net}.9/24`, 'dev', host);
      ip('link', 'set', host, 'up');
      for (const words of [
        ['addr', 'add', `${net}.2/24`, 'dev', inside],
        ['link', 'set', inside, 'up'],
        ['link', 'set', 'lo', 'up'],
      ])
        ip('-n', space, ...words);
      const rules = `table inet f { chain i { type filter hook input priority 0; policy drop; iif lo accept; ip saddr ${net}.9 accept; }; }`;
      execFileSync('ip', ['netns', 'exec', space, 'nft', '-f', '-'], { input: rules });
    }
    const pem = await stage.file('both.pem', `${certificate}\n${privateKey}`, 0o644);
    const haproxy = await stage.file(
      'haproxy.cfg',
      `defaults\n  timeout connect 1s\n  timeout client 5s\n  timeout server 5s\n  mode http\nfrontend p\n  bind ${first}:${ports.haproxy} accept-proxy\n  http-request return status 200\nfrontend t\n  bind ${first}:${ports.tls} ssl crt ${pem}\n  http-request return status 200\n`,
      0o644,
    );
    const nginx = await stage.file(
      'nginx.conf',
      `daemon off;\nmaster_process off;\nerror_log ${join(stage.folder, 'e.log')};\npid ${join(stage.folder, 'n.pid')};\nevents {}\nhttp { access_log off; client_body_temp_path ${stage.folder}; proxy_temp_path ${stage.folder}; fastcgi_temp_path ${stage.folder}; uwsgi_temp_path ${stage.folder}; scgi_temp_path ${stage.folder}; server { listen ${second}:${ports.haproxy}; location / { return 200; } } }\n`,
      0o644,
    );
    await inSpace(0, first, [ports.haproxy, ports.tls], 'haproxy', '-db', '-f', haproxy);
    await inSpace(1, second, [ports.haproxy], 'nginx', '-c', nginx, '-p', stage.folder);
    await inSpace(
      0,
      first,
      [ports.redis],
      'redis-server',
      '--port',
      String(ports.redis),
      '--bind',
      first,
      '--save',
      '',
      '--protected-mode',
      'no',
      '--dir',
      stage.folder,
    );
  });

  afterAll(async () => {
    for (const child of children) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    for (const space of spaces) ip('netns', 'del', space);
    await stage[Symbol.asyncDispose]();
  });

  const children: ReturnType<typeof spawn>[] = [];

  /** Starts a program on an instance, and waits until its ports are open there. */
  async function inSpace(
    index: 0 | 1,
    address: string,
    open: readonly number[],
    ...command: readonly string[]
  ): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', spaces[index], ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
    children.push(child);
    for (const port of open) {
      for (let attempt = 0; !listens(index, address, port); attempt++) {
        if (attempt > 200 || child.exitCode !== null)
          throw new Error(`${command[0]} does not listen: ${said}`);
        await delay(50);
      }
    }
  }

  function listens(index: 0 | 1, address: string, port: number): boolean {
    const all = execFileSync('ip', ['netns', 'exec', spaces[index], 'cat', '/proc/net/tcp'], {
      encoding: 'utf8',
    });
    const digits = Buffer.from(address.split('.').map(Number).toReversed()).toString('hex').toUpperCase();
    return all.includes(`${digits}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`);
  }

  /** Verdicts of both instances on a port. */
  async function verdicts(
    instancePort: number,
    from: 'here' | 'instances',
    {
      shells,
      more = [],
      instances = ids,
    }: { shells?: readonly string[]; more?: readonly string[]; instances?: readonly string[] } = {},
  ) {
    const shellOf = (index: 0 | 1) => ['ip', 'netns', 'exec', spaces[index], ...(shells ?? ['sh'])];
    await using service = await startService(
      {
        loadBalancers: [
          { name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort }], instances },
        ],
      },
      {
        dataPlane: false,
        instances: { [ids[0]]: first, [ids[1]]: second },
        instanceShells: { [ids[0]]: shellOf(0), [ids[1]]: shellOf(1) },
      },
    );
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    const client = new SSM({ endpoint: service.endpoint, region: 'us-east-1', credentials });
    await client.createDocument({ Name: 'elb-proxy-probe', Content: documentText });
    const ran = await elbProxy(
      [
        'verify',
        'backend',
        '--load-balancer',
        'web',
        '--port',
        String(instancePort),
        '--from',
        from,
        '--allow-inconclusive',
        '--timeout',
        '1',
        '-o',
        'json',
        ...more,
      ],
      {
        env: {
          AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: service.endpoint,
          AWS_ENDPOINT_URL_EC2: service.endpoint,
          AWS_ENDPOINT_URL_SSM: service.endpoint,
        },
      },
    );
    const { results } = ran.json();
    return {
      said: results.map(({ verdict, confidence }: Record<string, string>) => `${verdict} ${confidence}`),
      results,
    };
  }

  it('can’t be judged from here, but can from the targets themselves', async () => {
    const here = await verdicts(ports.haproxy, 'here');
    expect(here.said).toEqual(['inconclusive strong', 'inconclusive strong']);
    const there = await verdicts(ports.haproxy, 'instances');
    expect(there.said).toEqual(['requires-proxy strong', 'no-proxy strong']);
    expect(there.results.map(({ seenFrom }: Record<string, string>) => seenFrom)).toEqual([first, second]);
    expect(
      there.results[0].evidence.find(({ probe }: Record<string, string>) => probe === 'v1+http').sent.text,
    ).toMatch(new RegExp(`^PROXY TCP4 ${first} ${first} \\d+ ${ports.haproxy}\\\\r\\\\n`));
  });

  it.each<[port: keyof typeof ports, said: string, more?: readonly string[]]>([
    ['tls', 'no-proxy strong'],
    ['redis', 'no-proxy strong', ['--send', 'PING\\r\\n', '--expect-reply', '+PONG']],
    ['nothing', 'inconclusive strong'],
  ])('%s: %s', async (port, said, more = []) => {
    const there = await verdicts(ports[port], 'instances', { more, instances: [ids[0]] });
    expect(there.said, JSON.stringify(there.results, null, 1)).toEqual([said]);
  });

  const two = python2();
  const engines: readonly (readonly [engine: string, interpreters: Readonly<Record<string, string>>])[] = [
    ['bash', {}],
    ...(two === undefined ? [] : [['python2', { python2: two }] as const]),
    ['python3', { python3: whereIs('python3') ?? '/usr/bin/python3' }],
  ];
  it.each(engines)('are judged by %s alone', async (engine, interpreters) => {
    const path = onlyWith(join(stage.folder, engine), interpreters);
    const there = await verdicts(ports.haproxy, 'instances', { shells: ['env', `PATH=${path}`, 'sh'] });
    expect(there.said).toEqual(['requires-proxy strong', 'no-proxy strong']);
  });

  it('are inconclusive where nothing there can open a connection', async () => {
    const path = onlyWith(join(stage.folder, 'none'), {}, ['bash']);
    const there = await verdicts(ports.haproxy, 'instances', { shells: ['env', `PATH=${path}`, 'sh'] });
    expect(there.said).toEqual(['inconclusive weak', 'inconclusive weak']);
    expect(there.results[0].reason).toContain('neither Python nor a bash');
  });

  it('probe no address but their own', async () => {
    const seen: string[] = [];
    const server = createServer((socket) => {
      seen.push(socket.remoteAddress ?? '');
      socket.destroy();
    }).listen(0, '10.99.1.1');
    await once(server, 'listening');
    const { scriptWith } = await import('../../src/core/instance-probe/parameters.js');
    const port = String((server.address() as { port: number }).port);
    const item = 'N/*/5//4845////1/1';
    for (const Addresses of ['10.99.1.1', '127.0.0.1', '10.99.2.2']) {
      const text = scriptWith({ Addresses, Port: port, Exchanges: item });
      const said = execFileSync('ip', ['netns', 'exec', spaces[0], 'sh', '-c', text], { encoding: 'utf8' });
      expect(said).toMatch(/^elb-proxy 1 \S+ H4sI\S+ end\n$/);
    }
    expect(seen).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});
