import type { ElbProxyError } from '../errors.js';
import type { Endpoint } from './identity/endpoint.js';
import { invalidSetting } from './identity/failures.js';
import type { Identity } from './identity/identity.js';
import { type Scope, type Setting, settingOf } from './identity/setting.js';
import { plainText } from './plain-text.js';

/** Everything about the connection that is settled before the first call. */
export interface ConnectionSettings {
  readonly region: string;
  readonly endpoint?: Endpoint | undefined;
  /** For reads: `adaptive` unless AWS_RETRY_MODE or the profile's retry_mode says otherwise. */
  readonly retryMode: 'adaptive' | 'standard';
  /** For reads, and for writes if the user set it. */
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
export function settingsOf(
  identity: Identity,
  given?: string,
  service: 'elastic_load_balancing' | 'elastic_load_balancing_v2' = 'elastic_load_balancing',
): ConnectionSettings {
  const endpoint = identity.endpoint(service);
  const region = identity.region(given);
  const attempts = attemptsOf(identity.scope);
  return {
    region,
    endpoint,
    retryMode: retryModeOf(identity.scope),
    maxAttempts: attempts ?? defaultMaxAttempts,
    maxAttemptsChosen: attempts !== undefined,
  };
}

function retryModeOf(scope: Scope): 'adaptive' | 'standard' {
  // An empty one is an error, as in the AWS CLI, and so is another letter case.
  const found = settingOf(scope, 'AWS_RETRY_MODE', 'retry_mode');
  const mode = found?.value;
  if (found === undefined || mode === 'adaptive') return 'adaptive';
  // `legacy` is botocore's; the SDK has no such mode and treats it as standard.
  if (mode === 'standard' || mode === 'legacy') return 'standard';
  throw invalid(found, 'is not a retry mode', 'use standard or adaptive');
}

function attemptsOf(scope: Scope): number | undefined {
  const found = settingOf(scope, 'AWS_MAX_ATTEMPTS', 'max_attempts');
  if (found === undefined) return undefined;
  if (!/^\s*[1-9]\d{0,2}\s*$/.test(found.value))
    throw invalid(found, 'is not a number of attempts', 'use a number from 1 to 999');
  return Number(found.value);
}

function invalid({ value, from }: Setting, what: string, hint: string): ElbProxyError {
  return invalidSetting(`"${plainText(value)}" (from ${from}) ${what}`, hint);
}
