import { ElbProxyError } from '../../errors.js';

/** A setting that can't be used: names where it is written in its message, the way out in its hint. */
export function invalidSetting(message: string, hint: string, cause?: unknown): ElbProxyError {
  return new ElbProxyError(message, { code: 'invalid-setting', fault: 'user', hint, cause });
}

/** Credentials that are configured but can't be obtained: the search ends here, as the AWS CLI's does. */
export function noCredentials(message: string, hint: string, cause?: unknown): ElbProxyError {
  return new ElbProxyError(message, { code: 'no-credentials', fault: 'user', hint, cause });
}
