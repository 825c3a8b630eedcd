import type { GuardCheck } from '../../core/report.js';
import type { ElbProxyError } from '../../errors.js';
import type { WatchProgress } from '../events.js';
import type { Clock } from '../ports.js';
import { unlessStopped } from '../unless-stopped.js';
import type { GuardWatcher, Looked } from './watcher.js';
import { interruptedWhileFailing, watchFailed } from './words.js';

/** One guard's watch over one changed port, or over several that share a watcher. */
export interface Watch {
  readonly name: string;
  readonly watcher: GuardWatcher;
  readonly holdMs: number;
  /** Records a check's result, and returns it in the report's form. */
  readonly record: (looked: Looked) => readonly GuardCheck[];
}

interface Course {
  readonly watch: Watch;
  looks: number;
  heldMs: number;
  /** When the last check ended, if it passed. */
  passedAt: number | undefined;
  failing: GuardCheck | undefined;
  readonly targetsPassed: Set<string>;
}

/** The most time between two checks that counts as watched: a suspended process sees nothing. */
const longestGapMs = 20_000;

/** One check is never a hold, however short the hold. */
const fewestLooks = 2;

/** Watches with all guards at once: each must pass within the window, then hold. The first failure ends all. */
export async function watchPorts(
  watches: readonly Watch[],
  windowMs: number,
  signal: AbortSignal,
  clock: Clock,
  onProgress: (progress: readonly WatchProgress[]) => void,
): Promise<ElbProxyError | 'passed' | 'interrupted'> {
  const began = clock.now().getTime();
  const courses = watches.map(
    (watch): Course => ({
      watch,
      looks: 0,
      heldMs: 0,
      passedAt: undefined,
      failing: undefined,
      targetsPassed: new Set(),
    }),
  );
  let ended: ElbProxyError | 'passed' | undefined;
  const over = new AbortController();
  const end = (how: ElbProxyError | 'passed'): void => {
    ended ??= how;
    over.abort();
  };
  const stop = AbortSignal.any([signal, over.signal]);
  const tell = (): void => onProgress(courses.map(progressOf));

  tell();
  await Promise.all(
    courses.map(async (course) => {
      while (!stop.aborted) {
        const looked = await unlessStopped(course.watch.watcher.look(), stop);
        if (looked === undefined) return;
        const failure = judge(course, looked, clock.now().getTime() - began, windowMs, clock);
        if (failure !== undefined) return end(failure);
        if (courses.every(hasHeld)) return end('passed');
        tell();
        await unlessStopped(clock.sleep(untilNextLook(course)), stop);
      }
    }),
  );
  if (ended !== undefined) return ended;
  const failing = courses.find((course) => course.failing !== undefined)?.failing;
  return failing === undefined ? 'interrupted' : interruptedWhileFailing(failing);
}

function judge(
  course: Course,
  looked: Looked,
  sinceChangeMs: number,
  windowMs: number,
  clock: Clock,
): ElbProxyError | undefined {
  const { watch, targetsPassed } = course;
  const checks = watch.record(looked);
  const now = clock.now().getTime();
  course.looks++;
  course.failing = checks.find(({ passed }) => !passed);
  // Once it has passed it must keep passing: flapping is a failure.
  const flapped = checks.find(({ passed, target }) => !passed && targetsPassed.has(target));
  for (const { passed, target } of checks) if (passed) targetsPassed.add(target);
  const { failing, passedAt } = course;
  if (failing === undefined) {
    course.heldMs += passedAt === undefined ? 0 : Math.min(now - passedAt, longestGapMs);
    course.passedAt = now;
    return undefined;
  }
  if (flapped !== undefined || passedAt !== undefined || !watch.watcher.patient)
    return watchFailed(flapped ?? failing, undefined, looked.hint);
  return sinceChangeMs >= windowMs ? watchFailed(failing, windowMs, looked.hint) : undefined;
}

function hasHeld({ passedAt, heldMs, looks, watch }: Course): boolean {
  return passedAt !== undefined && heldMs >= watch.holdMs && looks >= fewestLooks;
}

/** The last check of a hold comes at its end, not a whole pause later. */
function untilNextLook({ watch, heldMs, passedAt }: Course): number {
  const every = watch.watcher.everyMs();
  const left = watch.holdMs - heldMs;
  return passedAt !== undefined && left > 0 ? Math.min(every, left) : every;
}

function progressOf({ watch, passedAt, failing, heldMs }: Course): WatchProgress {
  return {
    name: watch.name,
    passing: passedAt !== undefined && failing === undefined,
    failing: failing === undefined ? undefined : `${failing.seen} at ${failing.target}`,
    heldMs,
    holdMs: watch.holdMs,
  };
}
