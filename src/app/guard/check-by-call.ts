import { messageOf } from '../../errors.js';
import type { Clock } from '../ports.js';
import type { GuardSight, Looked } from './watcher.js';

/** Milliseconds that one check by a call may take, including retries. */
const lookMs = 15_000;

/** The result of a check, without its target and its time. */
export interface Checked extends Pick<GuardSight, 'passed' | 'seen'>, Omit<Looked, 'sights'> {}

/**
 * One check of one target by a call. One that fails, or takes too long, does not pass; never rejects.
 * @param way the way out of a failure whose error names none
 */
export async function checkByCall(
  target: string,
  call: Promise<Checked>,
  clock: Clock,
  way?: string,
): Promise<Looked> {
  const began = clock.now().getTime();
  const { passed, seen, ...rest } = await inTime(call, clock).catch(
    (error: unknown): Checked => ({ passed: false, seen: messageOf(error), hint: hintOf(error) ?? way }),
  );
  return { sights: [{ target, passed, seen, ms: clock.now().getTime() - began }], ...rest };
}

function hintOf(error: unknown): string | undefined {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}

/** Awaits an answer for as long as one check may take. @throws Error if that is too short */
async function inTime<T>(answer: Promise<T>, { alarm }: Pick<Clock, 'alarm'>): Promise<T> {
  if (alarm === undefined) return answer;
  let end: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    end = alarm(lookMs, () => reject(new Error(`the service did not answer within ${lookMs / 1000} s`)));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    end?.();
    // Its result no longer matters.
    answer.catch(() => undefined);
  }
}
