import { shellWord } from '../../../core/next-command.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keyOf, type Setting } from '../setting.js';
import { containerKeys } from './container.js';
import { instanceKeys } from './instance.js';
import { profileOption } from './login-command.js';
import { ownKeys } from './own-keys.js';
import { cachedRole } from './role-cache.js';
import { type Found, type Keys, type ProfileSource, profileSource, type Sources } from './source.js';
import { environmentKeys } from './static-keys.js';
import { sessionName, stsKeys } from './sts-keys.js';

/** Whether a profile has a role to assume with other keys; one with a web identity token file assumes it with that. */
function hasRole({ keys }: ProfileSource): boolean {
  return keys.has('role_arn') && !keys.has('web_identity_token_file');
}

function hasOwnKeys({ keys }: ProfileSource): boolean {
  return keys.has('aws_access_key_id') || keys.has('aws_secret_access_key');
}

/** A profile's role settings. */
interface Role {
  readonly profile: string;
  readonly arn: Setting;
  readonly externalId?: Setting | undefined;
  readonly mfaSerial?: Setting | undefined;
  readonly sessionName?: Setting | undefined;
  readonly durationSeconds?: number | undefined;
}

/** A profile's role, assumed with the keys of its `source_profile` or `credential_source`. */
export async function assumedRole(
  profile: ProfileSource,
  sources: Sources,
  visited: readonly string[] = [profile.name],
): Promise<Found | undefined> {
  if (!hasRole(profile)) return undefined;
  const { name, keys } = profile;
  const setting = (key: string) => keyOf(keys, key, name);
  const arn = setting('role_arn');
  if (arn === undefined) return undefined;
  const duration = setting('duration_seconds');
  const role: Role = {
    profile: name,
    arn,
    externalId: setting('external_id'),
    mfaSerial: setting('mfa_serial'),
    sessionName: setting('role_session_name'),
    // A value that is not a whole number is ignored, as in the AWS CLI.
    durationSeconds:
      duration && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(duration.value)
        ? Number(duration.value.replaceAll('_', ''))
        : undefined,
  };
  const by = await sourceOf(profile, sources, visited);
  let asked = false;
  return {
    from: `role ${plainText(arn.value)} (${arn.from}) by ${by.from}`,
    fetch: async () => {
      const cached = await cachedRole(
        {
          RoleArn: arn.value,
          ...(role.externalId && { ExternalId: role.externalId.value }),
          ...(role.sessionName && { RoleSessionName: role.sessionName.value }),
          ...(role.mfaSerial && { SerialNumber: role.mfaSerial.value }),
          ...(role.durationSeconds !== undefined && { DurationSeconds: role.durationSeconds }),
        },
        sources.env,
      );
      if (cached !== undefined) return cached;
      if (asked && role.mfaSerial)
        throw noCredentials(
          `the session of role ${plainText(arn.value)} (${arn.from}) has ended, and a run asks for its MFA code only once`,
          'start the command again',
        );
      const source = await by.fetch();
      asked = true;
      return assume(role, { keys: source, from: by.from }, sources);
    },
  };
}

async function assume(
  { profile, arn, externalId, mfaSerial, sessionName: session, durationSeconds }: Role,
  by: { readonly keys: Keys; readonly from: string },
  sources: Sources,
): Promise<Keys> {
  if (durationSeconds !== undefined && durationSeconds < 900)
    throw noCredentials(
      `the duration_seconds of profile ${plainText(profile)} is ${durationSeconds}, below the 900 that AWS requires`,
      'set it to 900 or more, or leave it out',
    );
  const code = mfaSerial && (await codeOf(mfaSerial, profile, sources));
  return stsKeys(
    'AssumeRole',
    {
      RoleArn: arn.value,
      RoleSessionName: sessionName(session),
      ExternalId: externalId?.value,
      SerialNumber: mfaSerial?.value,
      TokenCode: code,
      DurationSeconds: durationSeconds,
    },
    {
      role: arn,
      sources,
      by,
      hint:
        mfaSerial &&
        `check the code and the device ${plainText(mfaSerial.value)}: each code works once, so wait for the next one`,
    },
  );
}

async function codeOf(
  { value, from }: Setting,
  profile: string,
  { askCode, shared }: Sources,
): Promise<string> {
  const serial = plainText(value);
  const by = shared.profiles.get(profile)?.get('source_profile')?.value;
  const source = typeof by === 'string' ? profileOption(by) : '';
  if (askCode === undefined)
    throw noCredentials(
      `profile ${plainText(profile)} needs an MFA code (${from}), and there is no terminal to ask on`,
      `set a session's keys as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and assume the role through a profile with credential_source = Environment; get one with: aws sts get-session-token${source} --serial-number ${shellWord(serial)} --token-code CODE`,
    );
  const code = await askCode(serial);
  if (code !== undefined && code.trim() !== '') return code.trim();
  throw noCredentials(
    `no code of the MFA device ${serial} was given (${from})`,
    'start the command again and type the code that the device shows',
  );
}

const sourceNames = ['Environment', 'EcsContainer', 'Ec2InstanceMetadata'];

/** The keys that a role is assumed with. */
async function sourceOf(
  profile: ProfileSource,
  sources: Sources,
  visited: readonly string[],
): Promise<Found> {
  const { name, keys } = profile;
  const sourceProfile = keyOf(keys, 'source_profile', name);
  const credentialSource = keyOf(keys, 'credential_source', name);
  const where = `profile ${plainText(name)} (${keyOf(keys, 'role_arn', name)?.from})`;
  if (sourceProfile && credentialSource)
    throw noCredentials(
      `${where} has both source_profile and credential_source for its role`,
      'remove one of the two; the AWS CLI would stop here, too',
    );
  if (credentialSource) return namedSource(credentialSource, sources);
  if (!sourceProfile)
    throw noCredentials(
      `${where} has a role and neither source_profile nor credential_source to assume it with`,
      'add source_profile = NAME to the profile; the AWS CLI would stop here, too',
    );
  return sourceProfileKeys(profile, sourceProfile, sources, visited);
}

async function namedSource({ value, from }: Setting, sources: Sources): Promise<Found> {
  if (!sourceNames.includes(value))
    throw noCredentials(
      `"${plainText(value)}" (${from}) is not a source of credentials`,
      `use one of ${sourceNames.join(', ')}, spelled exactly like this`,
    );
  const found =
    value === 'Environment'
      ? environmentKeys(sources.env)
      : value === 'EcsContainer'
        ? containerKeys(sources)
        : await instanceKeys(sources);
  if (found !== undefined) return found;
  throw noCredentials(
    `there are no credentials in ${value} (${from})`,
    {
      Environment: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      EcsContainer: 'run this in a container with a role: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set',
    }[value] ?? 'run this on an EC2 instance with a role, or use another source',
  );
}

async function sourceProfileKeys(
  profile: ProfileSource,
  { value: name, from }: Setting,
  sources: Sources,
  visited: readonly string[],
): Promise<Found> {
  if (!sources.shared.profiles.has(name))
    throw noCredentials(
      `there is no profile ${plainText(name)} to assume a role with (${from})`,
      'correct the name; aws configure list-profiles lists the profiles',
    );
  const source = profileSource(name, sources);
  if (visited.includes(name) && (name !== profile.name || !hasOwnKeys(source)))
    throw noCredentials(
      `the profiles ${[...visited, name].map((one) => plainText(one)).join(' → ')} refer to each other in a circle (${from})`,
      'let the last source_profile name a profile that has keys',
    );
  const found =
    hasOwnKeys(source) || !hasRole(source)
      ? await ownKeys(source, sources)
      : await assumedRole(source, sources, [...visited, name]);
  if (found !== undefined) return found;
  throw noCredentials(
    `profile ${plainText(name)} has no credentials to assume a role with (${from})`,
    `give it some: aws configure${profileOption(name)}`,
  );
}
