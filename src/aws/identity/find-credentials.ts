import { plainText } from '../plain-text.js';
import { noCredentials } from './failures.js';
import type { Profile } from './setting.js';
import { assumedRole } from './sources/assume-role.js';
import { containerKeys } from './sources/container.js';
import { instanceKeys } from './sources/instance.js';
import { botoKeys, credentialFileKeys } from './sources/legacy-files.js';
import { profileOption } from './sources/login-command.js';
import { ownKeys } from './sources/own-keys.js';
import { type Found, profileSource, type Sources } from './sources/source.js';
import { checkSsoSession } from './sources/sso.js';
import { environmentKeys } from './sources/static-keys.js';

/**
 * The source of the keys, in the AWS CLI's order: the environment's pair (unless `--profile` was given), the profile's
 * role, a web identity token, an SSO login, the profile's keys and process, older files, the container's role, the
 * instance's. One that is configured and fails ends the search: its error goes out.
 * @throws ElbProxyError `no-credentials` or `invalid-setting`
 */
export async function findCredentials(profile: Profile, sources: Sources): Promise<Found> {
  const useEnvironment = profile.chosenBy !== '--profile';
  const own = profileSource(profile.name, sources);
  const found =
    (useEnvironment ? environmentKeys(sources.env) : undefined) ??
    (await assumedRole(own, sources)) ??
    (await ownKeys(own, sources, useEnvironment)) ??
    (await credentialFileKeys(sources)) ??
    (await botoKeys(sources)) ??
    containerKeys(sources) ??
    (await instanceKeys(sources));
  if (found === undefined) throw nowhere(profile, sources);
  checkSsoSession(own, sources);
  return found;
}

function nowhere({ name, chosenBy }: Profile, { shared, env }: Sources) {
  const where = chosenBy
    ? `profile ${plainText(name)} (from ${chosenBy})`
    : 'the environment or the default profile';
  const passedOver =
    chosenBy === '--profile' && env['AWS_ACCESS_KEY_ID']
      ? 'AWS_ACCESS_KEY_ID is set but not used, because --profile names a profile; leave that out to use it'
      : undefined;
  const command = chosenBy ? profileOption(name) : '';
  return noCredentials(
    `no AWS credentials were found in ${where}, and no container or instance role answered`,
    passedOver ??
      (chosenBy
        ? `run aws configure${command} (or aws configure sso${command}), or name another profile; ${shared.paths.config || '(no file)'} and ${shared.paths.credentials || '(no file)'} were read`
        : 'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in with aws sso login, or run aws configure'),
  );
}
