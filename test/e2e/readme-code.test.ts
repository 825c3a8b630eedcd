import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { freePorts } from '../helpers/free-ports.js';
import { startService } from '../helpers/service.js';
import { balance, until } from '../local/traffic.js';
import { askWebSocket } from '../readme/ask-web-socket.js';
import { textsOf } from '../readme/blocks.js';
import { pagePaths, readPage } from '../readme/pages.js';
import { adapted, client } from '../readme/recipe.js';

const run = promisify(execFile);

/** Whether something listens on a port. */
async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return connected;
}

/** The programs by what they import or call first of their kind; each of the README's and the manual's is one of them. */
const programs = {
  'web-socket': "import { WebSocketServer } from 'ws'",
  http: 'createServer((request, response)',
  codec: 'createDecoder()',
  local: "from 'elb-proxy/local'",
  library: "from 'elb-proxy';",
} as const;

type Program = keyof typeof programs;

describe('the programs of the README and the manual', () => {
  let folder: string;
  let ports: Record<'web-socket' | 'http', number>;

  beforeAll(async () => {
    // A project that depends on this package, and on ws.
    folder = await temporaryDirectory();
    ports = await freePorts('web-socket', 'http');
    await writeFile(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}');
    await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
    await symlink(resolve('.'), join(folder, 'node_modules/elb-proxy'));
    for (const name of ['ws', '@types/ws', '@types/node']) {
      await symlink(resolve('node_modules', name), join(folder, 'node_modules', name));
    }
    const texts = pagePaths.flatMap((path) => textsOf(readPage(path), 'ts'));
    expect(texts).toHaveLength(Object.keys(programs).length);
    for (const [name, mark] of Object.entries(programs)) {
      const text = texts.find((each) => each.includes(mark));
      if (text === undefined) throw new Error(`there is no program with ${mark}`);
      await writeFile(join(folder, `${name}.ts`), text + shown(name as Program));
    }
    const options = [
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,esnext.disposable',
      '--strict',
    ];
    const names = Object.keys(programs).map((name) => `${name}.ts`);
    await run(
      resolve('node_modules/.bin/tsc'),
      ['--ignoreConfig', ...options, '--types', 'node', '--outDir', 'out', ...names],
      { cwd: folder },
    ).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What is added to a program, so that it can be seen from outside what came of it. */
  function shown(program: Program): string {
    if (program === 'local') return '\nconsole.log(elb.endpoint);\n';
    if (program === 'library') return '\nconsole.log(report.outcome);\n';
    return '';
  }

  /** Starts a compiled server on a port of its own, trusting loopback instead of the subnets in the README. */
  async function serve(
    program: 'web-socket' | 'http',
    call: string,
  ): Promise<ChildProcess & AsyncDisposable> {
    const path = join(folder, `out/${program}.js`);
    const port = String(ports[program]);
    const compiled = await readFile(path, 'utf8');
    await writeFile(path, adapted(compiled, { [call]: `listen(${port})`, '10.0.0.0/16': '127.0.0.0/8' }));
    const child = spawn(process.execPath, [path], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    await until(() => listens(ports[program]));
    return Object.assign(child, {
      [Symbol.asyncDispose]: async () => {
        const exited = once(child, 'exit');
        child.kill();
        await exited;
      },
    });
  }

  it('the WebSocket server greets the client by its own address', async () => {
    await using _server = await serve('web-socket', 'listen(9000)');
    await using web = await balance(ports['web-socket']);
    await web.enable();
    expect(await askWebSocket(web.host, web.port)).toBe(`hello, ${client}`);
  });

  it('the HTTP server greets the client by its own address', async () => {
    await using _server = await serve('http', 'listen(8080)');
    await using web = await balance(ports.http);
    await web.enable();
    const request = get({ host: web.host, port: web.port, localAddress: client });
    const [response] = await once(request, 'response');
    const [body] = await once(response.setEncoding('utf8'), 'data');
    expect(body).toBe(`hello, ${client}\n`);
  });

  it('the codec takes a line apart, whole and in pieces', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'out/codec.js')], { cwd: folder });
    expect(stdout).toBe("{ address: '192.0.2.1', port: 40000 } [ 'incomplete', 'valid' ]\n");
  });

  it('the local service starts and ends', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'out/local.js')], { cwd: folder });
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  it("the library's sample has twelve lines at most, and begins with a journal", () => {
    const [sample = ''] = pagePaths
      .flatMap((path) => textsOf(readPage(path), 'ts'))
      .filter((text) => text.includes(programs.library));
    expect(sample.trim().split('\n').length).toBeLessThanOrEqual(12);
    const [first] = sample.match(/^const \w+ = .*$/m) ?? [];
    expect(first).toBe('const journal = openJournal({ directory });');
  });

  it('the library carries a plan out', async () => {
    await using service = await startService();
    const { stdout } = await run(process.execPath, [join(folder, 'out/library.js')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: service.endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    expect(stdout).toBe('applied\n');
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });
});
