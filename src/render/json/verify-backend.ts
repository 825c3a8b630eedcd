import type { VerifiedBackends } from '../../app/verify-backends.js';
import { targetName } from '../../core/verify-result.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import type { backendSchema } from './verify-schema.js';

/** What `verify backend -o json` prints. */
export type BackendDocument = DocumentOf<typeof backendSchema>;

/** The document of what was probed. */
export function backendDocument(
  { results, notProbed }: VerifiedBackends,
  interrupted: boolean,
): BackendDocument {
  return {
    formatVersion: documentFormatVersion,
    results,
    interrupted,
    notProbed: notProbed.map(targetName),
  };
}
