import type { Clock } from '../ports.js';

/** Milliseconds that one look by a call may take, tries of it included. */
const lookMs = 15_000;

/** An answer, unless it takes longer than a look may. @throws Error that says so */
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
    // No one listens to it any more.
    answer.catch(() => undefined);
  }
}
