import { randomBytes } from 'node:crypto';
import { loadBalancerLock } from '../../app/lock-load-balancer.js';
import { takeLocks } from '../../app/lock-wait.js';
import type { Lock, LockTarget, StillLocked } from '../../app/ports.js';
import { ElbProxyError, usageError } from '../../errors.js';
import { stateDirectory } from '../../journal/state-directory.js';
import type { Context } from '../context.js';
import type { ChangeOptions } from './change-options.js';

/**
 * Works on load balancers while no other run on this machine does; with `--lock`, no run on any other machine either.
 * The locks are always released in the end; a signal does not end the process before that.
 *
 * @param work gets a function that checks whether the locks are still held; or, if the state directory can't be
 * written, the reason why there are no locks: then it may only look
 */
export async function withLocks<T>(
  targets: readonly LockTarget[],
  options: Pick<ChangeOptions, 'lock' | 'lockTimeoutMs'>,
  context: Context,
  work: (locks: ElbProxyError | StillLocked) => Promise<T>,
): Promise<T> {
  const locked = async (): Promise<T> => {
    const { clock, emit, io } = context;
    const taken = await takeLocks(await locksOf(targets, options.lock, context), {
      clock,
      emit,
      signal: io.signal,
      timeoutMs: options.lockTimeoutMs,
      journal: await context.journal(),
    }).catch(unwritable);
    if (taken instanceof ElbProxyError) return work(taken);
    try {
      return await work(taken.stillLocked);
    } finally {
      await taken.release();
    }
  };
  return context.untilFinished(locked());
}

/** If the state directory can't be written, a change stops, but not a run that finds nothing to do. */
function unwritable(error: unknown): ElbProxyError {
  if (error instanceof ElbProxyError && error.code === 'journal') return error;
  throw error;
}

/** Work that only reads may be abandoned half-way: a signal ends the wait for it. */
export async function unlessInterrupted<T>(reading: Promise<T>, { io }: Context): Promise<T> {
  const interrupted = new Promise<never>((_resolve, reject) => {
    const abort = (): void =>
      reject(new ElbProxyError('interrupted; nothing was changed', { code: 'interrupted', fault: 'user' }));
    if (io.signal.aborted) abort();
    else io.signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([reading, interrupted]);
}

/** Complains about `--lock` if a load balancer can't hold one; a dry run complains where the real run would. */
export function refuseNetworkLock(targets: readonly LockTarget[], lock: boolean): void {
  if (!lock || !targets.some(({ kind }) => kind === 'network')) return;
  // Whether the name is a Network Load Balancer's is not known yet; an option says so.
  throw usageError(
    "--lock only works with Classic load balancers: a Network Load Balancer can't hold a lock for other machines",
    "leave out --lock: this machine's lock is taken anyway",
  );
}

/** Always in one order, this machine's locks first: two runs never deadlock. */
async function locksOf(
  targets: readonly LockTarget[],
  everywhere: boolean,
  context: Context,
): Promise<readonly Lock[]> {
  const sorted = [...new Map(targets.map((target) => [keyOf(target), target]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, target]) => target);
  const { clock, emit, io } = context;
  const { openMachineLocks } = await import('../../lock/machine-locks.js');
  const { makeWithin } = await import('../../journal/make-directory.js');
  const machine = openMachineLocks({
    directory: stateDirectory(io.env),
    holder: io.holder,
    look: io.look,
    now: () => clock.now(),
    makeDirectory: makeWithin,
    onLost: ({ name, region }) =>
      emit({
        code: 'warning',
        message: `another run may work on load balancer ${name} (${region}) now: this run lost its lock, because it was suspended for too long or the lock's file was removed`,
      }),
  });
  const here = sorted.map((target) => machine.lock(target));
  if (!everywhere) return here;
  const there = await Promise.all(
    sorted.map(async ({ name, region }) => {
      const { pid, host } = io.holder;
      const newHold = () => ({
        pid,
        host,
        since: clock.now().toISOString(),
        nonce: randomBytes(8).toString('hex'),
      });
      return loadBalancerLock(await context.api(region), name, newHold, { clock, emit });
    }),
  );
  return [...here, ...there];
}

/** The service takes a name in any letter case for the same load balancer. */
function keyOf({ name, region }: LockTarget): string {
  return `${region}/${name.toLowerCase()}`;
}
