import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../helpers/free-ports.js';
import { findPeer } from './peer.js';
import { Stage, verdictBothWays } from './verify-servers.js';

const redis = findPeer('redis-server', 'apt-get install redis-server');
const sshd = findPeer('sshd', 'apt-get install openssh-server');
const haproxy = findPeer('haproxy', 'apt-get install haproxy');
const missing = [redis, sshd, haproxy].includes(undefined);

// Neither speaks the PROXY protocol itself: behind HAProxy with accept-proxy both require it.
describe.skipIf(missing)('verify backend, redis and OpenSSH', () => {
  let stage: Stage;
  let ports: Record<'redis' | 'redisProxy' | 'sshd' | 'sshdProxy', number>;

  beforeAll(async () => {
    if (redis === undefined || sshd === undefined || haproxy === undefined) return;
    stage = await Stage.open();
    ports = await freePorts('redis', 'redisProxy', 'sshd', 'sshdProxy');
    await stage.run(
      redis,
      ['--bind', '127.0.0.1', '--port', String(ports.redis), '--save', '', '--dir', stage.folder],
      [ports.redis],
    );
    const key = `${stage.folder}/host_key`;
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    // The one folder that sshd insists on when it is run by root.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const config = await stage.file(
      'sshd.conf',
      `Port ${ports.sshd}\nListenAddress 127.0.0.1\nHostKey ${key}\nPidFile none\nUsePAM no\nMaxStartups 200\n`,
    );
    await stage.run(sshd, ['-D', '-e', '-f', config], [ports.sshd]);
    const proxy = (name: string, port: number, to: number) =>
      `listen ${name}\n  bind 127.0.0.1:${port} accept-proxy\n  server s 127.0.0.1:${to}\n`;
    const cfg = await stage.file(
      'haproxy.cfg',
      `defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 20s\n  timeout server 20s\n${proxy('r', ports.redisProxy, ports.redis)}${proxy('s', ports.sshdProxy, ports.sshd)}`,
    );
    await stage.run(haproxy, ['-db', '-f', cfg], [ports.redisProxy, ports.sshdProxy]);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const ping = { app: 'tcp', send: Buffer.from('PING\r\n'), expectReply: Buffer.from('+PONG') } as const;

  it.each([
    ['redis', 'redis', {}, 'no-proxy strong'],
    ['redis, asked in its own protocol', 'redis', ping, 'no-proxy strong'],
    ['redis behind PROXY', 'redisProxy', {}, 'requires-proxy weak'],
    ['redis behind PROXY, asked in its own protocol', 'redisProxy', ping, 'requires-proxy strong'],
    ['OpenSSH', 'sshd', {}, 'no-proxy strong'],
    ['OpenSSH as tcp', 'sshd', { app: 'tcp' }, 'no-proxy strong'],
    ['OpenSSH behind PROXY', 'sshdProxy', {}, 'requires-proxy strong'],
    ['OpenSSH behind PROXY, as tcp', 'sshdProxy', { app: 'tcp' }, 'requires-proxy strong'],
  ] as const)('%s', async (_, port, settings, said) => {
    const found = await verdictBothWays(ports[port], settings);
    expect(found.said, JSON.stringify(found.result, null, 1)).toBe(said);
  });
});
