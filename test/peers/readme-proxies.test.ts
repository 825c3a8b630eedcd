import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { freePorts } from '../helpers/free-ports.js';
import { balance } from '../local/traffic.js';
import { askWebSocket } from '../readme/ask-web-socket.js';
import { adapted, client, recipe } from '../readme/recipe.js';
import { findPeer } from './peer.js';
import { Stage } from './verify-servers.js';

const nginx = findPeer('nginx', 'apt-get install nginx');
const haproxy = findPeer('haproxy', 'apt-get install haproxy');

/** An application that sends its WebSocket clients the address that the proxy in front of it reports. */
async function application(stage: Stage): Promise<number> {
  const server = createServer();
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    socket.send(`hello, ${String(request.headers['x-forwarded-for'])}`);
  });
  return stage.listen(server);
}

/** What a recipe needs here that it does not on a host of its own. */
async function placed(
  text: string,
  applicationPort: number,
): Promise<readonly [configuration: string, port: number]> {
  const { port } = await freePorts('port');
  return [
    adapted(text, { '9000': String(port), '10.0.0.0/16': '127.0.0.0/8', ':3000': `:${applicationPort}` }),
    port,
  ];
}

describe('the README’s proxies, behind a load balancer that sends the line', () => {
  it.skipIf(nginx === undefined)(
    'nginx passes WebSockets on, and logs and forwards the client’s address',
    async () => {
      await using stage = await Stage.open();
      const [configuration, port] = await placed(recipe('nginx'), await application(stage));
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${stage.folder}/${name};`,
      );
      const file = await stage.file(
        'nginx.conf',
        `daemon off; master_process off; pid ${stage.folder}/nginx.pid; error_log ${stage.folder}/error.log; events {}
http {\n${temporary.join('\n')}\naccess_log ${stage.folder}/access.log;\n${configuration}}\n`,
      );
      const argv = ['-p', stage.folder, '-c', file, '-e', `${stage.folder}/error.log`];
      execFileSync(nginx ?? '', ['-t', '-q', ...argv], { stdio: 'pipe' });
      await stage.run(nginx ?? '', argv, [port]);
      await using web = await balance(port);
      await web.enable();
      expect(await askWebSocket(web.host, web.port)).toBe(`hello, ${client}`);
      await expect.poll(() => readFile(`${stage.folder}/access.log`, 'utf8')).toContain(`${client} - - [`);
    },
  );

  it.skipIf(haproxy === undefined)('HAProxy passes WebSockets on, with the client’s address', async () => {
    await using stage = await Stage.open();
    const [configuration, port] = await placed(recipe('haproxy'), await application(stage));
    const file = await stage.file('haproxy.cfg', `global\n  maxconn 100\n${configuration}`);
    execFileSync(haproxy ?? '', ['-c', '-q', '-f', file], { stdio: 'pipe' });
    await stage.run(haproxy ?? '', ['-db', '-f', file], [port]);
    await using web = await balance(port);
    await web.enable();
    expect(await askWebSocket(web.host, web.port)).toBe(`hello, ${client}`);
  });
});
