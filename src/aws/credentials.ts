import {
  credentialsTreatedAsExpired,
  credentialsWillNeedRefresh,
  type DefaultProviderInit,
  defaultProvider,
} from '@aws-sdk/credential-provider-node';
import { memoize } from '@smithy/core/config';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { ElbProxyError, messageOf } from '../errors.js';
import type { Environment } from './environment.js';
import { plainText } from './plain-text.js';
import type { Profile } from './profile.js';

/** What a client's `credentialDefaultProvider` setting takes. */
type CredentialSource = (init: DefaultProviderInit) => AwsCredentialIdentityProvider;

/**
 * The SDK's own chain (environment, SSO, profile, process, web identity, container, instance) for the profile in use.
 * One chain serves every client that is given this source, so a role is assumed once, not once a region.
 * A failure is an ElbProxyError `no-credentials`: a denial by STS must not be taken for one by the load balancing API.
 */
export function credentialsOf(profile: Profile, env: Environment): CredentialSource {
  let found: AwsCredentialIdentityProvider | undefined;
  return (init) => {
    found ??= providerOf(profile, {
      ...init,
      configFilepath: profile.files.config,
      filepath: profile.files.credentials,
      // An unreachable instance metadata address costs this long, once for each of its two protocol versions.
      timeout: 1000,
      maxRetries: 0,
    });
    const shared = found;
    return async (options) => {
      try {
        return await shared(options);
      } catch (error) {
        throw noCredentials(error, profile, env);
      }
    };
  };
}

/**
 * A profile that was asked for and says where its credentials come from is held to that, as by the AWS CLI:
 * the SDK's chain would go on to the instance's role when the profile's process or login fails, and act as another.
 */
function providerOf(profile: Profile, init: DefaultProviderInit): AwsCredentialIdentityProvider {
  if (profile.chosenBy === undefined) return defaultProvider(init);
  const named = { ...init, profile: profile.name };
  if (!sources.some((key) => profile.keys[key] !== undefined)) return defaultProvider(named);
  return memoize(
    async () => {
      const { fromIni } = await import('@aws-sdk/credential-provider-ini');
      return fromIni(named)();
    },
    credentialsTreatedAsExpired,
    credentialsWillNeedRefresh,
  );
}

/** Keys by which a profile says where its credentials come from. */
const sources = [
  'aws_access_key_id',
  'credential_process',
  'login_session',
  'role_arn',
  'sso_session',
  'sso_start_url',
  'web_identity_token_file',
];

function noCredentials(error: unknown, profile: Profile, env: Environment): ElbProxyError {
  const text = plainText(messageOf(error));
  const nowhere =
    /instance metadata|load credentials from any providers|Metadata Service access disabled/i.test(text);
  const where = profile.chosenBy
    ? `profile ${plainText(profile.name)} (from ${profile.chosenBy})`
    : 'the environment or the default profile';
  const message = nowhere
    ? `no AWS credentials were found in ${where}, and no container or instance role answered`
    : `the AWS credentials of ${where} could not be had: ${text}`;
  return new ElbProxyError(message, {
    code: 'no-credentials',
    fault: 'user',
    hint: hint(profile, env),
    cause: error,
  });
}

function hint(profile: Profile, env: Environment): string {
  if (profile.keys['sso_session'] ?? profile.keys['sso_start_url']) {
    return `Log in again with: aws sso login --profile ${plainText(profile.name)}`;
  }
  if (profile.chosenBy && env['AWS_ACCESS_KEY_ID']) {
    return `AWS_ACCESS_KEY_ID is set but not used, because ${profile.chosenBy} names a profile; leave that out to use it`;
  }
  return 'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in with aws sso login, or run aws configure';
}
