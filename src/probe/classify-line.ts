import { type Answer, hasBytes, isHttpSuccess, quotesTheLine, sameAnswer } from './answer.js';
import type { Case } from './case.js';
import { takenForData } from './classify-http.js';
import {
  ask,
  type Decision,
  inconclusive,
  onlyVersion2,
  sendAdvice,
  strong,
  type Verdict,
  weak,
} from './decision.js';

/** The last resort: a valid line, a broken line and a line that means nothing, each alone. */
export function decideByLine(k: Case): Decision {
  if (allSilent(k)) return silence;
  const line = k.answer('v1+none');
  if (line === undefined) return ask('v1+none');
  if (quotesTheLine(line)) return takenForData;
  switch (line.kind) {
    case 'closed':
      return refused(k);
    case 'silent':
      return held(k);
    case 'http':
      // Another status may be the impatience of a server that took the line: haproxy's 408.
      if (line.status !== 400) return undecided(k);
      return weak('no-proxy', `it answered the bare line with HTTP 400 at once`, {
        notes: httpRefusal(k),
      });
    case 'bytes':
    case 'tls-alert':
    case 'tls-hello':
      return spoke(k, line);
  }
}

const silence: Verdict = inconclusive(
  'it kept every connection open and said nothing, whatever was sent',
  `${sendAdvice}; or give a longer --timeout, if it is slow`,
);

/** A receiver that requires a line closes on a request without one: where none of three was closed, none is there. */
function allSilent(k: Case): boolean {
  return (['plain+http', 'v1+http', 'broken+http'] as const).every(
    (probe) => k.answer(probe)?.kind === 'silent',
  );
}

/** Bytes for a line with nothing behind it: a greeting that waited for the line, or an answer to the line itself. */
function spoke(k: Case, line: Answer): Decision {
  const broken = k.answer('broken+none');
  if (broken === undefined) return ask('broken+none');
  if (sameAnswer(line, broken) && k.last('v1+none')?.ended === k.last('broken+none')?.ended)
    return strong('no-proxy', 'it answers a PROXY line as any other line, a broken one alike');
  const word = k.answer('plain+word');
  if (word === undefined) return ask('plain+word');
  const said = 'it speaks only once a valid PROXY line has arrived';
  if (!hasBytes(broken) && !hasBytes(word)) {
    const both = word.kind === 'closed' && broken.kind === 'closed';
    return (both ? strong : weak)('requires-proxy', said);
  }
  // nginx sends its HTTP/2 SETTINGS before it has read the line, and then a GOAWAY where the line is wrong.
  const refuses = (['broken+none', 'plain+word'] as const).every((probe) => k.last(probe)?.ended !== 'open');
  if (refuses && k.last('v1+none')?.ended === 'open' && sameAnswer(broken, word)) {
    return weak(
      'requires-proxy',
      'it answers whatever comes, but goes on only behind a valid PROXY line, and closes on all else',
    );
  }
  return inconclusive('its answers to three lines differ in a way that does not tell', sendAdvice);
}

/** The line alone is held: by a receiver that waits for more, or by anything that waits for more. */
function held(k: Case): Decision {
  const broken = k.answer('broken+none');
  if (broken === undefined) return ask('broken+none');
  if (broken.kind !== 'closed') return undecided(k);
  const request = k.answer('plain+http');
  if (request === undefined || request.kind === 'closed') {
    const probe = lineMadeADifference(k) ? 'plain+word' : 'plain+byte';
    const other = k.answer(probe);
    if (other === undefined) return ask(probe);
    if (other.kind === 'closed') {
      return weak(
        'requires-proxy',
        'it held the connection behind a valid PROXY line only, and closed on all else',
        { notes: ['The application itself gave no answer.'] },
      );
    }
    if (request !== undefined) return undecided(k);
  }
  const word = k.answer('plain+word');
  if (word === undefined) return ask('plain+word');
  if (word.kind === 'closed') return undecided(k);
  return weak(
    'accepts-both',
    'it held the connection with a PROXY line and without, and closed on a broken line',
    {
      notes: ['The application itself gave no answer.'],
    },
  );
}

/**
 * Whether it closed on something that it kept behind a valid line. Else it may be the application that closes on what
 * is not its protocol, line or no line; but no application closes on the first byte, before there is anything to read.
 */
function lineMadeADifference(k: Case): boolean {
  return (['http', 'tls'] as const).some((payload) => {
    const line = k.answer(`v1+${payload}`);
    return line !== undefined && line.kind !== 'closed' && k.answer(`plain+${payload}`)?.kind === 'closed';
  });
}

/** A version 1 line is closed on: version 2 alone may be wanted. */
function refused(k: Case): Decision {
  if (k.goal.app === 'tcp') return undecided(k);
  const second = k.answer('v2+http');
  if (second === undefined) return ask('v2+http');
  if (isHttpSuccess(second)) return onlyVersion2;
  if (k.answer('plain+tls')?.kind === 'closed') {
    const secure = k.answer('v2+tls');
    if (secure === undefined) return ask('v2+tls');
    if (secure.kind === 'tls-hello') return onlyVersion2;
  }
  return undecided(k);
}

function undecided(k: Case): Verdict {
  const closed = k.observations.every(({ received }) => received.length === 0);
  return inconclusive(
    closed
      ? 'it answered nothing: what was sent was closed on or waited out, with and without a PROXY line'
      : 'its answers with and without a PROXY line do not differ in a way that tells',
    sendAdvice,
  );
}

function httpRefusal(k: Case): readonly string[] {
  const plain: Answer | undefined = k.answer('plain+http');
  return plain?.kind === 'http' && plain.status === 400
    ? [
        'It answers 400 to every request: a path and a host that it knows (--http-path, --http-host) would make this certain.',
      ]
    : [];
}
