import { type Answer, quotesTheLine } from './answer.js';
import type { Case } from './case.js';
import { takenForData } from './classify-http.js';
import { ask, type Decision, inconclusive, sendAdvice, strong, weak } from './decision.js';
import type { ProbeName } from './probe.js';

/** Whether bytes that came before any were sent are a greeting; an HTTP 408 or a TLS alert is a complaint. */
export function speaksFirst(answer: Answer): boolean {
  return answer.kind === 'bytes';
}

/**
 * A server that greets before a line could arrive. Most refuse the line then; but some read it only when the client
 * speaks (MariaDB; go-proxyproto where nothing asks for the address first), so the greeting alone proves nothing.
 */
export function decideByBanner(k: Case): Decision {
  const line = k.answer('v1+none');
  if (line === undefined) return ask('v1+none');
  if (quotesTheLine(line)) return takenForData;
  const greets = 'it speaks first, before a PROXY line could arrive';
  if (reacts(k, 'v1+none')) return strong('no-proxy', `${greets}, and answers the line with an error`);
  if (k.answer('broken+none') === undefined) return ask('broken+none');
  if (!reacts(k, 'broken+none')) {
    return weak('no-proxy', greets, {
      notes: [
        'A PROXY line, right or broken, drew no reaction. To be sure, give --send and --expect-reply in its protocol.',
      ],
    });
  }
  const word = k.answer('plain+word');
  if (word === undefined) return ask('plain+word');
  const said = 'it speaks first, takes a valid PROXY line in silence and refuses a broken one';
  // Closed on without a word: for want of a PROXY line, or because it is nothing in the server's own protocol.
  return reacts(k, 'plain+word') && moreBytes(k, 'plain+word') === 0
    ? inconclusive(`${said}; whether it goes on without one is not known`, sendAdvice)
    : weak('accepts-both', said);
}

/** Whether more came than the greeting, or the end. */
function reacts(k: Case, probe: ProbeName): boolean {
  const seen = k.last(probe);
  const greeted = k.last('plain+none');
  if (seen === undefined || greeted === undefined) return false;
  return moreBytes(k, probe) > 0 || (seen.ended !== 'open' && greeted.ended === 'open');
}

/** Lines, because greetings hold times and salts; and bytes, because a salt may hold a line break. */
function moreBytes(k: Case, probe: ProbeName): number {
  const [here, greeting] = [k.last(probe)?.received ?? [], k.last('plain+none')?.received ?? []];
  return here.length > greeting.length ? Math.max(0, lines(here) - lines(greeting)) : 0;
}

function lines(bytes: ArrayLike<number>): number {
  return Buffer.from(bytes).toString('latin1').split('\n').length;
}
