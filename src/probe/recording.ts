import type { ConnectionEnd, Evidence } from '../core/verify-result.js';
import { describeProbe, type ProbeName } from './probe.js';
import { showBytes } from './show-bytes.js';

/** The result of one exchange, as plain data: all that the classifier knows, whatever the transport. */
export interface Recording {
  readonly probe: ProbeName;
  readonly sent: Uint8Array;
  /** The first bytes that came back, as they were on the wire; bounded. */
  readonly received: Uint8Array;
  readonly receivedTotal: number;
  /** How many of them came before anything was sent, where the exchange waited for a greeting. */
  readonly greeting?: number | undefined;
  readonly ended: ConnectionEnd;
  /** Milliseconds to the first byte, to the end, or to the end of the wait. */
  readonly ms: number;
  /** The part that the transport could not see. */
  readonly unseen?: 'inside' | undefined;
  /** The answer inside a TLS session. */
  readonly inside?: { readonly established: boolean; readonly received: Uint8Array } | undefined;
}

/** Whether there was a connection at all. */
export function stood({ ended }: Recording): boolean {
  return ended === 'open' || ended === 'fin' || ended === 'reset';
}

/** A recording, fit to be shown. */
export function evidenceOf(recording: Recording): Evidence {
  const { probe, sent, received, receivedTotal, ended, ms, inside } = recording;
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
