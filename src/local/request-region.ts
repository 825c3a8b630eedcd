import type { Parameters } from './request-parameters.js';

/** Whether text has the form of a region's name, such as `eu-west-1`. */
export const isRegion = (text: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(text);

/**
 * The region that a request was signed for, from the credential scope
 * (`Credential=AKID/20260101/eu-west-1/elasticloadbalancing/aws4_request`) in its Authorization header or,
 * when presigned, its query string. The signature itself is not checked.
 */
export function requestRegion(authorization: string | undefined, parameters: Parameters): string | undefined {
  const credential =
    /Credential=([^\s,]+)/.exec(authorization ?? '')?.[1] ?? parameters.get('X-Amz-Credential');
  const region = credential?.split('/').at(-3);
  return region !== undefined && isRegion(region) ? region : undefined;
}
