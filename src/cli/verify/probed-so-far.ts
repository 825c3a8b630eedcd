import type { VerifyProgress } from '../../app/verify-backends.js';

/** How far probing is, in a line. */
export function probedSoFar({ done, total, verdicts }: VerifyProgress): string {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  return [`${done} of ${total} probed`, ...counts].join(', ');
}
