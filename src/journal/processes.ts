import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { ProcessSight } from '../core/liveness.js';
import type { Holder } from '../core/record.js';
import { withoutUndefined } from '../core/without-undefined.js';
import { codeOf } from '../errors.js';

// Identifies a process on this machine. Linux has it under /proc (proc(5): `stat` field 22 is the start, in ticks since
// the boot; `random/boot_id` differs in each boot). Elsewhere only `ps` knows when a process began; it is run only if a
// process with a change's number is alive.

/** A process of this machine as a holder; this one unless said otherwise. */
export function holderOf(pid: number = process.pid): Holder {
  const marks = {
    machine: machine(),
    boot: unlessMissing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
    space: unlessMissing(() => readlinkSync('/proc/self/ns/pid')),
    started: statOf(pid)?.started,
  };
  return { pid, host: hostname(), ...withoutUndefined(marks) };
}

/** The state of a process id on this machine. */
export function processSight(pid: number, lives: (pid: number) => boolean = isAlive): ProcessSight {
  const stat = statOf(pid);
  // A mount option (hidepid) may hide the processes of others.
  if (stat === undefined)
    return lives(pid) ? { alive: true, startedAt: startedAtByPs(pid) } : { alive: false };
  const { state, started } = stat;
  // A zombie: it has ended, but its parent has not collected it yet.
  if (state === 'Z' || state === 'X') return { alive: false };
  return { alive: true, started, startedAt: Date.now() - uptime() * 1000 + Number(started) * tickMs };
}

/** machine-id(5) asks not to show the id itself. */
function machine(): string | undefined {
  const id = unlessMissing(() => readFileSync('/etc/machine-id', 'latin1'));
  // Read on first use: help never needs it, and starts sooner.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return id && createHash('sha256').update(`elb-proxy ${id}`).digest('hex').slice(0, 32);
}

/** Linux shows times to programs in hundredths of a second, whatever the kernel counts in. */
const tickMs = 10;

function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  const text = unlessMissing(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The name before it is in brackets, and may contain anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

/** When a process began, as `ps` says; milliseconds since 1970. */
export function startedAtByPs(pid: number): number | undefined {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const text = unlessMissing(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], {
      encoding: 'latin1',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    }),
  );
  const at = Date.parse(`${text ?? ''} UTC`);
  return Number.isNaN(at) ? undefined : at;
}

/** Also undefined if it is empty. */
function unlessMissing(read: () => string): string | undefined {
  try {
    return read().trim() || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is alive, and another user's.
    return codeOf(error) === 'EPERM';
  }
}
