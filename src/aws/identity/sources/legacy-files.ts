import { readFile } from 'node:fs/promises';
import { plainText } from '../../plain-text.js';
import { expandHome, expandPath } from '../expand-path.js';
import { noCredentials } from '../failures.js';
import { keyOf } from '../setting.js';
import { readIni } from '../shared-config.js';
import type { Found, Sources } from './source.js';

/** AWS_CREDENTIAL_FILE: a file of the first EC2 tools, which the AWS CLI still reads before it asks for a role. */
export async function credentialFileKeys({ env }: Sources): Promise<Found | undefined> {
  const path = env['AWS_CREDENTIAL_FILE'];
  if (path === undefined) return undefined;
  const failed = (why: string) =>
    noCredentials(
      `the file ${plainText(path)} (from AWS_CREDENTIAL_FILE) ${why}`,
      'unset AWS_CREDENTIAL_FILE, or write AWSAccessKeyId= and AWSSecretKey= into the file; the AWS CLI would stop here, too',
    );
  const text = await readFile(expandHome(path, env), 'utf8').catch(() => {
    throw failed("can't be read");
  });
  const pairs = new Map(
    text.split(/\r\n|\r|\n/).flatMap((line): readonly (readonly [string, string])[] => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
  const accessKeyId = pairs.get('AWSAccessKeyId');
  const secretAccessKey = pairs.get('AWSSecretKey');
  if (accessKeyId === undefined) return undefined;
  if (!accessKeyId || !secretAccessKey) throw failed('holds half a key pair');
  return {
    from: `AWS_CREDENTIAL_FILE, ${path}`,
    fetch: async () => ({ accessKeyId, secretAccessKey }),
  };
}

/** The files of boto 2, which the AWS CLI still reads before it asks for a role. */
export async function botoKeys({ env }: Sources): Promise<Found | undefined> {
  const named = env['BOTO_CONFIG'];
  for (const path of named === undefined ? ['/etc/boto.cfg', '~/.boto'] : [named]) {
    const section = (await readIni(expandPath(path, env))).get('Credentials');
    const id = section && keyOf(section, 'aws_access_key_id', 'Credentials');
    if (section === undefined || id === undefined) continue;
    const secret = keyOf(section, 'aws_secret_access_key', 'Credentials');
    const from = `[Credentials] of ${expandPath(path, env)}`;
    if (!id.value || !secret?.value)
      throw noCredentials(
        `half a key pair is in ${plainText(from)}`,
        'write both aws_access_key_id and aws_secret_access_key there, or take the section out',
      );
    const keys = { accessKeyId: id.value, secretAccessKey: secret.value };
    return { from, fetch: async () => keys };
  }
  return undefined;
}
