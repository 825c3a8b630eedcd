import { messageOf } from '../../../errors.js';
import { plainText } from '../../plain-text.js';
import { sdkFields, wireCode } from '../../wire-code.js';
import { noCredentials } from '../failures.js';
import { networkFailureIn } from '../network-failure.js';
import { regionName } from '../region.js';
import { keyOf, originOf } from '../setting.js';
import { loginCommand } from './login-command.js';
import type { Found, Keys, ProfileSource, Sources } from './source.js';
import { type SsoLogin, ssoToken } from './sso-token.js';

const ofProfile = ['sso_role_name', 'sso_account_id'] as const;
const ofSession = ['sso_start_url', 'sso_region'] as const;

/** A role by a login with `aws sso login`; of a `[sso-session]` or, the older way, of the profile itself. */
export function ssoKeys(profile: ProfileSource, sources: Sources): Found | undefined {
  const { name, keys } = profile;
  const at = ofProfile.find((key) => keys.has(key));
  if (at === undefined) return undefined;
  const session = keyOf(keys, 'sso_session', name);
  const merged = session === undefined ? keys : mergedSession(profile, session.value, session.from, sources);
  const value = (key: (typeof ofProfile)[number] | (typeof ofSession)[number]): string => {
    const found = keyOf(merged, key, name);
    if (found !== undefined) return found.value;
    throw noCredentials(
      `profile ${plainText(name)} uses an SSO login (${keyOf(keys, at, name)?.from}) and has no ${key}`,
      `add ${key} to ${session && ofSession.some((own) => own === key) ? `[sso-session ${plainText(session.value)}]` : 'the profile'}, or run: aws configure sso`,
    );
  };
  const roleName = value('sso_role_name');
  const accountId = value('sso_account_id');
  const startUrl = value('sso_start_url');
  const region = value('sso_region');
  regionName({ value: region, from: keyOf(merged, 'sso_region', name)?.from ?? 'sso_region' });
  const login: SsoLogin = { session: session?.value, startUrl, region, profile: name };
  return {
    from: `the SSO login of profile ${plainText(name)} (${session ? `sso-session ${plainText(session.value)}` : plainText(startUrl)}), account ${plainText(accountId)}, role ${plainText(roleName)}`,
    fetch: async () => roleKeys(login, { accountId, roleName }, sources),
  };
}

/** The AWS CLI refuses a profile whose sso-session is missing or lacks something, wherever its keys come from. */
export function checkSsoSession({ name, keys }: ProfileSource, sources: Sources): void {
  const session = keyOf(keys, 'sso_session', name);
  if (session === undefined) return;
  const section = sources.shared.ssoSessions.get(session.value);
  if (section === undefined || section.size === 0) throw noSession(session.value, session.from, sources);
  for (const key of ofSession)
    if (!section.has(key))
      throw noCredentials(
        `[sso-session ${plainText(session.value)}] (named by ${session.from}) has no ${key}`,
        `add ${key} to it, or run: aws configure sso-session`,
      );
}

function noSession(name: string, from: string, { shared }: Sources) {
  return noCredentials(
    `there is no [sso-session ${plainText(name)}] in ${shared.paths.config} (named by ${from})`,
    'run aws configure sso-session, or correct the name',
  );
}

function mergedSession({ name, keys }: ProfileSource, session: string, from: string, sources: Sources) {
  const section = sources.shared.ssoSessions.get(session);
  if (section === undefined) throw noSession(session, from, sources);
  for (const [key, entry] of section) {
    const own = keys.get(key);
    if (own !== undefined && own.value !== entry.value)
      throw noCredentials(
        `${originOf(own, key, name)}, and ${entry.file}:${entry.line} of [sso-session ${plainText(session)}] differ`,
        `take ${key} out of one of the two; the AWS CLI would stop here, too`,
      );
  }
  return new Map([...keys, ...section]);
}

async function roleKeys(
  login: SsoLogin,
  { accountId, roleName }: { readonly accountId: string; readonly roleName: string },
  sources: Sources,
): Promise<Keys> {
  const accessToken = await ssoToken(login, sources);
  const { SSOClient, GetRoleCredentialsCommand } = await import('@aws-sdk/nested-clients/sso');
  const client = new SSOClient({
    ...sources.client('sso', login.region),
    credentials: { accessKeyId: '', secretAccessKey: '' },
  });
  const failed = (why: string, hint: string, cause?: unknown) =>
    noCredentials(
      `the SSO portal gave profile ${plainText(login.profile)} no keys for role ${plainText(roleName)} in account ${plainText(accountId)}: ${why}`,
      hint,
      cause,
    );
  try {
    const { roleCredentials: found } = await client.send(
      new GetRoleCredentialsCommand({ accessToken, accountId, roleName }),
    );
    if (!found?.accessKeyId || !found.secretAccessKey)
      throw failed('its answer has none', 'try again in a minute');
    const expiration = found.expiration === undefined ? undefined : new Date(found.expiration);
    if (expiration && expiration.getTime() <= Date.now())
      throw failed('those that it gave have expired', "check this machine's clock");
    return {
      accessKeyId: found.accessKeyId,
      secretAccessKey: found.secretAccessKey,
      ...(found.sessionToken ? { sessionToken: found.sessionToken } : {}),
      ...(expiration ? { expiration } : {}),
    };
  } catch (error) {
    const { name, $metadata } = sdkFields(error);
    if (name === 'ElbProxyError') throw error;
    const network = networkFailureIn(error);
    if (network !== undefined) throw failed(network.what, network.hint, error);
    const refused = name === 'UnauthorizedException' || $metadata?.httpStatusCode === 401;
    throw failed(
      `${plainText(messageOf(error), 200)}${wireCode(error) ? ` (${wireCode(error)})` : ''}`,
      refused
        ? `log in again with: ${loginCommand(login.profile)}`
        : 'check the account and the role in the profile, and the network',
      error,
    );
  } finally {
    client.destroy();
  }
}
