import type { ConnectionEnd, Evidence } from '../core/verify-result.js';
import { describeProbe, type ProbeName } from './probe.js';
import { showBytes } from './show-bytes.js';

/** What was seen of one probe: all that the classifier knows. */
export interface Observation {
  readonly probe: ProbeName;
  readonly sent: Uint8Array;
  /** The first bytes that came back, as they were on the wire; bounded. */
  readonly received: Uint8Array;
  readonly receivedTotal: number;
  readonly ended: ConnectionEnd;
  /** Milliseconds to the first byte, to the end, or to the end of the wait. */
  readonly ms: number;
  /** What came back inside a TLS session. */
  readonly inside?: { readonly established: boolean; readonly received: Uint8Array } | undefined;
}

/** An observation, fit to be shown. */
export function evidenceOf(observation: Observation): Evidence {
  const { probe, sent, received, receivedTotal, ended, ms, inside } = observation;
  return {
    probe,
    what: describeProbe(probe),
    sent: showBytes(sent),
    received: showBytes(received, receivedTotal),
    ...(inside === undefined
      ? {}
      : { inside: { established: inside.established, received: showBytes(inside.received) } }),
    ended,
    ms: Math.round(ms),
  };
}
