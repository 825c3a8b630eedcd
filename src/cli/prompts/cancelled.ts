import { ElbProxyError } from '../../errors.js';

/** The answer was no, or there was none: a decision, not a failure. The hint says how to go ahead next time. */
export function cancelled(hint?: string): ElbProxyError {
  return new ElbProxyError('Cancelled: nothing was changed.', { code: 'cancelled', fault: 'world', hint });
}
