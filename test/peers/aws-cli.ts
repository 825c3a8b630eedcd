import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What a program printed, and how it ended. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

const servers = new Map<string, AwsServer | undefined>();

/**
 * Runs an installed AWS CLI. One that is a Python script is imported once for all runs of this process (see aws-cli.py),
 * which leaves a third of what a run costs.
 */
export async function runAws(path: string, argv: readonly string[], place: Place): Promise<ProgramRun> {
  if (!servers.has(path)) servers.set(path, AwsServer.of(path));
  return servers.get(path)?.run(argv, place) ?? runProgram(path, argv, place);
}

/** Runs a program as a process of its own. */
export function runProgram(path: string, argv: readonly string[], { env, cwd }: Place): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const child = execFile(path, [...argv], { env: { ...env }, cwd }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    // What asks for something gets nothing, and does not wait for it.
    child.stdin?.end();
  });
}

/** The process that has imported an AWS CLI. It ends with this one. */
class AwsServer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #running = new Map<number, (exitCode: number) => void>();
  #runs = 0;

  /** Nothing where the program is no Python script. */
  static of(path: string): AwsServer | undefined {
    const python = /^#!(\S*python\S*)$/m.exec(readFileSync(path, 'latin1').split('\n', 1)[0] ?? '')?.[1];
    return python === undefined ? undefined : new AwsServer(python, path);
  }

  private constructor(python: string, program: string) {
    const script = fileURLToPath(new URL('aws-cli.py', import.meta.url));
    this.#process = spawn(python, [script, program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.unref();
    for (const stream of [this.#process.stdin, this.#process.stdout])
      (stream as Partial<{ unref(): void }>).unref?.();
    createInterface(this.#process.stdout).on('line', (line) => {
      const { id, code } = JSON.parse(line) as { id: number; code: number };
      this.#running.get(id)?.(code);
      this.#running.delete(id);
    });
    this.#process.once('exit', () => {
      for (const ended of this.#running.values()) ended(-1);
      servers.clear();
    });
  }

  async run(argv: readonly string[], { env, cwd = tmpdir() }: Place): Promise<ProgramRun> {
    const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-aws-'));
    const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')];
    const id = ++this.#runs;
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    try {
      const ended = new Promise<number>((resolve) => this.#running.set(id, resolve));
      const request = JSON.stringify({ id, argv, env: given, cwd, stdout, stderr });
      if (!this.#process.stdin.write(`${request}\n`)) await once(this.#process.stdin, 'drain');
      const exitCode = await ended;
      const [printed, said] = await Promise.all([readFile(stdout, 'utf8'), readFile(stderr, 'utf8')]);
      return { exitCode, stdout: printed, stderr: said };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
