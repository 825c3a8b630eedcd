import { ElbProxyError, usageError } from '../../errors.js';
import type { Environment } from '../environment.js';
import { plainText } from '../plain-text.js';
import type { Profile } from './setting.js';
import type { SharedConfig } from './shared-config.js';

/**
 * The profile in use: `--profile`, AWS_DEFAULT_PROFILE, AWS_PROFILE, or the default one. A named one must exist.
 * @throws ElbProxyError `no-profile` or `usage`
 */
export function chosenProfile(flag: string | undefined, env: Environment, shared: SharedConfig): Profile {
  if (flag?.trim() === '') throw usageError('--profile was given without a name');
  const chosenBy =
    flag === undefined
      ? (['AWS_DEFAULT_PROFILE', 'AWS_PROFILE'] as const).find((name) => env[name] !== undefined)
      : '--profile';
  const name = flag ?? (chosenBy === undefined ? 'default' : (env[chosenBy] ?? ''));
  const keys = shared.profiles.get(name);
  if (keys === undefined && chosenBy !== undefined) throw noProfile(name, chosenBy, shared);
  return { name, chosenBy, keys: keys ?? new Map() };
}

function noProfile(name: string, chosenBy: string, { paths, profiles }: SharedConfig): ElbProxyError {
  const where = `${paths.config || 'AWS_CONFIG_FILE (empty)'} or ${paths.credentials || 'AWS_SHARED_CREDENTIALS_FILE (empty)'}`;
  const hint =
    name === ''
      ? `unset ${chosenBy}: the AWS CLI takes an empty one for a profile without a name`
      : profiles.size > 0
        ? 'list the profiles with: aws configure list-profiles'
        : `there is no profile in them: run aws configure, or unset ${chosenBy} to use the environment's keys or this machine's role`;
  return new ElbProxyError(`there is no profile named "${plainText(name)}" (from ${chosenBy}) in ${where}`, {
    code: 'no-profile',
    fault: 'user',
    hint,
  });
}
