import type { ShownBytes } from './verify-result.js';

/** Every answer to "what came first on this connection?". */
export const connectionVerdicts = ['proxy-v1', 'proxy-v2', 'absent', 'malformed', 'empty'] as const;

/** `absent`: application data came first; `malformed`: a broken header; `empty`: no byte came. */
export type ConnectionVerdict = (typeof connectionVerdicts)[number];

/** One end that a header names. */
export interface NamedEndpoint {
  readonly address: string;
  readonly port: number;
}

/** The content of a header. */
export interface HeaderReport {
  readonly version: 1 | 2;
  readonly command: 'PROXY' | 'LOCAL';
  readonly family: string;
  readonly source?: NamedEndpoint | undefined;
  readonly destination?: NamedEndpoint | undefined;
}

/** The data behind the header, or instead of it. */
export type ApplicationData = 'http' | 'tls-client-hello' | 'other';

/** One connection, judged by its first bytes. */
export interface ConnectionReport {
  /** When it came; ISO 8601, UTC. */
  readonly at: string;
  /** Who connected, as the socket has it. */
  readonly from: string;
  /** The server's end; in a capture, which may show several servers. */
  readonly to?: string | undefined;
  readonly verdict: ConnectionVerdict;
  /** The header's content, where it is valid. */
  readonly version?: HeaderReport['version'] | undefined;
  readonly command?: HeaderReport['command'] | undefined;
  readonly family?: HeaderReport['family'] | undefined;
  readonly source?: HeaderReport['source'];
  readonly destination?: HeaderReport['destination'];
  /** Who sends such headers, where their form shows it. */
  readonly sender?: 'network-load-balancer' | undefined;
  /** The VPC endpoint that the client came through, by PrivateLink. */
  readonly vpceEndpointId?: string | undefined;
  /** The field of a malformed header. */
  readonly field?: string | undefined;
  /** Why it is malformed, or what was strange. */
  readonly reason?: string | undefined;
  /** The first byte at which no valid header could go on. */
  readonly offset?: number | undefined;
  /** Absent if nothing but a header came. */
  readonly data?: ApplicationData | undefined;
  /** A line or a header that a load balancer sends of its own accord: with nothing behind it, or LOCAL. */
  readonly healthCheck?: boolean | undefined;
  /** In how many pieces the header came, where it was more than one: HAProxy, nginx and lighttpd refuse that. */
  readonly pieces?: number | undefined;
  /** A header right behind the first. */
  readonly second?: HeaderReport | undefined;
  /** The connection that `--through` made itself. */
  readonly own?: boolean | undefined;
  readonly notes: readonly string[];
  readonly text: ShownBytes['text'];
  readonly hex: ShownBytes['hex'];
}

/** The outcome of the connection that was made through the load balancer. */
export interface ThroughReport {
  readonly target: string;
  /** `not-there`: it was not accepted; `nothing-arrived`: it was accepted, but did not come out here. */
  readonly outcome: 'arrived' | 'not-there' | 'nothing-arrived';
  readonly attempts: number;
  /** The client's address, which the header must name. */
  readonly seenFrom?: string | undefined;
  readonly reason: string;
  readonly advice: string;
  /** The command that does it, if there is one. */
  readonly next?: string | undefined;
}

/** Whether a connection counts: health checks come all the time, and say nothing about clients. */
export function isTraffic({ verdict, healthCheck }: ConnectionReport): boolean {
  return verdict !== 'empty' && healthCheck !== true;
}
