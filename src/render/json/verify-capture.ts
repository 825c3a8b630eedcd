import type { JudgedCapture } from '../../app/verify-capture.js';
import type { CaptureEnding, NotJudged, NotJudgedCode, OtherPort } from '../../core/verify-capture.js';
import type { ConnectionReport, ConnectionVerdict } from '../../core/verify-connection.js';
import { documentFormatVersion } from './status.js';
import { toJson } from './to-json.js';

/** What `verify capture -o json` prints below its connections, and the text shows under them. */
export interface CaptureClosing {
  /** Why it stopped. */
  readonly ended: CaptureEnding;
  readonly packets: number;
  /** How many connections have each verdict. */
  readonly verdicts: { readonly [verdict in ConnectionVerdict]?: number | undefined };
  readonly healthChecks: number;
  /** Connections to the port that get no verdict; the first thousand. */
  readonly notJudged: readonly NotJudged[];
  readonly notJudgedCounts: { readonly [code in NotJudgedCode]?: number | undefined };
  /** What is to be known about the capture itself. */
  readonly notes: readonly string[];
  /** Where else connections went, the most frequent first; five at most. */
  readonly otherPorts: readonly OtherPort[];
}

/** What `verify capture -o json` prints. */
export interface CaptureDocument extends CaptureClosing {
  readonly formatVersion: typeof documentFormatVersion;
  /** The file; `-` for standard input. */
  readonly capture: string;
  readonly ports: readonly number[];
  readonly connections: readonly ConnectionReport[];
}

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
