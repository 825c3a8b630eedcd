import { ElbProxyError } from '../errors.js';
import type { Endpoint } from './endpoint.js';
import type { Environment } from './environment.js';
import type { Identity } from './identity/identity.js';
import { plainText } from './plain-text.js';
import type { Profile } from './profile.js';

/** What the user said about the connection; everything may be left to the environment and the shared files. */
export interface ConnectionOptions {
  /** `--region`. */
  readonly region?: string | undefined;
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** `--endpoint-url`. */
  readonly endpointUrl?: string | undefined;
  /** The process's own environment: the SDK reads the same one for credentials. */
  readonly env: Environment;
}

/** Everything about the connection that is settled before the first call. */
export interface ConnectionSettings {
  readonly region: string;
  readonly profile: Profile;
  readonly endpoint?: Endpoint | undefined;
  /** Of reads: `adaptive` unless AWS_RETRY_MODE or the profile's retry_mode says otherwise. */
  readonly retryMode: 'adaptive' | 'standard';
  /** Of reads; of writes where the user set it. */
  readonly maxAttempts: number;
  /** Whether the user set the attempts; then nothing else bounds them. */
  readonly maxAttemptsChosen: boolean;
}

/** Three attempts, the SDK's default, do not survive three throttles in a row. */
const defaultMaxAttempts = 6;

/**
 * Settles region, profile, endpoint and retries.
 * @throws ElbProxyError `no-region`, `no-profile`, `invalid-endpoint` or `invalid-setting`; nothing is sent.
 */
export function settingsOf(identity: Identity, env: Environment, given?: string): ConnectionSettings {
  const { profile } = identity;
  const endpoint = identity.endpoint('elastic_load_balancing');
  const region = identity.region(given);
  const attempts = attemptsOf(profile, env);
  return {
    region,
    profile,
    endpoint,
    retryMode: retryModeOf(profile, env),
    maxAttempts: attempts ?? defaultMaxAttempts,
    maxAttemptsChosen: attempts !== undefined,
  };
}

/** The region: AWS_DEFAULT_REGION is read because the AWS CLI reads it; the SDK does not. */
export function regionOf(flag: string | undefined, profile: Profile, env: Environment): string {
  const found = [
    { region: flag, source: '--region' },
    { region: env['AWS_REGION'], source: 'AWS_REGION' },
    { region: env['AWS_DEFAULT_REGION'], source: 'AWS_DEFAULT_REGION' },
    { region: profile.region, source: `profile ${profile.name}` },
  ].find(({ region }) => region !== undefined && region !== '');
  if (found?.region === undefined) {
    throw new ElbProxyError('no region is set: neither by --region, nor AWS_REGION, nor the profile', {
      code: 'no-region',
      fault: 'user',
      hint: 'give --region us-east-1 (or yours), set AWS_REGION, or run: aws configure set region us-east-1',
    });
  }
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(found.region)) {
    throw invalidSetting(
      found.source,
      found.region,
      'is no name of a region',
      'a region looks like us-east-1',
    );
  }
  return found.region;
}

function retryModeOf(profile: Profile, env: Environment): 'adaptive' | 'standard' {
  const found = [
    { mode: env['AWS_RETRY_MODE'], source: 'AWS_RETRY_MODE' },
    { mode: profile.keys['retry_mode'], source: `retry_mode of profile ${profile.name}` },
  ].find(({ mode }) => mode !== undefined && mode !== '');
  const mode = found?.mode?.toLowerCase();
  if (found === undefined || mode === 'adaptive') return 'adaptive';
  // `legacy` is botocore's; the SDK has no such mode and takes it for standard.
  if (mode === 'standard' || mode === 'legacy') return 'standard';
  throw invalidSetting(found.source, found.mode ?? '', 'is no retry mode', 'use standard or adaptive');
}

function attemptsOf(profile: Profile, env: Environment): number | undefined {
  const found = [
    { text: env['AWS_MAX_ATTEMPTS'], source: 'AWS_MAX_ATTEMPTS' },
    { text: profile.keys['max_attempts'], source: `max_attempts of profile ${profile.name}` },
  ].find(({ text }) => text !== undefined && text !== '');
  if (found?.text === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(found.text)) {
    throw invalidSetting(found.source, found.text, 'is no number of attempts', 'use a number from 1 to 999');
  }
  return Number(found.text);
}

function invalidSetting(source: string, value: string, what: string, hint: string): ElbProxyError {
  return new ElbProxyError(`"${plainText(value)}" (from ${source}) ${what}`, {
    code: 'invalid-setting',
    fault: 'user',
    hint,
  });
}
