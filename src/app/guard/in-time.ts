import type { Clock } from '../ports.js';

/** Milliseconds that one check by a call may take, including retries. */
const lookMs = 15_000;

/** Awaits an answer for as long as one check may take. @throws Error if that is too short */
export async function inTime<T>(answer: Promise<T>, { alarm }: Pick<Clock, 'alarm'>): Promise<T> {
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
