import { answerInWords, hasBytes, quotesTheLine, sameAnswer } from '../answer.js';
import { inconclusive, strong, weak } from '../decision.js';
import type { Seen } from '../seen.js';
import { again } from './common.js';
import type { Rule } from './rule.js';

/** Alerts that only a server sends that has read a ClientHello; others may be its answer to anything. */
const behindHello: ReadonlySet<number> = new Set([40, 47, 70, 71, 86, 109, 112, 116, 120]);

const handshakePlainly = 'a TLS handshake succeeded without a PROXY line, and not after one';
const giveServerName = 'give the server name it expects: --tls-server-name NAME';

/** The answer to a request is neither HTTP nor TLS: no handshake is possible there. */
export function speaksInClear(seen: Seen, prefix: 'plain' | 'v1'): boolean {
  return seen.answer(`${prefix}+http`)?.kind === 'bytes';
}

/** Whether a handshake happened plainly. */
export function handshake(seen: Seen, prefix: 'plain' | 'v1'): boolean {
  return seen.answer(`${prefix}+tls`)?.kind === 'tls-hello';
}

/** A handshake with a line in front and without. */
export const handshakeBothWays: Rule = (seen) =>
  handshake(seen, 'plain') && handshake(seen, 'v1')
    ? strong('accepts-both', 'a TLS handshake succeeded with and without a PROXY line in front')
    : undefined;

/** A handshake behind a line, and plainly something else. */
export const handshakeBehindLineOnly: Rule = (seen) => {
  const plain = seen.answer('plain+tls') ?? seen.answer('plain+http');
  if (plain === undefined || plain.kind === 'tls-hello' || !handshake(seen, 'v1')) return undefined;
  const said = `a TLS handshake succeeded only after a PROXY line; without one it ${answerInWords(plain)}`;
  switch (plain.kind) {
    case 'silent':
      return again(seen, 'plain+tls') ?? weak('requires-proxy', said);
    case 'tls-alert':
      return weak('requires-proxy', said);
    default:
      return strong('requires-proxy', said);
  }
};

/** A handshake plainly, and silence behind the line: which may only have been slow. */
export const handshakeBehindLineIsSlow: Rule = (seen) =>
  handshake(seen, 'plain') && seen.answer('v1+tls')?.kind === 'silent' ? again(seen, 'v1+tls') : undefined;

/** A handshake plainly only, and inside the application speaks: it wants no line there. */
export const handshakePlainlyAndAnApplication: Rule = (seen) => {
  if (!handshake(seen, 'plain') || handshake(seen, 'v1')) return undefined;
  const inside = seen.inside('plain+tls');
  const speaks =
    inside === undefined ||
    inside.kind === 'bytes' ||
    inside.kind === 'tls-hello' ||
    (inside.kind === 'http' && inside.status !== 400);
  const verdict = seen.answer('v1+tls')?.kind === 'silent' ? weak : strong;
  return speaks ? verdict('no-proxy', handshakePlainly) : undefined;
};

/** Inside TLS a line makes no difference, or is quoted. */
export const lineInsideIsNothing: Rule = (seen) => {
  const [plain, inside] = [seen.inside('plain+tls'), seen.inside('tls+v1')];
  if (inside === undefined || quotesTheLine(inside)) return strong('no-proxy', handshakePlainly);
  return plain !== undefined && sameAnswer(plain, inside) ? nothingInside : undefined;
};

/** Something else than without the line: is it the line, or just that something came first? */
export const lineInsideIsWanted: Rule = (seen) => {
  const [plain, inside, broken] = (['plain+tls', 'tls+v1', 'tls+broken'] as const).map((probe) =>
    seen.inside(probe),
  );
  if (inside === undefined || broken === undefined || inside.kind === 'closed' || sameAnswer(inside, broken))
    return nothingInside;
  const reason = `${handshakePlainly}; inside TLS, it answered only behind a PROXY line`;
  return hasBytes(inside) && broken.kind !== 'silent' && plain?.kind !== 'silent'
    ? strong('requires-proxy-inside-tls', reason)
    : weak('requires-proxy-inside-tls', reason);
};

/** TLS is understood plainly, though not with this client; and not behind the line. */
export const alertPlainlyOnly: Rule = (seen) => {
  const [plain, line] = [seen.answer('plain+tls'), seen.answer('v1+tls')];
  if (plain?.kind !== 'tls-alert' || line === undefined || sameAnswer(plain, line)) return undefined;
  return (behindHello.has(plain.alert) ? strong : weak)(
    'no-proxy',
    `it understood a plain ClientHello (TLS alert ${plain.alert}), but none after a PROXY line`,
  );
};

/** Whether a broken line would show more: a ClientHello behind a valid one drew an alert. */
export function alertBehindLine(seen: Seen): boolean {
  return seen.answer('v1+tls')?.kind === 'tls-alert';
}

/** An alert with a line and without. */
export const alertBothWays: Rule = (seen) => {
  const [plain, line, broken] = seen.answers('plain+tls', 'v1+tls', 'broken+tls');
  if (plain?.kind !== 'tls-alert' || line === undefined || !sameAnswer(plain, line)) return undefined;
  return broken !== undefined && sameAnswer(plain, broken)
    ? inconclusive(`it answered every ClientHello with TLS alert ${plain.alert}`, giveServerName)
    : weak(
        'accepts-both',
        `it answered a ClientHello with TLS alert ${plain.alert} both with a PROXY line and without`,
      );
};

/** An alert behind a line only. */
export const alertBehindLineOnly: Rule = (seen) => {
  const [plain, line, broken] = seen.answers('plain+tls', 'v1+tls', 'broken+tls');
  if (plain?.kind !== 'closed' || line?.kind !== 'tls-alert') return undefined;
  return broken !== undefined && !hasBytes(broken)
    ? weak(
        'requires-proxy',
        `it understood a ClientHello only after a PROXY line (TLS alert ${line.alert})`,
        { notes: ['Does the server expect a server name (--tls-server-name)?'] },
      )
    : undefined;
};

/** `--app tls`, and nothing of the kind. */
export const noHandshake: Rule = () =>
  inconclusive('no TLS handshake succeeded, with a PROXY line or without', 'try --app auto');

const nothingInside = weak('no-proxy', handshakePlainly, {
  notes: [
    'Inside TLS nothing was conclusive: to rule out that it wants the line there, give --app tls with --send and --expect-reply.',
  ],
});
