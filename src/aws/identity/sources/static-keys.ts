import type { Environment } from '../../environment.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import type { Section } from '../ini.js';
import { keyOf } from '../setting.js';
import { expiryOf } from './expiry.js';
import type { Found, Keys } from './source.js';

/**
 * The key pair of the environment. Half of one is an error: the AWS CLI would go on to another source if only the
 * secret is set, and act as someone whom the user did not mean.
 */
export function environmentKeys(env: Environment): Found | undefined {
  const id = env['AWS_ACCESS_KEY_ID'];
  const secret = env['AWS_SECRET_ACCESS_KEY'];
  if (!id && !secret) return undefined;
  if (!id || !secret) {
    const [there, missing] = id
      ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
      : ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'];
    throw noCredentials(
      `half a key pair is in the environment: ${there} is set, ${missing} is ${env[missing] === '' ? 'empty' : 'not set'}`,
      `set ${missing} as well, or unset ${there}`,
    );
  }
  // The older name goes before the newer one, as in the AWS CLI.
  const token = env['AWS_SECURITY_TOKEN'] || env['AWS_SESSION_TOKEN'];
  const expires = env['AWS_CREDENTIAL_EXPIRATION'];
  const expiration = expires ? expiryOf(expires) : undefined;
  const from = 'AWS_ACCESS_KEY_ID in the environment';
  if (expires && (expiration === undefined || expiration.getTime() <= Date.now()))
    throw noCredentials(
      `the key pair in the environment ${expiration ? 'has expired' : 'has an end that is not a time'}: AWS_CREDENTIAL_EXPIRATION is ${plainText(expires)}`,
      'get new keys, and set all their variables again',
    );
  return found(from, { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) });
}

/** The key pair of a profile in one file; id and secret in different files are not a pair. */
export function fileKeys(section: Section | undefined, profile: string): Found | undefined {
  const id = section && keyOf(section, 'aws_access_key_id', profile);
  const secret = section && keyOf(section, 'aws_secret_access_key', profile);
  if (section === undefined || (!id && !secret)) return undefined;
  if (!id?.value || !secret?.value) {
    const there = id?.value ? id : secret?.value ? secret : (id ?? secret);
    const missing = id?.value ? 'aws_secret_access_key' : 'aws_access_key_id';
    throw noCredentials(
      `half a key pair is in a shared file: ${there?.from}, has no ${missing} beside it`,
      'write both keys into the same section of the same file',
    );
  }
  const token = keyOf(section, 'aws_security_token', profile) ?? keyOf(section, 'aws_session_token', profile);
  return found(id.from, {
    accessKeyId: id.value,
    secretAccessKey: secret.value,
    ...(token?.value ? { sessionToken: token.value } : {}),
  });
}

function found(from: string, keys: Keys): Found {
  return { from, fetch: async () => keys };
}
