import { readFile } from 'node:fs/promises';
import { reasonOf } from '../../../errors.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keyOf, type Setting } from '../setting.js';
import type { Found, ProfileSource, Sources } from './source.js';
import { sessionName, stsKeys } from './sts-keys.js';

/**
 * A role by a web identity token (EKS, CI): of the environment's variables where they hold, and of the profile, each
 * value by itself. The AWS CLI puts this before every other source of a profile, and so before its keys.
 */
export function webIdentityKeys(
  { name, keys }: ProfileSource,
  sources: Sources,
  useEnvironment: boolean,
): Found | undefined {
  const setting = (variable: string, key: string): Setting | undefined => {
    const value = useEnvironment ? sources.env[variable] : undefined;
    return value === undefined ? keyOf(keys, key, name) : { value, from: variable };
  };
  const tokenFile = setting('AWS_WEB_IDENTITY_TOKEN_FILE', 'web_identity_token_file');
  if (!tokenFile?.value) return undefined;
  const role = setting('AWS_ROLE_ARN', 'role_arn');
  if (!role?.value)
    throw noCredentials(
      `a web identity token is configured (by ${tokenFile.from}) and no role to use it for`,
      `set ${useEnvironment ? 'AWS_ROLE_ARN, or ' : ''}role_arn in profile ${plainText(name)}`,
    );
  const session = setting('AWS_ROLE_SESSION_NAME', 'role_session_name');
  return {
    from: `role ${plainText(role.value)} (from ${role.from}) by the token in ${plainText(tokenFile.value)} (from ${tokenFile.from})`,
    fetch: async () => {
      const failed = (why: string, cause: unknown) =>
        noCredentials(
          `the web identity token ${plainText(tokenFile.value)} (from ${tokenFile.from}) can't be ${why}`,
          'check that path; the AWS CLI would stop here, too, and so no other source is tried',
          cause,
        );
      const bytes = await readFile(tokenFile.value).catch((error: unknown) => {
        throw failed(`read: ${reasonOf(error)}`, error);
      });
      let token: string;
      try {
        token = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw failed('used: it is not UTF-8 text', error);
      }
      return stsKeys(
        'AssumeRoleWithWebIdentity',
        {
          RoleArn: role.value,
          RoleSessionName: sessionName(session),
          WebIdentityToken: token,
        },
        { role, sources },
      );
    },
  };
}
