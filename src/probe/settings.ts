/** The protocol that a backend should speak; `auto` finds out. */
export type App = 'auto' | 'http' | 'tls' | 'tcp';

/** How backends are probed. Times in milliseconds. */
export interface ProbeSettings {
  /** Whose header the verdict is about: a Network Load Balancer's is of version 2. A Classic one's unless set. */
  readonly sender?: 'network' | undefined;
  readonly app: App;
  /** For connecting, and again for an answer. */
  readonly timeoutMs: number;
  /** For a greeting: after connecting, and after a line with nothing behind it. */
  readonly bannerWaitMs: number;
  readonly send?: Uint8Array | undefined;
  readonly expectReply?: Uint8Array | undefined;
  readonly httpPath?: string | undefined;
  /** Default: the target. */
  readonly httpHost?: string | undefined;
  /** Default: the target's name, if it is one. */
  readonly tlsServerName?: string | undefined;
}

/** The times that are used if none are given. */
export const defaultTimes = { timeoutMs: 3000, bannerWaitMs: 1000 } as const;
