import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { messageOf } from '../../../errors.js';
import { plainText } from '../../plain-text.js';
import { expandHome } from '../expand-path.js';
import { noCredentials } from '../failures.js';
import { networkFailureIn } from '../network-failure.js';
import { expiryOf } from './expiry.js';
import { loginCommand } from './login-command.js';
import type { Sources } from './source.js';

/** A login with `aws sso login`. */
export interface SsoLogin {
  /** The name of the `[sso-session]`; undefined for the older way. */
  readonly session: string | undefined;
  readonly startUrl: string;
  readonly region: string;
  /** The profile that has the login. */
  readonly profile: string;
}

/** A token is renewed this long before its end. */
const renewal = 15 * 60_000;

type Token = Readonly<Record<string, unknown>>;

/**
 * The access token of a login, from the cache that `aws sso login` writes. One of an sso-session that is about to end is
 * renewed and put back there: the service takes each refresh token once, so the AWS CLI would be logged out otherwise.
 */
export async function ssoToken(login: SsoLogin, { env, client }: Sources): Promise<string> {
  const name = createHash('sha1')
    .update(login.session ?? login.startUrl)
    .digest('hex');
  const path = expandHome(`~/.aws/sso/cache/${name}.json`, env);
  const failed = (why: string, cause?: unknown) =>
    noCredentials(
      `the SSO login of profile ${plainText(login.profile)} ${why}`,
      `log in with: ${loginCommand(login.profile)}`,
      cause,
    );
  const token = await readToken(path, failed);
  const { accessToken, expiresAt } = token;
  const end = typeof expiresAt === 'string' ? expiryOf(expiresAt) : undefined;
  if (typeof accessToken !== 'string' || end === undefined)
    throw failed(`can't be used: ${path} has no accessToken or no expiresAt`);
  if (login.session !== undefined && end.getTime() - Date.now() < renewal) {
    const renewed = await renew(token, login, path, client('sso_oidc', login.region));
    if (renewed !== undefined) return renewed;
  }
  if (end.getTime() <= Date.now()) throw failed(`has expired at ${end.toISOString()}`);
  return accessToken;
}

async function readToken(path: string, failed: (why: string, cause?: unknown) => Error): Promise<Token> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw failed(`was not found: there is no token in ${path}`, error);
  }
  try {
    const token: unknown = JSON.parse(text);
    if (typeof token === 'object' && token !== null) return { ...token };
  } catch {
    // Said below, without the text: it may be a token.
  }
  throw failed(`can't be used: ${path} is not a JSON object`);
}

/** A new token; undefined if the old one can't be renewed or the service refused. */
async function renew(
  token: Token,
  login: SsoLogin,
  path: string,
  settings: ReturnType<Sources['client']>,
): Promise<string | undefined> {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  if (
    ![refreshToken, clientId, clientSecret, registrationExpiresAt].every((value) => typeof value === 'string')
  )
    return undefined;
  const registered = expiryOf(String(registrationExpiresAt));
  if (registered === undefined || registered.getTime() <= Date.now()) return undefined;
  const { SSOOIDCClient, CreateTokenCommand } = await import('@aws-sdk/nested-clients/sso-oidc');
  const client = new SSOOIDCClient({ ...settings, credentials: { accessKeyId: '', secretAccessKey: '' } });
  try {
    const answer = await client.send(
      new CreateTokenCommand({
        clientId: String(clientId),
        clientSecret: String(clientSecret),
        grantType: 'refresh_token',
        refreshToken: String(refreshToken),
      }),
    );
    if (answer.accessToken === undefined || answer.expiresIn === undefined) return undefined;
    await save(path, {
      startUrl: login.startUrl,
      region: login.region,
      accessToken: answer.accessToken,
      expiresAt: new Date(Date.now() + answer.expiresIn * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      clientId,
      clientSecret,
      registrationExpiresAt,
      ...(answer.refreshToken === undefined ? {} : { refreshToken: answer.refreshToken }),
    });
    return answer.accessToken;
  } catch (error) {
    // The service's refusal leaves the old token, as in the AWS CLI; what it can't be asked for is an error there.
    if (typeof error === 'object' && error !== null && '$metadata' in error && hasAnswer(error.$metadata))
      return undefined;
    const network = networkFailureIn(error);
    throw noCredentials(
      `the SSO login of profile ${plainText(login.profile)} could not be renewed: ${network?.what ?? plainText(messageOf(error), 200)}`,
      `${network?.hint ?? 'check the network'}; or log in again with: ${loginCommand(login.profile)}`,
      error,
    );
  } finally {
    client.destroy();
  }
}

function hasAnswer(metadata: unknown): boolean {
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
}

async function save(path: string, token: Token): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify(token), { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    // The token is good for this run anyway.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
