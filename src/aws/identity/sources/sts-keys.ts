import type { AssumeRoleCommandInput, AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts';
import { messageOf } from '../../../errors.js';
import { plainText } from '../../plain-text.js';
import { sdkFields, wireCode } from '../../wire-code.js';
import { noCredentials } from '../failures.js';
import { networkFailureIn } from '../network-failure.js';
import type { Setting } from '../setting.js';
import type { Keys, Sources } from './source.js';

interface Inputs {
  readonly AssumeRole: AssumeRoleCommandInput;
  readonly AssumeRoleWithWebIdentity: AssumeRoleWithWebIdentityCommandInput;
}

interface StsContext {
  readonly role: Setting;
  readonly sources: Sources;
  /** Who asks; absent if a web identity token does. */
  readonly by?: { readonly keys: Keys; readonly from: string } | undefined;
  /** The AWS CLI command that renews the keys that ask, if there is one. */
  readonly hint?: string | undefined;
}

/** The least lengths that the AWS CLI checks before it asks: shorter ones are refused by both. */
const least: Readonly<Record<string, number>> = {
  ExternalId: 2,
  RoleArn: 20,
  RoleSessionName: 2,
  SerialNumber: 9,
  TokenCode: 6,
  WebIdentityToken: 4,
};

/** The name of a role's session; one for this run if none is configured. */
export function sessionName(setting: Setting | undefined): string {
  return setting?.value || `elb-proxy-${Math.floor(Date.now() / 1000)}`;
}

/** The keys of a role, from STS in the run's region and at the endpoint of the profile in use. */
export async function stsKeys<Action extends keyof Inputs>(
  action: Action,
  input: Inputs[Action],
  { role, sources, by, hint }: StsContext,
): Promise<Keys> {
  const failed = (why: string, cause?: unknown, way = hint) =>
    noCredentials(
      `role ${plainText(role.value)} (from ${role.from}) could not be assumed${by ? ` with ${by.from}` : ''}: ${why}`,
      way ?? `check the role's trust policy and the caller: aws sts get-caller-identity`,
      cause,
    );
  for (const [name, value] of Object.entries(input))
    if (typeof value === 'string' && value.length < (least[name] ?? 0))
      throw failed(`its ${name} is shorter than ${least[name]} characters`);
  const { STSClient, AssumeRoleCommand, AssumeRoleWithWebIdentityCommand } = await import(
    '@aws-sdk/client-sts'
  );
  // A call with a token is not signed: dummy keys keep the SDK from looking for real ones.
  const credentials = by?.keys ?? { accessKeyId: '', secretAccessKey: '' };
  const client = new STSClient({ ...sources.client('sts'), credentials });
  try {
    const { Credentials: found } = await (action === 'AssumeRole'
      ? client.send(new AssumeRoleCommand(input as AssumeRoleCommandInput))
      : client.send(new AssumeRoleWithWebIdentityCommand(input as AssumeRoleWithWebIdentityCommandInput)));
    if (!found?.AccessKeyId || !found.SecretAccessKey || !found.SessionToken)
      throw failed('the answer of STS has no keys');
    if (found.Expiration && found.Expiration.getTime() <= Date.now())
      throw failed(`the keys that STS gave have expired at ${found.Expiration.toISOString()}`);
    return {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      sessionToken: found.SessionToken,
      ...(found.Expiration ? { expiration: found.Expiration } : {}),
    };
  } catch (error) {
    const code = wireCode(error) ?? sdkFields(error).code;
    if (sdkFields(error).name === 'ElbProxyError') throw error;
    const network = networkFailureIn(error);
    if (network !== undefined) throw failed(`STS: ${network.what}`, error, network.hint);
    throw failed(
      `${plainText(messageOf(error), 200)}${code === undefined ? '' : ` (${plainText(code, 60)})`}`,
      error,
    );
  } finally {
    client.destroy();
  }
}
