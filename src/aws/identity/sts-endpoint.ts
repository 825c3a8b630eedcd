import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';
import { type Scope, settingOf } from './setting.js';

/** Regions whose STS is the global endpoint where the older way is asked for. */
const legacyRegions: ReadonlySet<string> = new Set(
  (
    'ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 aws-global ca-central-1 eu-central-1 eu-north-1 eu-west-1 ' +
    'eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2'
  ).split(' '),
);

/** Whether AWS_STS_REGIONAL_ENDPOINTS, or the profile, says `legacy`. @throws ElbProxyError `invalid-setting` */
export function isStsLegacy(scope: Scope): boolean {
  const found = settingOf(scope, 'AWS_STS_REGIONAL_ENDPOINTS', 'sts_regional_endpoints');
  const mode = found?.value || 'regional';
  if (mode !== 'legacy' && mode !== 'regional')
    throw invalidSetting(
      `"${plainText(mode)}" (from ${found?.from}) is not a kind of STS endpoint`,
      'use regional or legacy, or leave it out',
    );
  return mode === 'legacy';
}

/** The global STS endpoint, in regions where the older way leads to it; undefined if the region's own is asked. */
export function globalStsIn(
  region: string,
): { readonly endpoint: string; readonly region: string } | undefined {
  return legacyRegions.has(region)
    ? { endpoint: 'https://sts.amazonaws.com', region: 'us-east-1' }
    : undefined;
}
