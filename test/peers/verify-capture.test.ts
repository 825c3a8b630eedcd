import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { elbProxy, type RunOptions } from '../helpers/elb-proxy.js';
import { freePorts } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { balanceNetwork } from '../local/elbv2/network-traffic.js';
import { findPeer } from './peer.js';
import { isRoot, Stage, silent } from './verify-servers.js';

const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/sbin'];
const tcpdump = findPeer('tcpdump', 'apt-get install tcpdump', folders);
const tshark = findPeer('tshark', 'apt-get install tshark', folders);
const haproxy = findPeer('haproxy', 'apt-get install haproxy', folders);
const possible = tcpdump !== undefined && tshark !== undefined && haproxy !== undefined && isRoot;
if (!isRoot) console.log('skipped: packets are captured by root only');

/** One connection as a capture shows it. */
interface Shown {
  readonly verdict: string;
  readonly version?: number;
  readonly family?: string;
  readonly source?: { readonly address: string; readonly port: number };
  readonly from: string;
  readonly pieces?: number;
}

describe.skipIf(!possible)('captures of tcpdump and tshark, read by verify capture', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
    await stage.share();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** Captures a port of the loopback interface into a file, while something happens there. */
  async function captured(
    port: number,
    happen: () => Promise<unknown>,
    {
      by = 'tcpdump',
      more = [],
    }: { readonly by?: 'tcpdump' | 'tshark'; readonly more?: readonly string[] } = {},
  ): Promise<string> {
    const file = join(stage.folder, `${by}-${port}-${Math.round(performance.now())}`);
    // Immediately, and a packet at a time.
    const argv =
      by === 'tcpdump'
        ? ['-i', 'lo', '-U', '--immediate-mode', '-Z', 'root', '-w', file, ...more, `port ${port}`]
        : ['-i', 'lo', '-q', '-w', file, ...more, '-f', `port ${port}`];
    const program = spawn((by === 'tcpdump' ? tcpdump : tshark) ?? '', argv, {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await told(program, by === 'tcpdump' ? /listening on/ : /Capturing on/);
    await untilCaptured(`begin ${port}`, port, file);
    await happen();
    await untilCaptured(`end ${port}`, port, file);
    const exited = once(program, 'exit');
    if (!program.kill('SIGINT')) throw new Error(`${by} ended by itself`);
    await exited;
    return file;
  }

  /** Says something to a port, and waits for the end. */
  async function say(
    port: number,
    pieces: readonly string[],
    host = '127.0.0.1',
    pause = 150,
  ): Promise<number> {
    const socket = connect({ port, host, noDelay: true });
    await once(socket, 'connect');
    const { localPort = 0 } = socket;
    for (const piece of pieces) {
      socket.write(piece);
      await delay(pause);
    }
    socket.destroy();
    return localPort;
  }

  async function connections(
    file: string,
    port: number,
    options: RunOptions = {},
  ): Promise<readonly Shown[]> {
    const ran = await elbProxy(['verify', 'capture', file, '--port', String(port), '-o', 'json'], options);
    return ran.json().connections as readonly Shown[];
  }

  it.each(['tcpdump', 'tshark'] as const)(
    '%s, in front of HAProxy: send-proxy and send-proxy-v2, over IPv4 and IPv6',
    async (by) => {
      const { v1, v2, six } = await freePorts('v1', 'v2', 'six');
      const sink = await stage.listen(silent());
      const other = createServer((socket) => void socket.resume().on('error', () => undefined)).listen(
        0,
        '::1',
      );
      await once(other, 'listening');
      const sinkSix = (other.address() as { port: number }).port;
      const config = await stage.file(
        `h-${by}.cfg`,
        ['defaults\n  mode tcp\n  timeout connect 1s\n  timeout client 5s\n  timeout server 5s']
          .concat(
            `listen a\n  bind 127.0.0.1:${v1}\n  server s 127.0.0.1:${sink} send-proxy`,
            `listen b\n  bind 127.0.0.1:${v2}\n  server s 127.0.0.1:${sink} send-proxy-v2`,
            `listen c\n  bind ::1:${six}\n  server s [::1]:${sinkSix} send-proxy\n`,
          )
          .join('\n'),
      );
      await stage.run(haproxy ?? '', ['-db', '-f', config], [v1, v2]);
      const clients: number[] = [];
      const file = await captured(
        sink,
        async () => {
          clients.push(await say(v1, ['GET / HTTP/1.1\r\n\r\n']), await say(v2, ['GET / HTTP/1.1\r\n\r\n']));
        },
        { by },
      );
      const seen = await connections(file, sink);
      // HAProxy may still be at those that saw whether it listens.
      const proxied = seen.filter(({ source }) => source !== undefined && clients.includes(source.port));
      expect(proxied.map(({ verdict, source }) => [verdict, source?.port])).toEqual([
        ['proxy-v1', clients[0]],
        ['proxy-v2', clients[1]],
      ]);
      const fileSix = await captured(sinkSix, async () => clients.push(await say(six, ['hello'], '::1')), {
        by,
      });
      const last = (await connections(fileSix, sinkSix)).find(({ source }) => source?.port === clients[2]);
      expect(last).toMatchObject({
        verdict: 'proxy-v1',
        family: 'TCP6',
        source: { address: '::1', port: clients[2] },
      });
      await new Promise((resolve) => other.close(resolve));
    },
  );

  it('names the client of each connection that local’s data plane makes', async () => {
    const port = await stage.listen(silent());
    await using service = await startService(
      {
        loadBalancers: [
          {
            name: 'web',
            listeners: [{ protocol: 'TCP', loadBalancerPort: 4443, instancePort: port }],
            policies: [
              {
                policyName: 'p',
                policyTypeName: 'ProxyProtocolPolicyType',
                attributes: { ProxyProtocol: 'true' },
              },
            ],
            backendPolicies: [{ instancePort: port, policyNames: ['p'] }],
            instances: ['i-0a1b2c3d4e5f60001'],
            healthCheck: { target: `TCP:${port}` },
          },
        ],
      },
      { dataPlane: true },
    );
    const [open] = service.local.openPorts();
    const [address = ''] = open?.addresses ?? [];
    const host = address.replace(/:\d+$/, '');
    await expect.poll(() => reaches(4443, host)).toBe(true);
    const clients: number[] = [];
    const file = await captured(port, async () => {
      for (let one = 0; one < 3; one++) clients.push(await say(4443, ['GET / HTTP/1.1\r\n\r\n'], host));
    });
    const seen = (await connections(file, port)).filter(({ source }) => clients.includes(source?.port ?? 0));
    expect(seen.map(({ verdict, source }) => [verdict, source?.port])).toEqual(
      clients.map((own) => ['proxy-v1', own]),
    );
  });

  it('names what a Network Load Balancer of local sends: clients, its own checks, and a checksum that is wrong', async () => {
    let checks = 0;
    const server = createHttpServer((request, response) => {
      if (request.headers['user-agent']?.startsWith('ELB-HealthChecker') === true) checks += 1;
      response.end('hello');
    });
    acceptProxyProtocol(server, { trusted: ['127.0.0.0/8'] });
    const port = await stage.listen(server);
    await using edge = await balanceNetwork({
      groups: [
        {
          port,
          attributes: { 'proxy_protocol_v2.enabled': 'true' },
          healthCheck: { protocol: 'HTTP' },
        },
      ],
    });
    const clients: number[] = [];
    const file = await captured(port, async () => {
      const before = checks;
      for (let one = 0; one < 2; one++)
        clients.push(await say(edge.port, ['GET / HTTP/1.1\r\nHost: web\r\n\r\n'], edge.host));
      await expect.poll(() => checks).toBeGreaterThan(before);
    });
    const common = { verdict: 'proxy-v2', version: 2, sender: 'network-load-balancer', data: 'http' };
    const seen = await connections(file, port);
    expect(seen.filter(({ source }) => source !== undefined)).toMatchObject(
      clients.map((own) => ({
        ...common,
        command: 'PROXY',
        family: 'TCP4',
        source: { address: '127.0.0.1', port: own },
        destination: { address: edge.host, port: edge.port },
      })),
    );
    const own = seen.filter(({ source }) => source === undefined);
    expect(own.length).toBeGreaterThan(0);
    for (const check of own) expect(check).toMatchObject({ ...common, command: 'LOCAL', healthCheck: true });
    const ran = await elbProxy(['verify', 'capture', file, '--port', String(port)]);
    expect(ran.stdout).toContain('a health check of a Network Load Balancer');
    expect(ran.stdout).toContain('with a checksum and padding, 100 bytes');

    // One bit of the first client's address, under the checksum of before.
    const bytes = await readFile(file);
    const header = bytes.indexOf(Buffer.from('0d0a0d0a000d0a515549540a2111', 'hex'));
    bytes.writeUInt8((bytes[header + 19] ?? 0) ^ 1, header + 19);
    const changed = `${file}-changed`;
    await writeFile(changed, bytes);
    const [wrong, right] = (await connections(changed, port)).filter(({ from }) =>
      seen.some((one) => one.from === from && one.source !== undefined),
    );
    expect(wrong).toMatchObject({ verdict: 'malformed', reason: expect.stringMatching(/CRC|checksum/) });
    expect(right).toMatchObject({ verdict: 'proxy-v2' });
  });

  it('puts a line together that came in pieces, and says so', async () => {
    const port = await stage.listen(silent());
    const file = await captured(port, () => say(port, ['PROXY TCP4 10.0.0.1 10.0', '.0.2 5 6\r\n', 'hello']));
    expect(await connections(file, port)).toMatchObject([{ verdict: 'proxy-v1', pieces: 2 }]);
  });

  it('judges no connection that began before the capture, and goes on to the next', async () => {
    const port = await stage.listen(silent());
    const early = connect(port, '127.0.0.1');
    await once(early, 'connect');
    const file = await captured(port, async () => {
      early.write('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n');
      await say(port, ['GET / HTTP/1.1\r\n\r\n']);
    });
    early.destroy();
    const ran = await elbProxy(['verify', 'capture', file, '--port', String(port), '-o', 'json']);
    const { connections: judged, notJudged } = ran.json();
    expect(judged).toMatchObject([{ verdict: 'absent' }]);
    expect(JSON.stringify(notJudged)).toContain('before');
  });

  it('judges nothing from packets that were cut short (-s 64)', async () => {
    const port = await stage.listen(silent());
    const file = await captured(
      port,
      () => say(port, ['PROXY TCP4 10.0.0.1 10.0.0.2 5 6\r\nGET / HTTP/1.1\r\n\r\n']),
      {
        more: ['-s', '64'],
      },
    );
    const ran = await elbProxy(['verify', 'capture', file, '--port', String(port), '-o', 'json']);
    expect(ran.json().connections).toEqual([]);
    expect(JSON.stringify(ran.json())).toMatch(/snap|-s 0|cut/);
  });

  it('reads a file that was cut as far as it goes, and says so', async () => {
    const port = await stage.listen(silent());
    const file = await captured(port, async () => {
      await say(port, ['PROXY TCP4 10.0.0.1 10.0.0.2 5 6\r\n']);
      await say(port, ['PROXY TCP4 10.0.0.1 10.0.0.2 7 8\r\n']);
    });
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length - 20));
    const ran = await elbProxy(['verify', 'capture', file, '--port', String(port), '-o', 'json']);
    expect(ran.json().connections[0]).toMatchObject({ verdict: 'proxy-v1', source: { port: 5 } });
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/cut|middle of|ends in/);
  });

  it('follows tcpdump as it writes, by the recipe of the manual, and ends at --count', async () => {
    const port = await stage.listen(silent());
    const { there, here } = await recipe();
    // Over there, a shell takes the command apart once more.
    const command = there
      .replaceAll('8443', String(port))
      .replace('tcpdump ', `exec ${tcpdump} --immediate-mode -Z root `);
    const program = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const argv = here.replaceAll('8443', String(port)).replace('--count 20', '--count 1').split(' ');
    const ran = elbProxy([...argv, '-o', 'json'], {
      input: '',
      inputStaysOpen: true,
      onStart: (child) => {
        child.stdin?.on('error', () => undefined);
        if (child.stdin) program.stdout.pipe(child.stdin);
      },
    });
    await told(program, /listening on/);
    const own = await say(port, ['PROXY TCP4 192.0.2.7 192.0.2.8 5 6\r\nhello']);
    const document = (await ran).json();
    program.kill('SIGINT');
    expect(document.connections).toMatchObject([
      {
        verdict: 'proxy-v1',
        source: { address: '192.0.2.7', port: 5 },
        from: expect.stringContaining(String(own)),
      },
    ]);
  });

  /** Sends a datagram to a port until it is in the capture: then everything before it is there, too. */
  async function untilCaptured(mark: string, port: number, file: string): Promise<void> {
    const socket = createSocket('udp4');
    await expect
      .poll(async () => {
        socket.send(mark, port, '127.0.0.1');
        return (await readFile(file).catch(() => Buffer.alloc(0))).includes(mark);
      })
      .toBe(true);
    socket.close();
  }
});

/** The manual's recipe: what runs on the instance, and what runs here. */
async function recipe(): Promise<{ readonly there: string; readonly here: string }> {
  const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8').catch(() => '');
  const text = (await read('src/cli/topics/capture.md')) + (await read('README.md'));
  const [, there, here] = /`ssh web-1 sudo (tcpdump [^`]*) \| elb-proxy ([^`]*)`/.exec(text) ?? [];
  if (there === undefined || here === undefined) throw new Error('the manual has no such recipe');
  // What the shell here makes of the quotes around quotes.
  return { there: there.replaceAll('"', ''), here };
}

/** Waits until a program says something on stderr, and lets it go on saying. */
function told(program: ChildProcess, what: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    program.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (what.test(said)) resolve();
    });
    program.once('exit', () => reject(new Error(`it ended: ${said}`)));
  });
}

async function reaches(port: number, host: string): Promise<boolean> {
  const socket = connect(port, host);
  socket.on('error', () => undefined);
  const answered = await Promise.race([
    once(socket, 'close').then(() => false),
    delay(300).then(() => !socket.destroyed && socket.readyState === 'open'),
  ]);
  socket.destroy();
  return answered;
}
