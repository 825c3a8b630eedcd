import type { BackendResult, BackendVerdict, Evidence } from '../core/verify-result.js';

/** A verdict on a Network Load Balancer's header: the classifier compared version 2 headers instead of lines. */
export function forNetwork(result: BackendResult): BackendResult {
  const verdict = verdicts[result.verdict];
  return {
    ...result,
    verdict,
    reason: inWords(result.reason),
    advice: advice[verdict] ?? inWords(result.advice),
    notes: result.notes.map(inWords),
    evidence: result.evidence.map(evidence),
  };
}

const verdicts: Readonly<Record<BackendVerdict, BackendVerdict>> = {
  'requires-proxy': 'requires-proxy-v2',
  'requires-proxy-v2': 'requires-proxy',
  'accepts-both': 'accepts-both',
  'no-proxy': 'no-proxy',
  'requires-proxy-inside-tls': 'requires-proxy-inside-tls',
  inconclusive: 'inconclusive',
};

const advice: Readonly<Partial<Record<BackendVerdict, string>>> = {
  'requires-proxy-v2':
    'Keep proxy_protocol_v2.enabled on for its target group. Health checks carry the header, too, even to another port.',
  'accepts-both':
    'It works with the header on and off, so it can be switched. But anyone who reaches this port directly can forge a client address: let in only the load balancer (security group), or make the backend require the header.',
  'no-proxy':
    'Keep proxy_protocol_v2.enabled off for its target group, or make the backend read version 2 headers first.',
  'requires-proxy':
    'A Network Load Balancer sends version 2 only: let the backend accept version 2, or use a Classic Load Balancer.',
  'requires-proxy-inside-tls':
    'A Network Load Balancer puts the header in front of TLS, where this backend does not accept it; let the backend read it there.',
};

function inWords(text: string): string {
  return text
    .replaceAll(
      /behind a version 2 header only, neither plainly nor behind a version 1 line/g,
      'only after a version 1 line, not without one nor after a version 2 header',
    )
    .replaceAll(/PROXY line/g, 'version 2 header')
    .replaceAll(/\b(the|bare|broken|valid) line\b/g, '$1 header')
    .replaceAll(/three lines/g, 'three headers')
    .replaceAll(/its instance port/g, 'the port of the target');
}

function evidence(seen: Evidence): Evidence {
  const swapped = seen.probe.replaceAll(/\bv[12]\b/g, (version) => (version === 'v1' ? 'v2' : 'v1'));
  const what = seen.what
    .replace(/^a PROXY version 2 header/, 'a PROXY version 1 line')
    .replaceAll(/a valid PROXY line/g, 'a version 2 header')
    .replaceAll(/a broken PROXY line/g, 'a broken version 2 header');
  return { ...seen, probe: swapped, what };
}
