import type { LoadBalancerIdentity } from '../core/model.js';
import { statusCommand } from '../core/next-command.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import type { Clock } from './ports.js';

/** Milliseconds for one reading, and for the answer to one write. */
const answerMs = 60_000;
/** Milliseconds after which it is said that an answer has not come, and between further words of it. */
const sayAfterMs = 5000;
const sayEveryMs = 15_000;

/**
 * Waits for an answer for at most `ms`, and says so meanwhile; later it counts as lost, whatever the client still does.
 * @throws ElbProxyError of code `timeout`
 */
export async function within<T>(
  answer: Promise<T>,
  loadBalancer: LoadBalancerIdentity,
  { clock, emit }: { readonly clock: Clock; readonly emit: Emit },
  ms = answerMs,
): Promise<T> {
  const { alarm } = clock;
  if (alarm === undefined) return answer;
  const { name, region } = loadBalancer;
  let end: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    end = alarm(ms, () => {
      const message = `the service did not answer for load balancer ${name} (${region}) within ${Math.round(ms / 1000)} s`;
      reject(
        new ElbProxyError(message, {
          code: 'timeout',
          fault: 'service',
          hint: `look at what is there now: ${statusCommand({ name, region })}`,
        }),
      );
    });
  });
  let spoken = 0;
  let silence: () => void;
  const say = (after: number): void => {
    silence = alarm(after, () => {
      spoken += after;
      emit({ code: 'no-answer-yet', loadBalancer, ms: spoken, atMostMs: ms });
      say(sayEveryMs);
    });
  };
  say(sayAfterMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    end?.();
    silence!();
    // No one listens to it any more.
    answer.catch(() => undefined);
  }
}
