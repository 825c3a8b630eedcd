import type { VerifiedBackends } from '../../app/verify-backends.js';
import { type BackendResult, targetName } from '../../core/verify-result.js';
import { documentFormatVersion } from './status.js';

/** What `verify backend -o json` prints. */
export interface BackendDocument {
  readonly formatVersion: typeof documentFormatVersion;
  /** In the order of the targets. */
  readonly results: readonly BackendResult[];
  readonly interrupted: boolean;
  /** Targets that nothing is known of, because it was interrupted. */
  readonly notProbed: readonly string[];
}

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
