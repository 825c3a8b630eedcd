import { type Answer, answerInWords, hasBytes, isHttpSuccess, quotesTheLine, sameAnswer } from './answer.js';
import type { Case } from './case.js';
import { ask, type Decision, inconclusive, strong, type Verdict, weak } from './decision.js';

type Http = Extract<Answer, { kind: 'http' }>;

/** What a lenient parser says to a request line `PROXY TCP4 ...`: then the line was taken for a request. */
const refusals: ReadonlySet<number> = new Set([400, 403, 404, 405, 411, 414, 421, 426, 431, 501, 505]);

/**
 * Three probes that differ in the prefix only: an HTTP request, the same behind a valid line, the same behind a broken
 * line. Undefined where HTTP tells nothing.
 */
export function decideByHttp(k: Case): Decision | undefined {
  const plain = k.answer('plain+http');
  if (plain === undefined) return ask('plain+http');
  const line = k.answer('v1+http');
  if (line === undefined) return ask('v1+http');
  if (quotesTheLine(line)) return takenForData;
  if (isHttpSuccess(plain)) {
    return isHttpSuccess(line) ? bothAnswered(k, plain, line) : plainOnly(k, plain, line);
  }
  if (isHttpSuccess(line)) return lineOnly(k, plain, line);
  return neitherAnswered(k, plain, line);
}

/** For every payload: the line came back, so it was read by the application. */
export const takenForData: Verdict = strong(
  'no-proxy',
  'it took the PROXY line for application data: its answer quotes the line',
);

function bothAnswered(k: Case, plain: Http, line: Http): Decision {
  const broken = k.answer('broken+http');
  if (broken === undefined) return ask('broken+http');
  const notes = serverError(line);
  if (line.status === plain.status) {
    const said = `it answered HTTP ${plain.status} both with a PROXY line and without`;
    if (!sameAnswer(broken, plain)) return strong('accepts-both', said, { notes });
    if (plain.status < 400) return swallowed(k, said);
    return inconclusive(
      `it answered HTTP ${plain.status} to everything, a broken PROXY line included`,
      'give a path and a host that the application answers well: --http-path /health --http-host NAME',
    );
  }
  const differs = `it answered HTTP ${plain.status} without a PROXY line and HTTP ${line.status} with one`;
  if (sameAnswer(broken, line) && refusals.has(line.status))
    return weak('no-proxy', `${differs}, and the same to a broken one`);
  if (!isHttpSuccess(broken) && !refusals.has(line.status)) return weak('accepts-both', differs, { notes });
  return inconclusive(
    differs,
    'give a path and a host that the application answers well: --http-path /health --http-host NAME',
  );
}

/** Does it swallow every PROXY line, or answer whatever comes? Only the first minds a line that means nothing. */
function swallowed(k: Case, said: string): Decision {
  const word = k.answer('plain+word');
  if (word === undefined) return ask('plain+word');
  return word.kind === 'silent' || isHttpSuccess(word)
    ? inconclusive(
        `${said}, and to a broken one: it may answer anything`,
        'look at what the application makes of the request: does it see the line?',
      )
    : weak('accepts-both', said, {
        notes: ['It answered a broken PROXY line as well: it skips what it cannot read.'],
      });
}

function plainOnly(k: Case, { status }: Http, line: Answer): Decision {
  const said = `it answered HTTP ${status} without a PROXY line`;
  if (line.kind === 'http' || line.kind === 'bytes')
    return strong('no-proxy', `${said}, and an error with one`);
  if (line.kind === 'silent') {
    if (k.times('v1+http') < 2) return ask('v1+http', 2);
    return weak('no-proxy', `${said}, and nothing with one`);
  }
  return strong('no-proxy', `${said}, and closed the connection on one`);
}

function lineOnly(k: Case, plain: Answer, line: Http): Decision {
  const broken = k.answer('broken+http');
  if (broken === undefined) return ask('broken+http');
  const said = `it answered HTTP ${line.status} behind a PROXY line, and ${answerInWords(plain)} without one`;
  const notes = serverError(line);
  if (isHttpSuccess(broken)) {
    if (k.times('plain+http') < 2) return ask('plain+http', 2);
    return inconclusive(
      `${said}, but it answered a broken line as well`,
      'give a path and a host that the application answers well: --http-path /health --http-host NAME',
    );
  }
  if (plain.kind !== 'silent') return strong('requires-proxy', said, { notes });
  // A first answer that was only slow must not pass for a refusal.
  if (k.times('plain+http') < 2) return ask('plain+http', 2);
  return weak('requires-proxy', said, { notes });
}

function neitherAnswered(k: Case, plain: Answer, line: Answer): Decision | undefined {
  const speaks = plain.kind === 'bytes' || line.kind === 'bytes';
  const worthIt =
    speaks || (plain.kind === 'closed' && hasBytes(line)) || (plain.kind === 'silent' && hasBytes(line));
  const bothSilent = plain.kind === 'silent' && line.kind === 'silent';
  if (!worthIt && !bothSilent) return undefined;
  const broken = k.answer('broken+http');
  if (broken === undefined) return ask('broken+http');
  if (bothSilent) return slow(k, broken);
  if (plain.kind === 'closed' && broken.kind === 'closed') {
    return strong(
      'requires-proxy',
      'only behind a valid PROXY line did anything come back; it closed the connection on all else',
    );
  }
  if (plain.kind === 'silent' && k.times('plain+http') < 2) return ask('plain+http', 2);
  if (line.kind === 'silent' && plain.kind === 'bytes' && k.times('v1+http') < 2) return ask('v1+http', 2);
  if (sameAnswer(line, broken) && !sameAnswer(line, plain) && plain.kind !== 'closed')
    return weak('no-proxy', 'it treated a valid PROXY line as it did a broken one, and not as no line');
  if (plain.kind === 'bytes' && sameAnswer(plain, line) && !hasBytes(broken))
    return strong('accepts-both', 'it answered the same with a PROXY line and without, and no broken line');
  if (plain.kind === 'bytes' && !hasBytes(line) && !hasBytes(broken))
    return weak('no-proxy', 'it answered without a PROXY line, and nothing with one');
  return undefined;
}

/** Nothing came back, or not yet: only a reaction to the broken line tells the two apart. */
function slow(k: Case, broken: Answer): Decision | undefined {
  if (broken.kind === 'silent') return undefined;
  if (k.times('plain+http') < 2) return ask('plain+http', 2);
  return weak(
    'accepts-both',
    'it kept the connection open with a PROXY line and without, and refused a broken line',
    { notes: ['The application itself gave no answer in time.'] },
  );
}

function serverError({ status }: Http): readonly string[] {
  return status < 500
    ? []
    : [
        `HTTP ${status} is the answer of a server in front: what stands behind it may be down, and was not tested.`,
      ];
}
