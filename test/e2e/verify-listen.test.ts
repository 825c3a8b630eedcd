import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { verifySchema } from '../../src/render/json/verify-schema.js';
import { elbProxy } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { freePorts } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { balance } from '../local/traffic.js';

/** Calls back with the port once the program says where it listens. */
function whenListening(then: (port: number, child: ChildProcess) => void) {
  return (child: ChildProcess): void => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      const before = said;
      said += chunk.toString();
      const port = /listening on 127\.0\.0\.1:(\d+);/.exec(said)?.[1];
      if (port !== undefined && !before.includes('listening on')) then(Number(port), child);
    });
  };
}

async function send(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.end(text);
  await once(socket.resume(), 'close');
}

const line = 'PROXY TCP4 203.0.113.9 10.0.0.8 51234 443\r\n';

describe('verify listen', () => {
  it('shows each connection as it comes, and ends after enough of them', async () => {
    const ran = await elbProxy(['verify', 'listen', '--port', '0', '--count', '2'], {
      onStart: whenListening((port) => {
        void send(port, line)
          .then(() => send(port, ''))
          .then(() => send(port, '\u001b[2J'));
      }),
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('only this machine can reach it');
    expect(ran.stdout).toContain('sent a valid PROXY line');
    expect(ran.stdout).toContain('client 203.0.113.9:51234, load balancer 10.0.0.8:443');
    expect(ran.stdout).not.toContain('\u001b');
    expect(ran.stdout).toMatch(/3 connections: 1 proxy-v1, 1 empty, 1 absent\.\n$/);
  });

  it('gives one JSON document; Ctrl-C is how it ends without a bound', async () => {
    const ran = await elbProxy(['verify', 'listen', '--port', '0', '-o', 'json'], {
      onStart: whenListening((port, child) => void send(port, line).then(() => child.kill('SIGINT'))),
    });
    expect(ran.code).toBe(0);
    const document = ran.json();
    expect(verifySchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({ ended: 'interrupted', connections: [{ verdict: 'proxy-v1' }] });
  });

  it('ends with 4 where it is not what was expected, and with 130 where it was cut off', async () => {
    const expecting = ['verify', 'listen', '--port', '0', '--count', '1', '--expect', 'proxy-v1'];
    const wrong = await elbProxy(expecting, { onStart: whenListening((port) => void send(port, 'GET /')) });
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toContain('expected proxy-v1');
    const cut = await elbProxy(expecting, {
      onStart: whenListening((_, child) => void child.kill('SIGINT')),
    });
    expect(cut.code).toBe(130);
    const late = await elbProxyHere([
      'verify',
      'listen',
      '--port',
      '0',
      '--timeout',
      '0.2',
      '--expect',
      'empty',
    ]);
    expect(late.code).toBe(4);
  });

  it('goes through a load balancer by name: off, then on', { timeout: 120_000 }, async () => {
    const { sink } = await freePorts('sink');
    // The instance is in service only once something listens, and two checks have passed.
    await using traffic = await balance(sink, { healthy: false, target: `TCP:${sink}` });
    const argv = ['verify', 'listen', '--port', String(sink), '--load-balancer', 'web', '--timeout', '60'];
    const options = { endpoint: traffic.local.endpoint };
    const off = await elbProxyHere([...argv, '--expect', 'proxy-v1', '-o', 'json'], options);
    expect(off.code).toBe(4);
    expect(off.json().through).toMatchObject({
      outcome: 'arrived',
      target: `${traffic.host}:${traffic.port}`,
    });
    await traffic.enable();
    const on = await elbProxyHere([...argv, '--expect', 'proxy-v1'], options);
    expect(on.stdout).toContain('the PROXY line is sent, and it is correct');
    expect(on.code).toBe(0);
  });

  it('ends with 4 where nothing comes through', async () => {
    const { nobody } = await freePorts('nobody');
    const ran = await elbProxyHere(['verify', 'listen', '--port', '0', '--through', `127.0.0.1:${nobody}`]);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('nothing listens there');
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain('UDP and QUIC listeners take no TCP connection');
  });

  it.each([
    [['--port', 'x'], '--port x'],
    [[], '--port is missing'],
    [['--port', '0', '--host', 'localhost'], '--host localhost'],
    [['--port', '0', '--through', 'lb'], '--through lb'],
    [['--port', '0', '--through', 'lb:1', '--load-balancer', 'web'], 'both given'],
    [['--port', '0', '--through', 'lb:1', '--count', '2'], '--count'],
    [['--port', '0', '--target-group', 'blue'], '--target-group only works with --load-balancer'],
    [['--port', '0', '--app', 'http'], '--app only works with verify backend'],
    [['--port', '0', 'host:1'], 'unexpected argument'],
  ])('%j is a usage error', async (argv, words) => {
    const ran = await elbProxyHere(['verify', 'listen', ...argv, '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
  });

  it("names the port that is taken, and the load balancer's other ports", async () => {
    await using service = await startService();
    const taken = await elbProxyHere([
      'verify',
      'listen',
      '--port',
      String(service.local.port),
      '-o',
      'json',
    ]);
    expect(taken.json().error).toMatchObject({ code: 'port-unavailable' });
    const other = await elbProxyHere(
      ['verify', 'listen', '--port', '443', '--load-balancer', 'web'],
      service,
    );
    expect(other.stderr).toContain('use --port 8443');
  });
});
