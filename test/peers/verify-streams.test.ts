import { chownSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../helpers/free-ports.js';
import { findPeer } from './peer.js';
import { isRoot, runs, Stage, verdictsOn } from './verify-servers.js';

const mariadb = findPeer('mariadbd', 'apt-get install mariadb-server-core');
const prosody = findPeer('prosody', 'apt-get install prosody');
const haproxy = findPeer('haproxy', 'apt-get install haproxy');

describe.skipIf(mariadb === undefined)('verify backend and MariaDB', () => {
  let stage: Stage;
  let ports: Record<'plain' | 'proxy', number>;

  beforeAll(async () => {
    if (mariadb === undefined) return;
    stage = await Stage.open();
    ports = await freePorts('plain', 'proxy');
    for (const [name, port] of Object.entries(ports)) {
      const data = `${stage.folder}/${name}`;
      mkdirSync(data);
      await stage.run(
        mariadb,
        [
          '--no-defaults',
          `--datadir=${data}`,
          `--socket=${data}/s`,
          `--pid-file=${data}/pid`,
          '--bind-address=127.0.0.1',
          `--port=${port}`,
          '--skip-grant-tables',
          '--skip-networking=0',
          '--innodb=OFF',
          '--default-storage-engine=MyISAM',
          '--max-connect-errors=1000000',
          ...(isRoot ? ['--user=root'] : []),
          ...(name === 'proxy' ? ['--proxy-protocol-networks=127.0.0.0/8'] : []),
        ],
        [port],
      );
    }
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  // Its greeting holds a thread id, of which every 256th has a line break, and a salt.
  it('without proxy_protocol_networks', async () => {
    expect(await verdictsOn('MariaDB', ports.plain)).toEqual(Array(runs).fill('no-proxy strong'));
  });

  it('with proxy_protocol_networks takes both', async () => {
    expect(await verdictsOn('MariaDB proxy', ports.proxy)).toEqual(Array(runs).fill('accepts-both weak'));
  });
});

describe.skipIf(prosody === undefined || haproxy === undefined)(
  'verify backend and XMPP, and HAProxy',
  () => {
    const names = ['xmpp', 'xmppProxy', 'rejected'] as const;
    let stage: Stage;
    let ports: Record<(typeof names)[number], number>;

    beforeAll(async () => {
      if (prosody === undefined || haproxy === undefined) return;
      stage = await Stage.open();
      ports = await freePorts(...names);
      mkdirSync(`${stage.folder}/data`);
      chownSync(`${stage.folder}/data`, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
      const config = await stage.file(
        'prosody.lua',
        `pidfile = "${stage.folder}/pid"
data_path = "${stage.folder}/data"
run_as_root = true
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.xmpp} }
modules_enabled = { "saslauth" }
modules_disabled = { "http", "offline", "s2s", "posix" }
log = { error = "${stage.folder}/prosody.log" }
VirtualHost "localhost"
`,
      );
      await stage.run(prosody, ['--config', config, '-F'], [ports.xmpp]);
      const cfg = await stage.file(
        'haproxy.cfg',
        `defaults
  mode tcp
  timeout connect 2s
  timeout client 20s
  timeout server 20s
listen rejected
  bind 127.0.0.1:${ports.rejected}
  tcp-request connection reject
listen xmpp
  bind 127.0.0.1:${ports.xmppProxy} accept-proxy
  server s 127.0.0.1:${ports.xmpp}
`,
      );
      await stage.run(haproxy, ['-db', '-f', cfg], [ports.rejected, ports.xmppProxy]);
    });
    afterAll(() => stage?.[Symbol.asyncDispose]());

    // A stream's id is made for it alone.
    const stream = {
      send: Buffer.from(
        "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
      ),
    };

    it.each([
      ['Prosody', 'xmpp', {}, 'no-proxy strong'],
      ['Prosody send', 'xmpp', stream, 'no-proxy weak'],
      ['Prosody behind HAProxy', 'xmppProxy', {}, 'requires-proxy strong'],
      ['Prosody behind HAProxy send', 'xmppProxy', stream, 'requires-proxy strong'],
    ] as const)('%s', async (server, port, settings, said) => {
      expect(await verdictsOn(server, ports[port], settings)).toEqual(Array(runs).fill(said));
    });

    it('tcp-request connection reject is its own result', async () => {
      const said = await verdictsOn('HAProxy rejects', ports.rejected);
      for (const one of said) expect(one).toMatch(/^inconclusive weak: it closes every connection at once/);
    });
  },
);
