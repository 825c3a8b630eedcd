import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDocument } from './json-documents.js';

/** The program as it is installed. */
export const bin = fileURLToPath(new URL('../../bin/elb-proxy.js', import.meta.url));

/** What a run of the real program left behind. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; throws where it is not exactly one document, or not as the schema that ships for it says. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into the documents
  readonly json: () => any;
}

/** How the program is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly endpoint?: string | undefined;
  readonly stateDirectory?: string;
  readonly input?: string;
  /** More of the input might come, and never does. */
  readonly inputStaysOpen?: boolean;
  readonly cwd?: string;
  /** So many files may be open in it, sockets and its own among them. */
  readonly openFiles?: number;
  /** Another user and group of this machine; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Sees the process while it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** A state directory that no other test uses. */
export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'elb-proxy-test-'));
}

/** The environment of a run: a region and keys, with nothing of the user's own AWS configuration. */
export async function environmentOf({
  env,
  endpoint,
  stateDirectory,
}: Pick<RunOptions, 'env' | 'endpoint' | 'stateDirectory'>): Promise<Record<string, string | undefined>> {
  return {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    ELB_PROXY_STATE_DIR: stateDirectory ?? (await temporaryDirectory()),
    ...(endpoint === undefined
      ? {}
      : {
          AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
          AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoint,
        }),
    ...env,
  };
}

/** What a run printed as the one document that it must be, held to the schema that ships for it. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into the documents
export function documentOf(argv: readonly string[], stdout: string): any {
  const document = JSON.parse(stdout);
  checkDocument(argv, document);
  return document;
}

/** Runs the real program as a process, without a terminal, with nothing of the user's own AWS configuration. */
export async function elbProxy(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const command = [process.execPath, bin, ...argv];
  const [program = '', ...words] =
    options.openFiles === undefined
      ? command
      : ['sh', '-c', `ulimit -n ${options.openFiles}; exec "$0" "$@"`, ...command];
  const child = spawn(program, words, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.user,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: await environmentOf(options),
  });
  options.onStart?.(child);
  if (options.input !== undefined) child.stdin?.write(options.input);
  if (options.inputStaysOpen !== true) child.stdin?.end();
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const [warning] = /^\(node:\d+\) .*Warning.*$/m.exec(stderr) ?? [];
      if (warning !== undefined) return reject(new Error(`elb-proxy ${argv.join(' ')}: ${warning}`));
      resolve({ code, signal, stdout, stderr, json: () => documentOf(argv, stdout) });
    });
  });
}
