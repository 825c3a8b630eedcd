import type { VerifyProgress } from '../../app/verify-backends.js';
import type { Output } from '../io.js';

/** No more often than this the line is written anew. */
const everyMs = 100;

/** One line on a terminal that says how far it is; nothing anywhere else. */
export function progressLine({ isTerminal, columns = 80, stream }: Output): {
  readonly show: (progress: VerifyProgress) => void;
  readonly clear: () => void;
} {
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show: ({ done, total, verdicts }) => {
      const now = performance.now();
      if (!isTerminal || total < 2 || now - shownAt < everyMs) return;
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
