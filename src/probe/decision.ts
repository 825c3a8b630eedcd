import type { BackendVerdict, Confidence } from '../core/verify-result.js';
import type { ProbeName } from './probe.js';

/** A verdict, and how it is known. */
export interface Verdict {
  readonly kind: 'verdict';
  readonly verdict: BackendVerdict;
  readonly confidence: Confidence;
  readonly reason: string;
  readonly advice: string;
  readonly notes: readonly string[];
}

/** Behind what a greeting is waited for: the connection, or what is in front of the application's bytes. */
export type Greeting = 'open' | 'lead';

/** The probe to make before anything can be said. */
export interface Ask {
  readonly kind: 'ask';
  readonly probe: ProbeName;
  /** Stretches the wait. */
  readonly patience: number;
  readonly greeting?: Greeting | undefined;
  /** Milliseconds to let pass first. */
  readonly afterMs: number;
}

/** The classifier's word on the recordings so far. */
export type Decision = Verdict | Ask;

const advice: Readonly<Record<Exclude<BackendVerdict, 'inconclusive'>, string>> = {
  'requires-proxy':
    'Keep the PROXY policy on for this instance port. HTTP and HTTPS health checks carry no line and fail here: use a TCP check, or another port.',
  'accepts-both':
    'It works with the policy on and off. But anyone who reaches this port directly can forge a client address: let in only the load balancer (security group), or make the backend require the line.',
  'no-proxy':
    'Keep the PROXY policy off for this instance port, or make the backend read the PROXY line first.',
  'requires-proxy-v2':
    'A Classic Load Balancer sends version 1 only: let the backend accept version 1, or use a Network Load Balancer.',
  'requires-proxy-inside-tls':
    'A load balancer puts the line in front of TLS, where this backend does not accept it; let the backend read it there. AWS documents no support for PROXY with an SSL instance protocol.',
};

/** Only a backend of this kind behaves so. */
export const strong = verdictOf('strong');

/** The likeliest reading. */
export const weak = verdictOf('weak');

function verdictOf(confidence: Confidence) {
  return (
    verdict: Exclude<BackendVerdict, 'inconclusive'>,
    reason: string,
    { notes = [] }: { readonly notes?: readonly string[] } = {},
  ): Verdict => ({ kind: 'verdict', verdict, confidence, reason, advice: advice[verdict], notes });
}

/** Not decidable; what to try. `strong` if it is certain that nothing can be learnt this way. */
export function inconclusive(reason: string, advise: string, confidence: Confidence = 'weak'): Verdict {
  return { kind: 'verdict', verdict: 'inconclusive', confidence, reason, advice: advise, notes: [] };
}

/** The way out if the probes do not know the protocol. */
export const sendAdvice = 'speak its own protocol: --send "PING\\r\\n" --expect-reply "+PONG", for example';

/** Asks for a probe. */
export function ask(probe: ProbeName, { patience = 1, afterMs = 0, greeting }: Partial<Ask> = {}): Ask {
  return { kind: 'ask', probe, patience, afterMs, ...(greeting === undefined ? {} : { greeting }) };
}

/** The decision about a backend that answered nothing but version 2. */
export const onlyVersion2: Verdict = strong(
  'requires-proxy-v2',
  'it answered only after a version 2 header, not without one nor after a version 1 line',
);
