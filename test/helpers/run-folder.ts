import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

/** Where a run's folder is kept: `setup` is called once for each project. */
const own = 'ELB_PROXY_TEST_FOLDER';
let made: string | undefined;

/**
 * Gives a test run a folder of its own for everything temporary, which is removed with all that is in it at its end; and puts
 * the folder of Python's programs in front of a version manager's shims, scripts that take five times as long to start them.
 */
export function setup(): void {
  if (process.env[own] !== undefined) return;
  // Short, because a Unix socket's path must be.
  made = mkdtempSync(join(realpathSync(tmpdir()), 'elb-'));
  // Servers that drop root privileges still have to reach their files in it.
  chmodSync(made, 0o711);
  Object.assign(process.env, { [own]: made, TMPDIR: made });
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const at = path.findIndex((one) => basename(one) === 'shims' && existsSync(join(one, 'python3')));
  const python = at < 0 ? undefined : pythonBehindShim();
  if (python !== undefined) process.env['PATH'] = path.toSpliced(at, 0, dirname(python)).join(delimiter);
}

export function teardown(): void {
  if (made !== undefined) rmSync(made, { recursive: true, force: true });
}

function pythonBehindShim(): string | undefined {
  try {
    return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  } catch {
    // A shim may lead nowhere.
    return undefined;
  }
}
