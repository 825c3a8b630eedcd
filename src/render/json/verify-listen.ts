import type { Heard } from '../../app/verify-listen.js';
import { targetName } from '../../core/verify-result.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import type { listenSchema } from './verify-schema.js';

/** What `verify listen -o json` prints. */
export type ListenDocument = DocumentOf<typeof listenSchema>;

/** The document of what was heard. */
export function listenDocument({ listening, ended, through, connections, omitted }: Heard): ListenDocument {
  return {
    formatVersion: documentFormatVersion,
    listening: targetName(listening),
    ended,
    ...(through === undefined ? {} : { through }),
    connections,
    omitted,
  };
}
