import { nextCommand } from '../core/next-command.js';
import { ElbProxyError, worldError } from '../errors.js';
import type { Emit } from './events.js';
import { isLockHost } from './lock-policy.js';
import type { Clock, Journal, Lock, LockAttempt, LockHolder, StillLocked } from './ports.js';
import { nameOf } from './stop.js';
import { unlessStopped } from './unless-stopped.js';

/** The settings of a wait for locks. */
export interface LockWait {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Milliseconds for each lock. */
  readonly timeoutMs: number;
  /** Knows whether a holder on this machine is still running. */
  readonly journal: Pick<Journal, 'holder' | 'liveness'>;
}

/** Locks that a run has. */
export interface TakenLocks {
  readonly release: () => Promise<void>;
  /** Whether this run still holds the locks of a load balancer. */
  readonly stillLocked: StillLocked;
}

/** Milliseconds after which a waiting run says which run it waits for. */
const sayAfterMs = 1000;
const shortestPauseMs = 100;
const longestPauseMs = 2000;

/**
 * Takes locks in the given order, waiting for each in turn; returns a function that releases them all. Runs that take
 * several locks must always use the same order, or two runs deadlock.
 * @throws ElbProxyError `locked` when time runs out, `interrupted` on a signal; then nothing is held
 */
export async function takeLocks(locks: readonly Lock[], wait: LockWait): Promise<TakenLocks> {
  const held: Held[] = [];
  const release = async (): Promise<void> => {
    for (const one of held.splice(0).toReversed()) await one.release();
  };
  const stillLocked: StillLocked = (fresh) =>
    held.every(({ target, stillHeld }) => !isAbout(target, fresh) || stillHeld(fresh));
  try {
    for (const lock of locks) held.push({ target: lock.target, ...(await takeLock(lock, wait)) });
    return { release, stillLocked };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A lock that was taken. */
type Taken = Extract<LockAttempt, { kind: 'taken' }>;
type Held = Taken & Pick<Lock, 'target'>;

/** The service takes a name in any letter case for the same load balancer. */
function isAbout({ name, region }: Lock['target'], fresh: Lock['target']): boolean {
  return region === fresh.region && name.toLowerCase() === fresh.name.toLowerCase();
}

async function takeLock(lock: Lock, wait: LockWait): Promise<Taken> {
  try {
    return await turn(lock, wait);
  } catch (error) {
    await lock.giveUp?.();
    throw error;
  }
}

async function turn(lock: Lock, wait: LockWait): Promise<Taken> {
  const { clock, emit, signal, timeoutMs } = wait;
  const began = clock.now().getTime();
  let said = false;
  let foundDead = false;
  for (let pause = shortestPauseMs; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    if (signal.aborted)
      throw new ElbProxyError('interrupted; nothing was changed', { code: 'interrupted', fault: 'user' });
    const attempt = await lock.attempt();
    if (attempt.kind === 'taken') return attempt;
    const waited = clock.now().getTime() - began;
    const left = isLeft(lock, attempt, wait);
    if (waited >= timeoutMs || (left && foundDead)) throw lockedError(lock, attempt, wait);
    // Seen once, it may have ended just now, after it had released the lock.
    foundDead = left;
    if (!said && waited >= sayAfterMs) {
      said = true;
      emit({
        code: 'warning',
        message: `waiting for ${nameOf(lock.target)}: ${whoHolds(attempt, wait)}; at most ${seconds(timeoutMs - waited)} more`,
      });
    }
    const untilSaid = said ? Number.POSITIVE_INFINITY : sayAfterMs - waited;
    const ms = Math.max(1, Math.min(pause, timeoutMs - waited, untilSaid));
    await unlessStopped(clock.sleep(ms), signal);
  }
}

function whoHolds({ holder, error }: Extract<LockAttempt, { kind: 'held' }>, wait: LockWait): string {
  if (holder !== undefined) return `locked by ${describeHolder(holder, wait)}`;
  return error === undefined ? 'locked by another run' : error.message;
}

/** A holder for people: `process 123 on host since … (2 min ago)`. */
export function describeHolder(
  holder: LockHolder,
  { clock, journal }: Pick<LockWait, 'clock' | 'journal'>,
): string {
  const { pid, host, since } = holder;
  const gone = isDead(holder, { journal }) ? ', which is no longer running' : '';
  const age = seconds(Math.max(0, clock.now().getTime() - Date.parse(since)));
  return `process ${pid} on ${host}${gone}, since ${since.replace(/\.\d+Z$/, 'Z')} (${age} ago)`;
}

/** Whether a lock at the service was left by a run that is dead: no one releases it. One of this machine is taken over. */
function isLeft(
  lock: Lock,
  { holder }: Extract<LockAttempt, { kind: 'held' }>,
  wait: Pick<LockWait, 'journal'>,
): boolean {
  return lock.giveUp !== undefined && isDead(holder, wait);
}

/** Whether who holds a lock was a process of this host, and has ended. */
function isDead(holder: LockHolder | undefined, { journal }: Pick<LockWait, 'journal'>): boolean {
  if (holder === undefined) return false;
  const { pid, host, since } = holder;
  const here = isLockHost(host, journal.holder.host) || host === journal.holder.host;
  return (
    here &&
    pid !== journal.holder.pid &&
    journal.liveness({ ...holder, host: journal.holder.host }, since) === 'over'
  );
}

/** `40 s`, `5 min`, `3 h`. */
function seconds(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

function lockedError(
  lock: Lock,
  attempt: Extract<LockAttempt, { kind: 'held' }>,
  wait: LockWait,
): ElbProxyError {
  // The service's own error is quoted.
  if (attempt.holder === undefined && attempt.error !== undefined) return attempt.error;
  const { name, region } = lock.target;
  const dead = isLeft(lock, attempt, wait);
  const unlock = `remove its lock with: ${nextCommand('unlock', [name], { region })}`;
  const patience = lock.giveUp === undefined ? 'wait longer with --lock-timeout' : `if it is dead, ${unlock}`;
  const notReleased = dead ? '' : `, and was not released within ${seconds(wait.timeoutMs)}`;
  return worldError(
    `${nameOf(lock.target)} is ${whoHolds(attempt, wait)}${notReleased}. Nothing was written.`,
    'locked',
    dead ? unlock : `wait for that run to end, or ${patience}`,
  );
}
