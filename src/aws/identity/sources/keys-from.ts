import type { ElbProxyError } from '../../../errors.js';
import { expiryOf } from './expiry.js';
import type { Keys } from './source.js';

/** Reads keys from an answer in AWS's usual form; what is missing in it, or has expired, is an error. */
export function keysFrom(
  answer: object,
  tokenName: 'SessionToken' | 'Token',
  failed: (why: string) => ElbProxyError,
): Keys {
  const field = (name: string): string | undefined => {
    const value: unknown = (answer as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw failed(`the ${name} of its answer is not a string`);
    return value;
  };
  const accessKeyId = field('AccessKeyId');
  const secretAccessKey = field('SecretAccessKey');
  const missing = accessKeyId ? 'SecretAccessKey' : 'AccessKeyId';
  if (!accessKeyId || !secretAccessKey) throw failed(`its answer has no ${missing}`);
  const sessionToken = field(tokenName);
  const written = field('Expiration');
  const expiration = written === undefined ? undefined : expiryOf(written);
  if (written !== undefined && expiration === undefined)
    throw failed('the Expiration of its answer is not a time');
  if (expiration !== undefined && expiration.getTime() <= Date.now())
    throw failed(`its keys have expired at ${expiration.toISOString()}`);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(expiration ? { expiration } : {}),
  };
}
