import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where a test run has found its folder already: this is called once for each project. */
const own = 'ELB_PROXY_TEST_FOLDER';

/**
 * Gives a test run a folder of its own for everything temporary, which is removed with all that is in it at its end; and the
 * Python that a version manager's `python3` leads to, because such a shim, a shell script, takes five times as long to start.
 */
export function setup(): void {
  if (process.env[own] !== undefined) return;
  // A short name: paths of Unix sockets are.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'elb-'));
  // Servers that give up root look for their files below it.
  chmodSync(folder, 0o711);
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  const python = pythonBehindShim();
  if (python !== undefined) symlinkSync(python, join(programs, 'python3'));
  Object.assign(process.env, {
    [own]: folder,
    TMPDIR: folder,
    PATH: `${programs}${delimiter}${process.env['PATH']}`,
  });
}

export function teardown(): void {
  const folder = process.env[own];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

function pythonBehindShim(): string | undefined {
  try {
    const program = 'import sys; print(sys.executable)';
    return execFileSync('python3', ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
