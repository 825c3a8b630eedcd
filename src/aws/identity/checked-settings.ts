import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';
import { numberOf, type Scope, settingOf } from './setting.js';

/** Settings that mean nothing for the services of this tool, and their values. */
const modes = [
  ['AWS_ACCOUNT_ID_ENDPOINT_MODE', 'account_id_endpoint_mode', ['preferred', 'disabled', 'required']],
  [
    'AWS_DEFAULTS_MODE',
    'defaults_mode',
    ['legacy', 'auto', 'standard', 'in-region', 'cross-region', 'mobile'],
  ],
  ['AWS_REQUEST_CHECKSUM_CALCULATION', 'request_checksum_calculation', ['when_supported', 'when_required']],
  ['AWS_RESPONSE_CHECKSUM_VALIDATION', 'response_checksum_validation', ['when_supported', 'when_required']],
] as const;

/** Refuses an unknown value of a setting that the AWS CLI checks in every run. @throws ElbProxyError `invalid-setting` */
export function checkSettings(scope: Scope): void {
  for (const [variable, key, values] of modes) {
    const found = settingOf(scope, variable, key);
    if (found && !values.some((value) => value === found.value.toLowerCase()))
      throw invalidSetting(
        `"${plainText(found.value)}" (from ${found.from}) is not a value of ${key}`,
        `use ${values.join(', ')}, or leave it out`,
      );
  }
  numberOf(scope, 'AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES', 'request_min_compression_size_bytes');
}
