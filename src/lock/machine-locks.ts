import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { lstat, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lock, LockAttempt, LockHolder, LockTarget, MachineLocks } from '../app/ports.js';
import { livenessOf, type ProcessSight } from '../core/liveness.js';
import type { Holder } from '../core/record.js';
import { codeOf, ElbProxyError, reasonOf } from '../errors.js';
import { identityOf, makeOnce, takeLockDirectory } from './lock-directory.js';

/** Where the locks are, who takes them, and how to ask whether a process lives. */
export interface MachineLockOptions {
  readonly directory: string;
  readonly holder: Holder;
  readonly look: (pid: number) => ProcessSight;
  readonly now: () => Date;
  /** Milliseconds by a monotonic clock. */
  readonly elapsed?: (() => number) | undefined;
  /** Makes a directory of the user's own, with what is missing above it. */
  readonly makeDirectory: (path: string) => Promise<void>;
  /** Called when a lock was lost while it was held: this process was stopped for longer than its lock lives. */
  readonly onLost: (target: LockTarget) => void;
}

/** Milliseconds without a sign of life after which a lock is ignored, whatever its holder. */
const staleMs = 10_000;
/** Milliseconds after which a run that was about to break a lock must have died, or have a clock that is far off. */
const brokenOffMs = 120_000;
/** Milliseconds between signs of life. */
const updateMs = 2_000;

/**
 * Locks as directories under `locks`, one for each region and load balancer; beside each, its holder's name. A lock whose
 * process is gone from this machine is broken at once, any other once it was watched for 10 seconds without a sign of
 * life: hosts that share the directory may have clocks that differ, so that the time of a sign says nothing.
 */
export function openMachineLocks(options: MachineLockOptions): MachineLocks {
  const locks = join(options.directory, 'locks');
  return {
    lock: (target) => lockOn(target, locks, options),
  };
}

function lockOn(
  target: LockTarget,
  locks: string,
  {
    holder,
    look: lookAtProcess,
    now,
    elapsed = () => performance.now(),
    makeDirectory,
    onLost,
  }: MachineLockOptions,
): Lock {
  const path = join(locks, fileOf(target));
  let watched: { readonly sign: string; readonly from: number } | undefined;
  return {
    target,
    attempt: async () => {
      try {
        await makeDirectory(locks);
        if ((await lstat(locks)).isSymbolicLink())
          throw new Error('it is a symbolic link, which is not followed');
        return (await take()) ?? (await held());
      } catch (error) {
        throw unwritable(locks, error);
      }
    },
  };

  async function take(): Promise<LockAttempt | undefined> {
    const unlock = await takeLockDirectory(`${path}.lock`, updateMs, () => onLost(target));
    if (unlock === undefined) return undefined;
    await sign();
    const own = await identity(path).catch(() => undefined);
    const release = async (): Promise<void> => {
      await rm(signature(path), { force: true }).catch(() => undefined);
      // Lost meanwhile: that was reported, and there is nothing left to release.
      await unlock().catch(() => undefined);
    };
    return { kind: 'taken', release, stillHeld: () => own !== undefined && own === identityNow(path) };
  }

  /** Says who has the lock. It is only information, so a full disk does not stop the run. */
  async function sign(): Promise<void> {
    try {
      const signed: Signature = { ...holder, since: now().toISOString(), lock: await identity(path) };
      await rm(signature(path), { force: true });
      // Created again, so that a link with its name is never followed.
      const mode = ((await stat(locks)).mode & 0o020) === 0 ? 0o600 : 0o640;
      await writeFile(signature(path), JSON.stringify(signed), { flag: 'wx', mode });
    } catch {
      // Then waiting runs don't learn who holds it, and notice a crash only after 10 seconds.
    }
  }

  async function held(): Promise<LockAttempt> {
    const seen = await look(path);
    if (seen !== undefined && isDead(seen)) await breakDead();
    return { kind: 'held', holder: seen?.signature };
  }

  function isDead({ lastSign, signature: signed }: Seen): boolean {
    if (watched?.sign !== lastSign) watched = { sign: lastSign, from: elapsed() };
    if (elapsed() - watched.from > staleMs) return true;
    return signed !== undefined && livenessOf(signed, signed.since, holder, lookAtProcess) === 'over';
  }

  /** One at a time, and after a second look: else the slower of two would break the lock that the faster one just took. */
  async function breakDead(): Promise<void> {
    const breaking = `${path}.breaking.lock`;
    if (!(await makeOnce(breaking))) {
      const since = await stat(breaking).catch(ignoreMissing);
      if (since !== undefined && Date.now() - since.mtimeMs > brokenOffMs)
        await rmdir(breaking).catch(ignoreMissing);
      return;
    }
    try {
      const seen = await look(path);
      if (seen === undefined || !isDead(seen)) return;
      await rm(signature(path), { force: true });
      await rmdir(`${path}.lock`).catch(ignoreMissing);
    } finally {
      await rmdir(breaking).catch(() => undefined);
    }
  }
}

/** The holder of a lock, and which lock: a signature that an earlier holder left behind must not count. */
interface Signature extends LockHolder {
  readonly lock: string;
}

interface Seen {
  /** Which lock, and its last sign of life. */
  readonly lastSign: string;
  readonly signature: Signature | undefined;
}

async function look(path: string): Promise<Seen | undefined> {
  try {
    const stats = await stat(`${path}.lock`, { bigint: true });
    return { lastSign: `${identityOf(stats)} ${stats.mtimeNs}`, signature: await signatureOf(path) };
  } catch (error) {
    return ignoreMissing(error);
  }
}

async function signatureOf(path: string): Promise<Signature | undefined> {
  try {
    const read = JSON.parse(await readFile(signature(path), 'utf8')) as Partial<Signature>;
    const { pid, host, since, lock, ...marks } = read;
    const whole =
      typeof pid === 'number' &&
      typeof host === 'string' &&
      typeof since === 'string' &&
      Object.values(marks).every((mark) => typeof mark === 'string');
    return whole && lock === (await identity(path)) ? { ...marks, pid, host, since, lock } : undefined;
  } catch {
    return undefined;
  }
}

/** Distinguishes a lock from the next one of the same name; its modification time is its sign of life and moves. */
async function identity(path: string): Promise<string> {
  return identityOf(await stat(`${path}.lock`, { bigint: true }));
}

/** The same without waiting, right before a write: a process that was suspended for long may have lost it without knowing. */
function identityNow(path: string): string | undefined {
  const found = statSync(`${path}.lock`, { bigint: true, throwIfNoEntry: false });
  return found && identityOf(found);
}

function signature(path: string): string {
  return `${path}.json`;
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

/** A readable file name, safe for any load balancer's name; the service takes names in any letter case. */
function fileOf({ name, region }: LockTarget): string {
  const key = `${region}/${name.toLowerCase()}`;
  const readable = key.replaceAll(/[^a-z0-9-]+/g, '.').slice(0, 80);
  return `${readable}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

function unwritable(locks: string, cause: unknown): ElbProxyError {
  return new ElbProxyError(`the lock directory ${locks} can't be written: ${reasonOf(cause)}`, {
    code: 'journal',
    fault: 'user',
    hint: 'nothing is changed without a journal and its locks; make the directory writable, or name another with ELB_PROXY_STATE_DIR',
    cause,
  });
}
