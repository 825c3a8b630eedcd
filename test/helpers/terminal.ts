import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { bin, temporaryDirectory } from './elb-proxy.js';

const execute = promisify(execFile);

/** How a program is started on a terminal. */
export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly endpoint: string;
  readonly stateDirectory?: string;
  readonly columns?: number;
  /** Behind the command line, as a shell takes it: `2>/dev/null`. */
  readonly redirection?: string;
  /** Keys that are typed before the program is started. */
  readonly typedAhead?: readonly string[];
}

/** A program on a real pseudo-terminal that tmux draws: its keys are typed, its screen is read. */
export interface Terminal extends AsyncDisposable {
  /** Types keys by tmux's names (`C-c`, `Enter`, `Down`), each a moment after the other, as people do. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Types a text, then Enter. */
  readonly answer: (text: string) => Promise<void>;
  /** What the screen shows once it contains a text; fails with the screen if the text does not appear. */
  readonly shows: (text: string | RegExp) => Promise<string>;
  /** The program's exit code, once it has ended, and whether the terminal is as it was before. */
  readonly end: () => Promise<{ readonly code: number; readonly sane: boolean; readonly screen: string }>;
  /** Closes the terminal under the program, as a lost connection does; gives the program's exit code. */
  readonly hangUp: () => Promise<number>;
  /** Everything that was sent to the terminal until now. */
  readonly sent: () => Promise<string>;
}

/** Most time that anything takes on a busy machine; no test waits for it to pass. */
const longMs = 30_000;

/** Starts with a key, so that nothing is sent before it is recorded. The exit code outlives the terminal. */
const script = (redirection: string) => `
trap : HUP
read -r go
"$@" ${redirection}
echo $? >"$EXIT_FILE"
stty -a | grep -qE -- '-icanon|-echo( |$)' && echo "[raw terminal]"
echo "[ended]"
read -r stay
`;

/** Starts the real program on a terminal of 80 by 24, with nothing of the user's own configuration. */
export async function onTerminal(
  tmux: string,
  argv: readonly string[],
  { env = {}, endpoint, stateDirectory, columns = 80, redirection = '', typedAhead = [] }: TerminalOptions,
): Promise<Terminal> {
  const folder = await temporaryDirectory();
  const exitFile = join(folder, 'exit');
  const record = join(folder, 'sent');
  const control = async (...args: readonly string[]): Promise<string> =>
    (await execute(tmux, ['-S', join(folder, 'tmux'), '-f', '/dev/null', ...args])).stdout;
  const variables: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    TERM: 'screen',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoint,
    ELB_PROXY_STATE_DIR: stateDirectory ?? folder,
    ...env,
  };
  const given = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  await control(
    '-u',
    'new-session',
    '-d',
    '-x',
    String(columns),
    '-y',
    '24',
    '-e',
    `EXIT_FILE=${exitFile}`,
    'sh',
    '-c',
    script(redirection),
    'sh',
    'env',
    '-i',
    ...given,
    process.execPath,
    bin,
    ...argv,
    ';',
    'pipe-pane',
    '-o',
    `cat >'${record}'`,
  );
  await control('send-keys', 'Enter', ...typedAhead);

  const screen = () => control('capture-pane', '-p', '-S', '-500');
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const started = Date.now();
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() - started > longMs) throw new Error(`${what} did not come:\n${await screen()}`);
      await pause(40);
    }
  };
  const exitCode = () =>
    until('the end', async () => {
      const text = await readFile(exitFile, 'utf8').catch(() => '');
      return text.endsWith('\n') ? Number(text) : undefined;
    });
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await control('send-keys', key);
      await pause(80);
    }
  };
  return {
    press,
    answer: async (text) => {
      await control('send-keys', '-l', text);
      await pause(80);
      await press('Enter');
    },
    shows: (text) =>
      until(String(text), async () => {
        const shown = await screen();
        return (typeof text === 'string' ? shown.includes(text) : text.test(shown)) ? shown : undefined;
      }),
    end: async () => {
      const code = await exitCode();
      const shown = await until('[ended]', async () => {
        const text = await screen();
        return text.includes('[ended]') ? text : undefined;
      });
      const cursor = (await control('display-message', '-p', '#{cursor_flag}')).trim();
      return { code, sane: cursor === '1' && !shown.includes('[raw terminal]'), screen: shown };
    },
    hangUp: async () => {
      await control('kill-session');
      return exitCode();
    },
    sent: async () => (await readFile(record, 'utf8')).replaceAll('\r', ''),
    [Symbol.asyncDispose]: async () => {
      // Ends its programs, too, with the signal of a closed terminal.
      await control('kill-server').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
