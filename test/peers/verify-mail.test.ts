import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeSettings } from '../../src/probe/settings.js';
import { freePorts } from '../helpers/free-ports.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';
import { findPeer } from './peer.js';
import { isRoot, runs, Stage, verdictsOn } from './verify-servers.js';

/** Debian's light one has no PROXY; the heavy one is unpacked beside Postfix, because Debian installs one of the two. */
const exim = findPeer('exim4', 'unpack exim4-daemon-heavy as .ci/run does', ['/opt/elb-proxy-exim/usr/sbin']);
const master = findPeer('master', 'apt-get install postfix', ['/usr/lib/postfix/sbin']);
const dovecot = findPeer('dovecot', 'apt-get install dovecot-imapd');
if (!isRoot) console.log('skipped: mail servers give up root themselves, so these tests need it');

const ehlo = { send: Buffer.from('EHLO x.test\r\n'), expectReply: Buffer.from('250 ') } as const;
const login = { send: Buffer.from('a NOOP\r\n'), expectReply: Buffer.from('a OK') } as const;

function idOf(user: string, flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
}

async function staged(): Promise<Stage> {
  const stage = await Stage.open();
  await stage.share();
  await stage.file('cert.pem', certificate);
  await stage.file('key.pem', privateKey);
  return stage;
}

/** A port, the protocol it is asked to speak, and its verdict, the same in each run. */
type Expected<Port extends string> = readonly (readonly [Port, Partial<ProbeSettings>, string])[];

// The three servers side by side, each with one test at a time.
describe.skipIf(exim === undefined || !isRoot)('verify backend and exim', { concurrent: true }, () => {
  const names = ['smtp', 'smtpProxy', 'smtps', 'smtpsProxy'] as const;
  let stage: Stage;
  let ports: Record<(typeof names)[number], number>;

  beforeAll(async () => {
    if (exim === undefined) return;
    stage = await staged();
    ports = await freePorts(...names);
    const serve = async (name: string, plain: number, secure: number, more: string): Promise<void> => {
      const spool = `${stage.folder}/${name}`;
      mkdirSync(spool);
      // The daemon reads its certificate as this user.
      for (const path of [spool, ...['cert.pem', 'key.pem'].map((file) => `${stage.folder}/${file}`)])
        chownSync(path, idOf('Debian-exim', '-u'), idOf('Debian-exim', '-g'));
      const config = await stage.file(
        `${name}.conf`,
        `exim_path = ${exim}
spool_directory = ${spool}
log_file_path = ${spool}/%slog
pid_file_path = ${spool}/pid
notifier_socket =
primary_hostname = mail.test
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 0
tls_certificate = ${stage.folder}/cert.pem
tls_privatekey = ${stage.folder}/key.pem
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${plain} : ${secure}
tls_on_connect_ports = ${secure}
${more}
`,
      );
      await stage.run(exim, ['-C', config, '-bdf'], [plain, secure]);
    };
    await serve('plain', ports.smtp, ports.smtps, '');
    await serve('proxy', ports.smtpProxy, ports.smtpsProxy, 'hosts_proxy = *');
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const expected: Expected<(typeof names)[number]> = [
    ['smtp', {}, 'no-proxy strong'],
    ['smtp', ehlo, 'no-proxy weak'],
    // It greets after any line, and says only to a command that it missed the right one.
    ['smtpProxy', {}, 'requires-proxy weak'],
    ['smtpProxy', { app: 'tcp' }, 'requires-proxy weak'],
    ['smtpProxy', ehlo, 'requires-proxy strong'],
    ['smtps', {}, 'no-proxy strong'],
    ['smtpsProxy', {}, 'requires-proxy weak'],
    ['smtpsProxy', { app: 'tls' }, 'requires-proxy weak'],
  ];
  it.sequential.each(titled('exim', expected))('%s: %s', async (name, said, port, settings) => {
    expect(await verdictsOn(name, ports[port], settings)).toEqual(Array(runs).fill(said));
  });
});

describe.skipIf(master === undefined || !isRoot)('verify backend and Postfix', { concurrent: true }, () => {
  const names = ['smtp', 'smtpProxy', 'smtps', 'smtpsProxy', 'postscreen', 'postscreenProxy'] as const;
  let stage: Stage;
  let ports: Record<(typeof names)[number], number>;

  beforeAll(async () => {
    if (master === undefined) return;
    stage = await staged();
    ports = await freePorts(...names);
    const config = `${stage.folder}/postfix`;
    for (const path of ['postfix', 'queue', 'data']) mkdirSync(`${stage.folder}/${path}`, { mode: 0o755 });
    const user = idOf('postfix', '-u');
    chownSync(`${stage.folder}/data`, user, 0);
    mkdirSync(`${stage.folder}/queue/pid`);
    for (const path of ['private', 'public', 'incoming', 'active', 'deferred', 'defer', 'maildrop']) {
      mkdirSync(`${stage.folder}/queue/${path}`);
      chownSync(`${stage.folder}/queue/${path}`, user, 0);
    }
    await stage.file(
      'postfix/main.cf',
      `compatibility_level = 3.6
queue_directory = ${stage.folder}/queue
data_directory = ${stage.folder}/data
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
maillog_file_prefixes = /
maillog_file = ${stage.folder}/postfix.log
smtpd_tls_cert_file = ${stage.folder}/cert.pem
smtpd_tls_key_file = ${stage.folder}/key.pem
postscreen_greet_action = enforce
postscreen_cache_map =
`,
      0o644,
    );
    const proxy = '-o smtpd_upstream_proxy_protocol=haproxy';
    const wrapped = '-o smtpd_tls_wrappermode=yes';
    const screened = '-o postscreen_upstream_proxy_protocol=haproxy';
    const service = (port: keyof typeof ports, program: string) =>
      `127.0.0.1:${ports[port]} inet n - n - ${program.startsWith('postscreen') ? '1' : '-'} ${program}`;
    await stage.file(
      'postfix/master.cf',
      `${service('smtp', 'smtpd')}
${service('smtpProxy', `smtpd ${proxy}`)}
${service('smtps', `smtpd ${wrapped}`)}
${service('smtpsProxy', `smtpd ${wrapped} ${proxy}`)}
${service('postscreen', 'postscreen')}
${service('postscreenProxy', `postscreen ${screened}`)}
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`,
      0o644,
    );
    await stage.run(master, ['-c', config, '-d'], Object.values(ports));
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const expected: Expected<(typeof names)[number]> = [
    ['smtp', {}, 'no-proxy strong'],
    ['smtp', ehlo, 'no-proxy weak'],
    ['smtpProxy', {}, 'requires-proxy weak'],
    ['smtpProxy', { app: 'tcp' }, 'requires-proxy weak'],
    ['smtpProxy', ehlo, 'requires-proxy strong'],
    ['smtps', {}, 'no-proxy strong'],
    ['smtpsProxy', {}, 'requires-proxy strong'],
    ['smtpsProxy', { app: 'tls' }, 'requires-proxy strong'],
    ['postscreenProxy', {}, 'requires-proxy weak'],
  ];

  // It rejects clients that talk before its greeting: how certain that is depends on when the greeting comes.
  it.sequential('postscreen: no-proxy', async () => {
    for (const said of await verdictsOn('postscreen', ports.postscreen, {}))
      expect(said).toMatch(/^no-proxy (?:strong|weak)$/);
  });

  it.sequential.each(titled('Postfix', expected))('%s: %s', async (name, said, port, settings) => {
    expect(await verdictsOn(name, ports[port], settings)).toEqual(Array(runs).fill(said));
  });
});

describe.skipIf(dovecot === undefined || !isRoot)('verify backend and Dovecot', { concurrent: true }, () => {
  const names = ['imap', 'imapProxy', 'imaps', 'imapsProxy'] as const;
  let stage: Stage;
  let ports: Record<(typeof names)[number], number>;

  beforeAll(async () => {
    if (dovecot === undefined) return;
    stage = await staged();
    ports = await freePorts(...names);
    for (const path of ['run', 'state']) mkdirSync(`${stage.folder}/${path}`, { mode: 0o755 });
    const listener = (port: keyof typeof ports) => `  inet_listener ${port} {
    address = 127.0.0.1
    port = ${ports[port]}
    ssl = ${port.startsWith('imaps') ? 'yes' : 'no'}
    haproxy = ${port.endsWith('Proxy') ? 'yes' : 'no'}
  }`;
    const config = await stage.file(
      'dovecot.conf',
      `base_dir = ${stage.folder}/run
state_dir = ${stage.folder}/state
log_path = ${stage.folder}/dovecot.log
protocols = imap
ssl = yes
ssl_cert = <${stage.folder}/cert.pem
ssl_key = <${stage.folder}/key.pem
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
haproxy_trusted_networks = 127.0.0.0/8
mail_max_userip_connections = 0
service imap-login {
  chroot =
  process_min_avail = 1
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = 0
  }
}
service imap-login {
  service_count = 0
${names.map((name) => listener(name).replace(`inet_listener ${name} `, `inet_listener elb_${name} `)).join('\n')}
}
passdb {
  driver = static
  args = nopassword=y
}
`,
    );
    await stage.run(dovecot, ['-F', '-c', config], Object.values(ports));
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const expected: Expected<(typeof names)[number]> = [
    ['imap', {}, 'no-proxy strong'],
    ['imap', login, 'no-proxy weak'],
    ['imapProxy', {}, 'requires-proxy strong'],
    ['imapProxy', { app: 'tcp' }, 'requires-proxy strong'],
    ['imapProxy', login, 'requires-proxy strong'],
    ['imaps', {}, 'no-proxy strong'],
    ['imapsProxy', {}, 'requires-proxy strong'],
    ['imapsProxy', { app: 'tls' }, 'requires-proxy strong'],
  ];
  it.sequential.each(titled('Dovecot', expected))('%s: %s', async (name, said, port, settings) => {
    expect(await verdictsOn(name, ports[port], settings)).toEqual(Array(runs).fill(said));
  });
});

/** With the name of each first: of the server, the port, and the protocol it is asked to speak. */
function titled<Port extends string>(server: string, expected: Expected<Port>) {
  return expected.map(([port, settings, said]) => {
    const { app, send } = settings;
    const parts = [server, port, app, send === undefined ? undefined : 'send'];
    return [parts.filter((part) => part !== undefined).join(' '), said, port, settings] as const;
  });
}
