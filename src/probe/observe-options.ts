import type { ProbeSettings } from './settings.js';

/** A greeting may come in parts; once it pauses so long it is taken for whole. */
export const quietMs = 250;

/** Where to, and how. */
export interface ObserveOptions {
  readonly address: string;
  readonly port: number;
  /** The target's name where it is no address: for TLS. */
  readonly name: string | undefined;
  /** `host:port` for the Host header. */
  readonly target: string;
  readonly settings: ProbeSettings;
  /** Stretches the wait for an answer. */
  readonly patience: number;
  readonly signal: AbortSignal;
}
