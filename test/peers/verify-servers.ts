import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendProber } from '../../src/probe/probe-backend.js';
import type { ProbeSettings } from '../../src/probe/settings.js';
import { byBudget } from '../helpers/budget.js';
import { record } from './record.js';
import { verdictThere } from './verdict-there.js';

/** A folder for one test file, and what is to be ended with it. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly #children: ChildProcess[] = [];
  readonly #servers: { server: net.Server; sockets: Set<net.Socket> }[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'elb-proxy-verify-')));
  }

  /** Lets programs look into the folder that run as users of their own. */
  async share(): Promise<void> {
    await chmod(this.folder, 0o755);
  }

  /** Writes a file into the folder and gives its path. */
  async file(name: string, content: string | Buffer, mode = 0o600): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content, { mode });
    return path;
  }

  /** Runs a program in the foreground until all of the ports can be connected to. */
  async run(command: string, argv: readonly string[], ports: readonly number[]): Promise<void> {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    this.#children.push(child);
    for (const port of ports) {
      for (let attempt = 0; !(await answers(port)); attempt++) {
        if (attempt > 600 || child.exitCode !== null)
          throw new Error(`${command} does not listen on ${port} (exit ${child.exitCode}): ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Listens with a server of this process. */
  async listen(server: net.Server, port = 0): Promise<number> {
    const sockets = new Set<net.Socket>();
    server.on('connection', (socket: net.Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(port, '127.0.0.1', 1024);
    await once(server, 'listening');
    this.#servers.push({ server, sockets });
    return (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    for (const { server, sockets } of this.#servers) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return connected;
}

/** A server that gives back what it gets. */
export function echo(): net.Server {
  return net.createServer((socket) => void socket.pipe(socket));
}

/** A server that says nothing. */
export function silent(): net.Server {
  return net.createServer((socket) => void socket.resume());
}

/** What `verify backend` says of a port, as `verdict confidence`, with the whole result for when it is wrong. */
export async function verdictOn(port: number, settings: Partial<ProbeSettings> = {}, host = '127.0.0.1') {
  const probe = backendProber({ app: 'auto', timeoutMs: 1500, bannerWaitMs: 400, ...settings });
  const result = await probe({ host, port }, new AbortController().signal);
  return { said: `${result.verdict} ${result.confidence}`, result };
}

/** The same, where the script of an instance must come to the same verdict. */
export async function verdictBothWays(
  port: number,
  settings: Partial<ProbeSettings> = {},
  host = '127.0.0.1',
) {
  const [here, there] = await Promise.all([
    verdictOn(port, settings, host),
    verdictThere(port, settings, { host }),
  ]);
  return there.result.verdict === here.result.verdict
    ? here
    : { ...here, said: `${here.said}, and from an instance ${there.said}: ${there.result.reason}` };
}

/** As often as a verdict must come out the same. */
export const runs = byBudget(2, 20);

/**
 * What `verify backend` says of a port, each time; some runs side by side, as when two operators ask. The first one may
 * be recorded.
 */
export async function verdictsOn(
  server: string,
  port: number,
  settings: Partial<ProbeSettings> = {},
): Promise<readonly string[]> {
  const patient = { app: 'auto', timeoutMs: 3000, bannerWaitMs: 700, ...settings } as const;
  await record(server, port, patient);
  const said: string[] = [];
  const one = async (): Promise<void> => {
    while (said.length < runs) {
      const index = said.push('') - 1;
      const { said: verdict, result } = await verdictOn(port, patient);
      said[index] = verdict;
      if (result.verdict === 'inconclusive') said[index] += `: ${result.reason}`;
    }
  };
  // Carried by the script of an instance, the exchanges give the same verdict.
  const [there] = await Promise.all([verdictThere(port, patient), one(), one(), one()]);
  if (!said[0]?.startsWith(there.result.verdict))
    said.push(`from an instance, ${there.said}: ${JSON.stringify(there.result, undefined, 1)}`);
  return said;
}

/** Whether the tests may start programs that give up root themselves. */
export const isRoot = process.getuid?.() === 0;
