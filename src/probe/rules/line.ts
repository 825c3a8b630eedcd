import { type Answer, hasBytes, sameAnswer } from '../answer.js';
import { inconclusive, sendAdvice, strong, weak } from '../decision.js';
import type { Seen } from '../seen.js';
import { undecided } from './common.js';
import type { Rule } from './rule.js';

const noAnswer = { notes: ['The application itself gave no answer.'] } as const;

/**
 * A receiver that requires a line closes on a request without one: if none of three was closed, it does not require
 * one.
 */
export const holdsEverything: Rule = (seen) =>
  seen.answers('plain+http', 'v1+http', 'broken+http').every((answer) => answer?.kind === 'silent')
    ? inconclusive(
        'it kept every connection open and said nothing, whatever it was sent',
        `${sendAdvice}; or give a longer --timeout, if it is slow, or a longer --banner-wait, if it greets late`,
      )
    : undefined;

/** HTTP 400 to the line alone: an HTTP parser has read it. */
export const answersLineWith400: Rule = (seen) => {
  const line = seen.answer('v1+none');
  if (line?.kind !== 'http') return undefined;
  // Another status may be the impatience of a server that took the line: haproxy's 408.
  if (line.status !== 400) return undecided(seen);
  const plain = seen.answer('plain+http');
  return weak('no-proxy', 'it answered the bare line with HTTP 400 at once', {
    notes:
      plain?.kind === 'http' && plain.status === 400
        ? [
            'It answers 400 to every request: a path and a host that it knows (--http-path, --http-host) would make this certain.',
          ]
        : [],
  });
};

/** Whether the line alone was closed on: then version 2 may be wanted. */
export function closesOnLine(seen: Seen): boolean {
  return seen.answer('v1+none')?.kind === 'closed';
}

/** Whether the line alone drew bytes: a greeting that waited for it, or an answer to it. */
export function speaksBehindLine(seen: Seen): boolean {
  const line = seen.answer('v1+none');
  return line !== undefined && hasBytes(line);
}

/** Whether the line alone was held, and a broken one closed on. */
function holdsValidLineOnly(seen: Seen): boolean {
  return seen.answer('v1+none')?.kind === 'silent' && seen.answer('broken+none')?.kind === 'closed';
}

/** The line alone is held, and so is a broken one. */
export const holdsAnyLine: Rule = (seen) =>
  seen.answer('v1+none')?.kind === 'silent' && !holdsValidLineOnly(seen) ? undecided(seen) : undefined;

/** Whether a valid line and a broken one drew the same: which of them was understood is not known. */
export function speaksAlikeBehindAnyLine(seen: Seen): boolean {
  const [line, broken] = [seen.answer('v1+none'), seen.answer('broken+none')];
  return (
    line !== undefined &&
    broken !== undefined &&
    hasBytes(line) &&
    sameAnswer(line, broken) &&
    seen.last('v1+none')?.ended === seen.last('broken+none')?.ended
  );
}

/** A valid line draws what a broken one and a word that means nothing draw. */
export const answersAnyLine: Rule = (seen) => {
  if (!speaksAlikeBehindAnyLine(seen)) return undefined;
  const [line, word] = [seen.answer('v1+none'), seen.answer('plain+word')];
  if (line === undefined || word === undefined) return undefined;
  const said = 'it answers a PROXY line like any other line, even a broken one';
  if (!sameAnswer(line, word))
    return inconclusive('its answers to three lines differ, but not conclusively', sendAdvice);
  // A greeting that any line draws is followed by more; an error that ends the connection is not.
  const ends = (['v1+none', 'broken+none', 'plain+word'] as const).every(
    (probe) => seen.last(probe)?.ended !== 'open',
  );
  return (ends ? strong : weak)('no-proxy', said);
};

/** Bytes for a valid line only: a greeting that waited for it. */
export const speaksBehindValidLineOnly: Rule = (seen) => {
  const [line, broken, word] = seen.answers('v1+none', 'broken+none', 'plain+word');
  if (line === undefined || broken === undefined || word === undefined || !hasBytes(line)) return undefined;
  const said = 'it speaks only once a valid PROXY line has arrived';
  if (!hasBytes(broken) && !hasBytes(word)) {
    const both = word.kind === 'closed' && broken.kind === 'closed';
    return (both ? strong : weak)('requires-proxy', said);
  }
  // nginx sends its HTTP/2 SETTINGS before it has read the line, and then a GOAWAY where the line is wrong.
  const refuses = (['broken+none', 'plain+word'] as const).every(
    (probe) => seen.last(probe)?.ended !== 'open',
  );
  if (refuses && seen.last('v1+none')?.ended === 'open' && sameAnswer(broken, word)) {
    return weak(
      'requires-proxy',
      'it answers anything, but goes on only after a valid PROXY line, and closes otherwise',
    );
  }
  return inconclusive('its answers to three lines differ, but not conclusively', sendAdvice);
};

/** Whether it closes on a request, or was not asked. */
function closesOnRequest(seen: Seen): boolean {
  const request: Answer | undefined = seen.answer('plain+http');
  return request === undefined || request.kind === 'closed';
}

/**
 * Whether it closed on something that it kept behind a valid line. Else it may be the application that closes on what
 * is not its protocol, line or no line.
 */
function keptMoreBehindLine(seen: Seen): boolean {
  return (['http', 'tls'] as const).some((payload) => {
    const line = seen.answer(`v1+${payload}`);
    return line !== undefined && line.kind !== 'closed' && seen.answer(`plain+${payload}`)?.kind === 'closed';
  });
}

/** Whether a single byte decides it: no application closes on the first byte, before there is anything to read. */
export function oneByteTells(seen: Seen): boolean {
  return holdsValidLineOnly(seen) && closesOnRequest(seen) && !keptMoreBehindLine(seen);
}

/** Held behind a valid line; all else is closed on. */
export function holdsValidLineAndNot(probe: 'plain+byte' | 'plain+word'): Rule {
  return (seen) => {
    if (!holdsValidLineOnly(seen) || !closesOnRequest(seen)) return undefined;
    if (probe === 'plain+word' && !keptMoreBehindLine(seen)) return undefined;
    if (seen.answer(probe)?.kind === 'closed') {
      return weak(
        'requires-proxy',
        'it kept the connection open only after a valid PROXY line, and closed it otherwise',
        noAnswer,
      );
    }
    return seen.answer('plain+http') === undefined ? undefined : undecided(seen);
  };
}

/** Held with a line and without; a broken one is closed on. */
export const holdsAllButABrokenLine: Rule = (seen) => {
  if (!holdsValidLineOnly(seen)) return undefined;
  return seen.answer('plain+word')?.kind === 'closed'
    ? undecided(seen)
    : weak(
        'accepts-both',
        'it kept the connection open with and without a PROXY line, and closed it on a broken line',
        noAnswer,
      );
};
