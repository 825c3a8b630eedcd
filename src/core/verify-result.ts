import { hostAndPort } from './host-and-port.js';
/** Every answer to "what does this backend do with the PROXY line?". */
export const backendVerdicts = [
  'requires-proxy',
  'accepts-both',
  'no-proxy',
  'requires-proxy-v2',
  'requires-proxy-inside-tls',
  'inconclusive',
] as const;

/** How a backend treats the PROXY line; `requires-proxy-v2` takes version 2 only, which a Classic ELB never sends. */
export type BackendVerdict = (typeof backendVerdicts)[number];

/** `strong`: only a backend of this kind behaves so. `weak`: the likeliest reading, worth a second look. */
export type Confidence = 'strong' | 'weak';

/** Bytes from or for the network, fit to be shown: never raw, and at most 256 of them. */
export interface ShownBytes {
  /** How many there were in all. */
  readonly bytes: number;
  /** The first 256, everything but printable ASCII escaped (`\r\n`, `\x16`). */
  readonly text: string;
  readonly hex: string;
}

/** How a connection ended; `open`: not yet when the wait was over; the last three: it was never established. */
export type ConnectionEnd = 'open' | 'fin' | 'reset' | 'refused' | 'timeout' | 'unreachable';

/** One probe: what was sent, what came of it. */
export interface Evidence {
  /** `v1+http`: what came first, and what followed. */
  readonly probe: string;
  /** The same in words. */
  readonly what: string;
  readonly sent: ShownBytes;
  readonly received: ShownBytes;
  /** Inside TLS; absent if no TLS session was reached for. */
  readonly inside?: { readonly established: boolean; readonly received: ShownBytes } | undefined;
  readonly ended: ConnectionEnd;
  /** Milliseconds to the first byte, to the end, or to the end of the wait. */
  readonly ms: number;
}

/** Where the probes came from: this machine, or the target's own instance. */
export interface Vantage {
  readonly kind: 'here' | 'instance';
  readonly instanceId?: string | undefined;
}

/** The result for one backend. */
export interface BackendResult {
  /** `host:port`, as it was given. */
  readonly target: string;
  /** The IP address that was probed; absent if the name led to none. */
  readonly address?: string | undefined;
  /** Where the target is a registered instance. */
  readonly instanceId?: string | undefined;
  readonly vantage: Vantage;
  readonly verdict: BackendVerdict;
  readonly confidence: Confidence;
  /** The address that the backend saw: what it does for another address may differ. */
  readonly seenFrom?: string | undefined;
  /** How it is known, or why it is not. */
  readonly reason: string;
  readonly advice: string;
  readonly notes: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A backend to probe. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly instanceId?: string | undefined;
}

/** `host:port`, an IPv6 address in brackets. */
export function targetName({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return hostAndPort(host, port);
}
