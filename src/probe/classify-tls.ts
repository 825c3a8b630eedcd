import { type Answer, hasBytes, quotesTheLine, sameAnswer } from './answer.js';
import type { Case } from './case.js';
import { takenForData } from './classify-http.js';
import { ask, type Decision, inconclusive, strong, weak } from './decision.js';

/** Alerts that only a server sends that has read a ClientHello; others may be its answer to anything. */
const behindHello: ReadonlySet<number> = new Set([40, 47, 70, 71, 86, 109, 112, 116, 120]);

/** A handshake, plainly and behind a line; undefined where the port does not speak TLS. */
export function decideByTls(k: Case): Decision | undefined {
  const plain = k.answer('plain+tls');
  if (plain === undefined) return ask('plain+tls');
  switch (plain.kind) {
    case 'tls-hello':
      return plainHandshake(k);
    case 'tls-alert':
      return alerted(k, plain);
    case 'closed':
    case 'silent':
      return noHandshake(k, plain);
    case 'http':
    case 'bytes':
      return undefined;
  }
}

function plainHandshake(k: Case): Decision {
  const line = k.answer('v1+tls');
  if (line === undefined) return ask('v1+tls');
  if (line.kind === 'tls-hello') {
    return strong('accepts-both', 'a TLS handshake came about with a PROXY line in front and without');
  }
  if (line.kind === 'silent' && k.times('v1+tls') < 2) return ask('v1+tls', 2);
  return insideTls(k, line);
}

/** Before TLS the line is refused; it may be wanted inside. */
function insideTls(k: Case, line: Answer): Decision {
  const said = 'a TLS handshake came about plainly, and not behind a PROXY line';
  const plain = k.inside('plain+tls');
  const speaks =
    plain?.kind === 'bytes' ||
    plain?.kind === 'tls-hello' ||
    (plain?.kind === 'http' && plain.status !== 400);
  if (speaks || plain === undefined) {
    return (line.kind === 'silent' ? weak : strong)('no-proxy', said);
  }
  const inside = k.inside('tls+v1');
  if (k.last('tls+v1') === undefined) return ask('tls+v1');
  if (inside === undefined || quotesTheLine(inside)) return strong('no-proxy', said);
  // Something else than without the line: is it the line, or only that something stood there?
  if (!sameAnswer(plain, inside)) {
    if (k.last('tls+broken') === undefined) return ask('tls+broken');
    const broken = k.inside('tls+broken');
    if (broken !== undefined && !sameAnswer(inside, broken) && inside.kind !== 'closed') {
      const reason = `${said}; inside TLS, it answered only behind a PROXY line`;
      return hasBytes(inside) && broken.kind !== 'silent' && plain.kind !== 'silent'
        ? strong('requires-proxy-inside-tls', reason)
        : weak('requires-proxy-inside-tls', reason);
    }
  }
  return weak('no-proxy', said, {
    notes: [
      'Inside TLS nothing could be told: to rule out that it wants the line there, give --app tls with --send and --expect-reply.',
    ],
  });
}

/** TLS is spoken, but not with this client: often a server name is wanted, or a certificate. */
function alerted(k: Case, plain: Extract<Answer, { kind: 'tls-alert' }>): Decision | undefined {
  const line = k.answer('v1+tls');
  if (line === undefined) return ask('v1+tls');
  const advise = 'give the server name that it wants: --tls-server-name NAME';
  if (sameAnswer(plain, line)) {
    const broken = k.answer('broken+tls');
    if (broken === undefined) return ask('broken+tls');
    return sameAnswer(plain, broken)
      ? inconclusive(`it answered every ClientHello with TLS alert ${plain.alert}`, advise)
      : weak(
          'accepts-both',
          `it answered a ClientHello with TLS alert ${plain.alert} both with a PROXY line and without`,
        );
  }
  if (line.kind === 'tls-hello')
    return inconclusive('it took a ClientHello behind a PROXY line, and refused one without', advise);
  return (behindHello.has(plain.alert) ? strong : weak)(
    'no-proxy',
    `it understood a plain ClientHello (TLS alert ${plain.alert}), and none behind a PROXY line`,
  );
}

function noHandshake(k: Case, plain: Answer): Decision | undefined {
  // Where a request behind the line drew an answer or a long silence, there is no TLS behind it.
  const request = k.answer('v1+http');
  if (request !== undefined && (request.kind === 'silent' ? plain.kind === 'silent' : hasBytes(request)))
    return undefined;
  const line = k.answer('v1+tls');
  if (line === undefined) return ask('v1+tls');
  if (quotesTheLine(line)) return takenForData;
  const said = 'a TLS handshake came about only behind a PROXY line';
  if (line.kind === 'tls-hello') {
    if (plain.kind === 'closed') return strong('requires-proxy', said);
    if (k.times('plain+tls') < 2) return ask('plain+tls', 2);
    return weak('requires-proxy', said);
  }
  if (line.kind !== 'tls-alert') return undefined;
  const broken = k.answer('broken+tls');
  if (broken === undefined) return ask('broken+tls');
  return hasBytes(broken) || plain.kind === 'silent'
    ? undefined
    : weak(
        'requires-proxy',
        `only behind a PROXY line was a ClientHello understood (TLS alert ${line.alert})`,
        {
          notes: ['The server wants something of the client: a server name (--tls-server-name)?'],
        },
      );
}
