import type { VerifiedBackends } from '../../app/verify-backends.js';
import type { JudgedCapture } from '../../app/verify-capture.js';
import type { Heard } from '../../app/verify-listen.js';
import type { ConnectionReport } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import { type DocumentParts, documentParts } from './document-parts.js';
import type { backendSchema, captureSchema, listenSchema } from './verify-schema.js';

/** The document of `verify backend -o json`. */
export type BackendDocument = DocumentOf<typeof backendSchema>;

/** The document of `verify listen -o json`. */
export type ListenDocument = DocumentOf<typeof listenSchema>;

/** The document of `verify capture -o json`. */
export type CaptureDocument = DocumentOf<typeof captureSchema>;

/** The part of a capture's document behind its connections. */
export type CaptureClosing = Omit<CaptureDocument, 'formatVersion' | 'capture' | 'ports' | 'connections'>;

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

/** The results of a capture, except for its connections. */
export function captureClosing(judged: JudgedCapture): CaptureClosing {
  const { ended, packets, verdicts, healthChecks, notJudged, notJudgedCounts, notes, otherPorts } = judged;
  return {
    ended,
    packets,
    verdicts: Object.fromEntries(verdicts),
    healthChecks,
    notJudged,
    notJudgedCounts: Object.fromEntries(notJudgedCounts),
    notes,
    otherPorts,
  };
}

/** A capture's document in parts. */
export function captureParts(
  capture: string,
  ports: readonly number[],
): DocumentParts<ConnectionReport, CaptureClosing> {
  return documentParts({ formatVersion: documentFormatVersion, capture, ports }, 'connections');
}
