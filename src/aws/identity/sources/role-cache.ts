import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Environment } from '../../environment.js';
import { plainText } from '../../plain-text.js';
import { expandHome } from '../expand-path.js';
import { noCredentials } from '../failures.js';
import { expiryOf } from './expiry.js';
import type { Keys } from './source.js';

/** Sessions that end sooner are not used any more. */
const margin = 15 * 60_000;

/**
 * A role's session in the AWS CLI's own cache, so that an MFA code that was typed for it holds here, too; read only.
 * @throws ElbProxyError `no-credentials` if the file is not one of the AWS CLI's
 */
export async function cachedRole(
  input: Readonly<Record<string, string | number>>,
  env: Environment,
): Promise<Keys | undefined> {
  const name = createHash('sha1').update(pythonJson(input)).digest('hex');
  const path = expandHome(`~/.aws/cli/cache/${name}.json`, env);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const keys = keysIn(text);
  if (keys === undefined)
    throw noCredentials(
      `the session that the AWS CLI keeps in ${plainText(path)} can't be used: the file is not what it writes`,
      'delete that file; the AWS CLI would stop here, too',
    );
  return keys.expiration.getTime() - Date.now() < margin ? undefined : keys;
}

function keysIn(text: string): (Keys & { readonly expiration: Date }) | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration,
    } = (kept as { readonly Credentials: Readonly<Record<string, string>> }).Credentials;
    const expiration = Expiration === undefined ? undefined : expiryOf(Expiration);
    return accessKeyId && secretAccessKey && sessionToken && expiration
      ? { accessKeyId, secretAccessKey, sessionToken, expiration }
      : undefined;
  } catch {
    return undefined;
  }
}

/** `json.dumps(value, sort_keys=True)`: the AWS CLI names its cached sessions by this text. */
function pythonJson(input: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(input)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{${pairs.join(', ')}}`.replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
