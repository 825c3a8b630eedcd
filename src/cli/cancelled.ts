import { ElbProxyError } from '../errors.js';

/** The answer was no, or there was none: a decision, not a failure. */
export function cancelled(): ElbProxyError {
  return new ElbProxyError('Cancelled: nothing was changed.', { code: 'cancelled', fault: 'world' });
}
