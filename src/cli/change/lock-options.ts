import type { Option, OptionValues } from '../option.js';
import { milliseconds } from '../quantities.js';

/** Taking turns with other runs. */
export const lockOptions = {
  lock: {
    type: 'flag',
    describe: 'hold a lock in the Classic load balancer itself, against runs with --lock on other machines',
  },
  'lock-timeout': {
    type: 'text',
    value: 'TIME',
    describe: 'wait this long for another run on the load balancer to end (default: 60s)',
  },
} as const satisfies Record<string, Option>;

/** `--lock-timeout` in milliseconds. */
export function lockTimeoutOf({ 'lock-timeout': text = '60s' }: OptionValues<typeof lockOptions>): number {
  return milliseconds('--lock-timeout', text);
}
