import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** What a command of a session printed (stdout and stderr, as a terminal would show them), and its exit code. */
export interface Said {
  readonly command: string;
  readonly output: string;
  readonly code: number;
}

/** What a session is given besides its commands. */
export interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Files in the folder where it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where it starts, which stays; else in a folder like the checkout. */
  readonly folder?: string;
}

/**
 * The README's fixed ports (443, 8443, 9000, …) are taken by whatever else runs on a machine, so a session gets a
 * loopback of its own where the system gives one to any user: user and network namespaces, on Linux.
 */
const ownLoopback: readonly string[] = (() => {
  const command = [
    'unshare',
    '--user',
    '--map-root-user',
    '--net',
    'sh',
    '-c',
    'ip link set lo up && exec "$@"',
    'sh',
  ];
  try {
    execFileSync(command[0] ?? '', [...command.slice(1), 'true'], { stdio: 'ignore' });
    return command;
  } catch {
    return [];
  }
})();

/** A folder that is to a shell what a checkout is, where a command may leave files. */
async function folderLikeTheCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-readme-'));
  for (const name of ['bin', 'dist', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    await symlink(join(checkout, name), join(folder, name));
  }
  return folder;
}

/**
 * Types commands into one bash, like a reader who copies them from the README: those behind one that opens a shell
 * (`… -- bash`) go to that shell. Gives what each printed; a shell's own is empty.
 */
export async function shellSession(
  commands: readonly string[],
  options: SessionOptions = {},
): Promise<readonly Said[]> {
  const folder = options.folder ?? (await folderLikeTheCheckout());
  const scripts = join(folder, '.session');
  await mkdir(scripts);
  for (const [name, content] of Object.entries(options.files ?? {}))
    await writeFile(join(folder, name), content);
  const opensShell = (command: string): boolean => command.endsWith('-- bash');
  const lines: string[] = [];
  for (const [index, command] of commands.entries()) {
    const script = join(scripts, String(index));
    await writeFile(script, `${command}\n`);
    lines.push(
      opensShell(command)
        ? command
        : `source ${script} </dev/null >${script}.out 2>&1; echo $? >${script}.code`,
    );
  }
  const [program, ...args] = [...ownLoopback, 'bash'] as const;
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      PATH: `${join(folder, '.npm/bin')}:${process.env['PATH']}`,
      HOME: folder,
      LANG: 'C.UTF-8',
      // `npm install --global .` installs for this session only, and does not build again.
      npm_config_prefix: join(folder, '.npm'),
      npm_config_cache: join(folder, '.npm/cache'),
      npm_config_ignore_scripts: 'true',
      npm_config_offline: 'true',
      ...options.env,
    },
  });
  // Every shell that was opened is left, and then what still runs behind the first one ends.
  const exits = commands.filter(opensShell).map(() => 'exit');
  child.stdin.end([...lines, ...exits, 'kill $(jobs -p) 2>/dev/null', 'wait', ''].join('\n'));
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const said = await Promise.all(
    commands.map(async (command, index) => ({
      command,
      output: opensShell(command) ? '' : await readFile(join(scripts, `${index}.out`), 'utf8'),
      code: opensShell(command) ? 0 : Number(await readFile(join(scripts, `${index}.code`), 'utf8')),
    })),
  );
  if (options.folder === undefined) await rm(folder, { recursive: true });
  return said;
}
