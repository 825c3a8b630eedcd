import { ElbProxyError } from '../../errors.js';
import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';
import { type Scope, type Setting, settingOf } from './setting.js';

/**
 * The region: the flag, AWS_REGION (which the AWS CLI's version 1 does not read), AWS_DEFAULT_REGION, the profile's.
 * @throws ElbProxyError `no-region` or `invalid-setting`
 */
export function regionIn(scope: Scope, flag: string | undefined): Setting {
  const found =
    (flag ? { value: flag, from: '--region' } : undefined) ??
    (scope.env['AWS_REGION'] ? settingOf(scope, 'AWS_REGION', undefined) : undefined) ??
    settingOf(scope, 'AWS_DEFAULT_REGION', 'region');
  if (found === undefined || found.value === '') throw noRegion(scope, found);
  return regionName(found);
}

/** A region that is a host label: not only digits, no dash at either end. @throws ElbProxyError `invalid-setting` */
export function regionName(setting: Setting): Setting {
  if (/^(?![0-9]+$)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/.test(setting.value)) return setting;
  throw invalidSetting(
    `"${plainText(setting.value)}" (from ${setting.from}) is not the name of a region`,
    'a region looks like us-east-1',
  );
}

function noRegion({ profile }: Scope, found: Setting | undefined): ElbProxyError {
  const message = found
    ? `no region is set: ${found.from} is empty`
    : `no region is set: neither by --region, nor AWS_REGION, nor AWS_DEFAULT_REGION, nor in profile ${plainText(profile.name)}`;
  return new ElbProxyError(message, {
    code: 'no-region',
    fault: 'user',
    hint: 'give --region us-east-1 (or yours), set AWS_REGION, or run: aws configure set region us-east-1',
  });
}
