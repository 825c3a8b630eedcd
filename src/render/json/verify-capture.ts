import type { JudgedCapture } from '../../app/verify-capture.js';
import type { ConnectionReport } from '../../core/verify-connection.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import { toJson } from './to-json.js';
import type { captureSchema } from './verify-schema.js';

/** What `verify capture -o json` prints. */
export type CaptureDocument = DocumentOf<typeof captureSchema>;

/** What it prints below its connections, and the text shows under them. */
export type CaptureClosing = Omit<CaptureDocument, 'formatVersion' | 'capture' | 'ports' | 'connections'>;

/** What was found, but for the connections. */
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

/** The document as JSON in parts, for captures that are never in memory at once: joined, exactly what `toJson` gives. */
export interface CaptureParts {
  readonly head: string;
  /** Call it once for each connection, in order. */
  readonly connection: (report: ConnectionReport) => string;
  readonly end: (closing: CaptureClosing) => string;
}

/** The parts of one document. */
export function captureParts(capture: string, ports: readonly number[]): CaptureParts {
  let first = true;
  const head = toJson({ formatVersion: documentFormatVersion, capture, ports });
  return {
    head: `${head.slice(0, -'\n}\n'.length)},\n  "connections": [`,
    connection: (report) => {
      const part = `${first ? '' : ','}\n    ${toJson(report).trimEnd().replaceAll('\n', '\n    ')}`;
      first = false;
      return part;
    },
    end: (closing) => `${first ? '' : '\n  '}],\n${toJson(closing).slice('{\n'.length)}`,
  };
}
