import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keyOf } from '../setting.js';
import { processKeys } from './credential-process.js';
import { profileOption } from './login-command.js';
import type { Found, ProfileSource, Sources } from './source.js';
import { ssoKeys } from './sso.js';
import { fileKeys } from './static-keys.js';
import { webIdentityKeys } from './web-identity.js';

/** The keys that a profile has without assuming a role by another's, in the AWS CLI's order. */
export async function ownKeys(
  profile: ProfileSource,
  sources: Sources,
  useEnvironment = false,
): Promise<Found | undefined> {
  const { name } = profile;
  const { inConfig, inCredentials } = sources.shared;
  return (
    webIdentityKeys(profile, sources, useEnvironment) ??
    ssoKeys(profile, sources) ??
    fileKeys(inCredentials.get(name), name) ??
    refuseLogin(profile) ??
    processKeys(profile, sources) ??
    fileKeys(inConfig.get(name), name)
  );
}

/** `aws login` needs a part that the AWS CLI's version 1 does not have either; nothing else is tried. */
function refuseLogin({ name, keys }: ProfileSource): undefined {
  const session = keyOf(keys, 'login_session', name);
  if (session === undefined) return undefined;
  throw noCredentials(
    `profile ${plainText(name)} uses a login by aws login (${session.from}), which this tool can't use`,
    `export its keys: eval "$(aws configure export-credentials${profileOption(name)} --format env)"`,
  );
}
