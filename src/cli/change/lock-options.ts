import type { Given, Option } from '../define.js';
import { milliseconds } from '../options.js';

/** Taking turns with other runs. */
export const lockOptions = {
  lock: {
    type: 'flag',
    describe: 'hold a lock in the load balancer itself, against runs with --lock on other machines',
  },
  'lock-timeout': {
    type: 'text',
    value: 'TIME',
    describe: 'wait this long for another run on the load balancer to end (default: 60s)',
  },
} as const satisfies Record<string, Option>;

/** `--lock-timeout` in milliseconds. */
export function lockTimeoutOf(given: Given): number {
  return milliseconds('--lock-timeout', given.text('lock-timeout') ?? '60s');
}
