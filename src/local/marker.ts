import { validationError } from './service-error.js';

const prefix = 'after:';

/** An opaque page marker: the next page begins after this name, even if it was deleted since. */
export const encodeMarker = (after: string): string => Buffer.from(prefix + after).toString('base64url');

/** The name that a marker encodes; no marker gives undefined. */
export function decodeMarker(marker: string | undefined): string | undefined {
  if (!marker) return undefined;
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith(prefix) || encodeMarker(text.slice(prefix.length)) !== marker) {
    throw validationError(`Invalid marker: ${marker}`);
  }
  return text.slice(prefix.length);
}
