import type { VerifyProgress } from '../../app/verify-backends.js';
import type { Io } from '../io.js';
import { canRedraw } from '../terminal-style.js';

/** No more often than this the line is written anew, and not before it has taken as long. */
const everyMs = 200;

/** One line on a terminal that says how far it is; nothing anywhere else. */
export function progressLine({ stderr, env }: Pick<Io, 'stderr' | 'env'>): {
  readonly show: (progress: VerifyProgress) => void;
  readonly clear: () => void;
} {
  const { columns = 80, stream } = stderr;
  const watched = canRedraw(stderr, env);
  let shownAt = performance.now();
  let shown = false;
  return {
    show: ({ done, total, verdicts }) => {
      const now = performance.now();
      if (!watched || total < 2 || now - shownAt < everyMs) return;
      shownAt = now;
      shown = true;
      const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
      const line = [`${done} of ${total} probed`, ...counts].join(', ');
      stream.write(`\r\u001b[2K${line.slice(0, columns - 1)}`);
    },
    clear: () => {
      if (shown) stream.write('\r\u001b[2K');
    },
  };
}
