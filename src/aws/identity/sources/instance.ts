import { plainText } from '../../plain-text.js';
import { isHost } from '../endpoint.js';
import { invalidSetting, noCredentials } from '../failures.js';
import { numberOf, type Scope, settingOf, switchOf } from '../setting.js';
import { expiryOf } from './expiry.js';
import { requestText } from './request-text.js';
import type { Found, Keys, Sources } from './source.js';

interface MetadataSettings {
  readonly base: string;
  readonly disabled: boolean;
  /** Whether to do without answers that need no token. */
  readonly tokenOnly: boolean;
  readonly timeout: number;
  readonly attempts: number;
}

/**
 * Reads how to ask the instance metadata service; the AWS CLI checks this in every run, whatever the credentials.
 * @throws ElbProxyError `invalid-setting`
 */
export function metadataSettings(scope: Scope): MetadataSettings {
  const custom = settingOf(scope, 'AWS_EC2_METADATA_SERVICE_ENDPOINT', 'ec2_metadata_service_endpoint');
  const mode = settingOf(
    scope,
    'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
    'ec2_metadata_service_endpoint_mode',
  );
  if (mode && !['ipv4', 'ipv6'].includes(mode.value.toLowerCase()))
    throw invalidSetting(
      `"${plainText(mode.value)}" (from ${mode.from}) is not a mode of the instance metadata endpoint`,
      'use IPv4 or IPv6, or leave it out',
    );
  const ipv6 = mode
    ? mode.value.toLowerCase() === 'ipv6'
    : switchOf(scope, 'AWS_IMDS_USE_IPV6', 'imds_use_ipv6');
  const base = custom?.value || (ipv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254');
  if (!URL.canParse(base) || !/^https?:\/\//i.test(base) || !isHost(new URL(base).hostname))
    throw invalidSetting(
      `the instance metadata endpoint "${plainText(base)}" (from ${custom?.from}) is not a URL`,
      'give it as http://host:port, or leave it out',
    );
  const timeout = numberOf(scope, 'AWS_METADATA_SERVICE_TIMEOUT', 'metadata_service_timeout') ?? 1;
  return {
    base: base.endsWith('/') ? base : `${base}/`,
    disabled: (scope.env['AWS_EC2_METADATA_DISABLED'] ?? '').toLowerCase() === 'true',
    tokenOnly: switchOf(scope, 'AWS_EC2_METADATA_V1_DISABLED', 'ec2_metadata_v1_disabled') ?? false,
    timeout: Math.max(timeout, 0.001) * 1000,
    attempts: numberOf(scope, 'AWS_METADATA_SERVICE_NUM_ATTEMPTS', 'metadata_service_num_attempts') ?? 1,
  };
}

const rolePath = 'latest/meta-data/iam/security-credentials/';

/** The role of the EC2 instance, if there is one; asked for at once, as only its answer shows whether this is a source. */
export async function instanceKeys({ scope, connections }: Sources): Promise<Found | undefined> {
  const settings = metadataSettings(scope);
  if (settings.disabled) return undefined;
  const agent = connections.httpAgent;
  const ask = (path: string, headers: Readonly<Record<string, string>>, method?: 'PUT') =>
    requestText(`${settings.base}${path}`, {
      headers,
      timeout: settings.timeout,
      agent,
      ...(method && { method }),
    });
  /** The text of a good answer; undefined if none came. */
  const get = async (path: string, token: string | undefined, isGood: (text: string) => boolean) => {
    if (token === undefined && settings.tokenOnly)
      throw noCredentials(
        'the instance metadata service gave no token, and answers without one are switched off',
        'check AWS_EC2_METADATA_V1_DISABLED (or ec2_metadata_v1_disabled), or set AWS_EC2_METADATA_DISABLED=true if this is not an EC2 instance',
      );
    for (let attempt = 0; attempt < settings.attempts; attempt++) {
      const answer = await ask(path, token === undefined ? {} : { 'x-aws-ec2-metadata-token': token }).catch(
        () => undefined,
      );
      if (answer?.status === 200 && isGood(answer.text)) return answer.text;
    }
    return undefined;
  };
  const read = async (): Promise<Keys | undefined> => {
    const token = await tokenOf(settings, ask);
    if (token === null) return undefined;
    const role = await get(rolePath, token, (text) => text !== '');
    if (role === undefined) return undefined;
    const text = await get(`${rolePath}${role}`, token, (json) => keysIn(json) !== null);
    return (text !== undefined && keysIn(text)) || undefined;
  };
  const first = await read();
  if (first === undefined) return undefined;
  let next: Keys | undefined = first;
  return {
    from: `the instance's role (${settings.base})`,
    fetch: async () => {
      const keys = next ?? (await read());
      next = undefined;
      if (keys !== undefined) return keys;
      throw noCredentials(
        "the instance's role could not be obtained again from the instance metadata service",
        'try again in a minute',
      );
    },
  };
}

/** A session token; undefined if the service knows none and is asked without, null if it refused the request. */
async function tokenOf(
  { attempts }: MetadataSettings,
  ask: (
    path: string,
    headers: Readonly<Record<string, string>>,
    method: 'PUT',
  ) => Promise<{ readonly status: number; readonly text: string }>,
): Promise<string | undefined | null> {
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await ask('latest/api/token', headers, 'PUT').catch(() => undefined);
    if (answer?.status === 200) return answer.text || undefined;
    if (answer?.status === 400) return null;
    if ([403, 404, 405].includes(answer?.status ?? 0)) return undefined;
  }
  return undefined;
}

/** The keys in an answer; undefined if some are missing, null if it is not JSON. */
function keysIn(json: string): Keys | undefined | null {
  let answer: unknown;
  try {
    answer = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answer as Readonly<Record<string, unknown>>;
  if (![AccessKeyId, SecretAccessKey, Token, Expiration].every((value) => typeof value === 'string'))
    return undefined;
  const expiration = expiryOf(String(Expiration));
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(Token),
    // Keys that are past their end are used while the service hands out no others, as in AWS's own tools.
    ...(expiration && { expiration: new Date(Math.max(expiration.getTime(), Date.now() + 15 * 60_000)) }),
  };
}
