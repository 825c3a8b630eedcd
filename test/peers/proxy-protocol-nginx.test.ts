import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, encodeV1, encodeV2 } from '../../src/proxy-protocol/index.js';
import { freePort } from '../helpers/free-ports.js';
import { findPeer } from './peer.js';

/** What every encoder takes. */
interface Pair {
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

const nginx = findPeer('nginx', 'apt-get install nginx libnginx-mod-stream');

/** Debian builds the stream module apart. */
function streamModule(command: string): string {
  const configured = execFileSync('sh', ['-c', '"$0" -V 2>&1', command], { encoding: 'utf8' });
  return configured.includes('--with-stream=dynamic')
    ? 'load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n'
    : '';
}

describe.skipIf(nginx === undefined)('nginx proxy_protocol', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  const ports = { http: 0, stream: 0 };

  beforeAll(async () => {
    if (nginx === undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'elb-proxy-nginx-'));
    ports.http = await freePort();
    ports.stream = await freePort();
    const told =
      '$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port $remote_addr $remote_port';
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `  ${name}_temp_path ${folder}/${name};`)
      .join('\n');
    await writeFile(
      join(folder, 'nginx.conf'),
      `${streamModule(nginx)}daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events {}
http {
${temporary}
  set_real_ip_from 127.0.0.1;
  real_ip_header proxy_protocol;
  log_format told '${told}';
  server {
    listen 127.0.0.1:${ports.http} proxy_protocol;
    access_log ${folder}/http.log told;
    location / { return 200 "${told}"; }
  }
}
stream {
  set_real_ip_from 127.0.0.1;
  log_format told '${told}';
  server {
    listen 127.0.0.1:${ports.stream} proxy_protocol;
    access_log ${folder}/stream.log told;
    return "${told}";
  }
}
`,
    );
    child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
      stdio: 'ignore',
    });
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const socket = net.connect(ports.stream, '127.0.0.1');
      const connected = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (connected) break;
      await delay(50);
    }
  });

  afterAll(async () => {
    if (child !== undefined && child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function sent(kind: 'http' | 'stream', header: Buffer): Promise<string> {
    const socket = net.connect(ports[kind], '127.0.0.1');
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    // The stream server answers without a request, and closing on one that it has not read would lose the answer.
    const payload = kind === 'http' ? 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' : '';
    socket.write(Buffer.concat([header, Buffer.from(payload)]));
    await new Promise((resolve) => socket.on('close', resolve));
    return text;
  }

  const tlvs = [{ type: 2, value: Buffer.from('example.com') }];
  describe.each(['http', 'stream'] as const)('%s', (kind) => {
    it.each([
      ['encodeV1', '192.0.2.10', '198.51.100.20', encodeV1],
      ['encodeV1', '2001:db8::a', '2001:db8::b', encodeV1],
      ['encodeV2', '192.0.2.11', '198.51.100.21', encodeV2],
      ['encodeV2', '2001:db8::1a', '2001:db8::1b', encodeV2],
      [
        'encodeV2 with TLVs and a checksum',
        '192.0.2.12',
        '198.51.100.22',
        (pair) => encodeV2({ ...pair, tlvs, crc32c: true }),
      ],
    ] as [string, string, string, (pair: Pair) => Buffer][])(
      'takes %s from %s to %s and logs them',
      async (_, source, destination, encode) => {
        const header = encode({
          source: { address: source, port: 51000 },
          destination: { address: destination, port: 443 },
        });
        const told = `${source} 51000 ${destination} 443 ${source} 51000`;
        expect(await sent(kind, header)).toContain(told);
        await expect
          .poll(async () => await readFile(join(folder, `${kind}.log`), 'utf8'))
          .toContain(`${told}\n`);
      },
    );

    it('takes UNKNOWN and LOCAL as the real connection', async () => {
      for (const header of [encodeV1({ family: 'UNKNOWN' }), encodeV2({ command: 'LOCAL' })]) {
        expect(await sent(kind, header)).toMatch(/ 127\.0\.0\.1 \d+$/u);
      }
    });
  });
});
