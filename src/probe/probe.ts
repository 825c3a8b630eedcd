import { applicationOf, type Payload } from './applications.js';

/** The bytes in front of a probe: nothing, a valid line, a line that no receiver may take, a version 2 header. */
export type Prefix = 'plain' | 'v1' | 'broken' | 'v2';

/** A probe by name; `tls+v1` and `tls+broken` have their prefix inside a TLS session. */
export type ProbeName = `${Prefix}+${Payload}` | 'tls+v1' | 'tls+broken';

interface ProbeParts {
  readonly prefix: Prefix;
  readonly payload: Payload;
  /** The front of the application's bytes inside the TLS session. */
  readonly inside: Prefix;
}

/** The parts of a probe. */
export function partsOf(probe: ProbeName): ProbeParts {
  if (probe === 'tls+v1' || probe === 'tls+broken') {
    return { prefix: 'plain', payload: 'tls', inside: probe === 'tls+v1' ? 'v1' : 'broken' };
  }
  const [prefix, payload] = probe.split('+') as [Prefix, Payload];
  return { prefix, payload, inside: 'plain' };
}

const prefixWords: Readonly<Record<Prefix, string>> = {
  plain: '',
  v1: 'a valid PROXY line',
  broken: 'a broken PROXY line',
  v2: 'a PROXY version 2 header',
};

/** A probe in words: "a valid PROXY line, then an HTTP request". */
export function describeProbe(probe: ProbeName): string {
  const { prefix, payload, inside } = partsOf(probe);
  const outer = [prefixWords[prefix], applicationOf(payload).words].filter((words) => words !== '');
  if (outer.length === 0) return 'nothing';
  const words = outer.length === 1 && prefix !== 'plain' ? `${outer[0]} alone` : outer.join(', then ');
  return inside === 'plain' ? words : `${prefixWords[inside]} inside TLS, then the request`;
}
