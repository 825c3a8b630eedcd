import { applicationOf } from '../applications.js';
import { isText } from '../blank.js';
import { type Greeting, inconclusive, sendAdvice, strong, weak } from '../decision.js';
import { type ProbeName, partsOf } from '../probe.js';
import type { Recording } from '../recording.js';
import type { Seen } from '../seen.js';
import type { Rule } from './rule.js';
import { unansweredPlainly } from './send.js';

const greets = 'it speaks first, before a PROXY line could arrive';

/** Whether bytes came before any were sent; an HTTP 408 or a TLS alert is a complaint, not a greeting. */
export function speaksFirst(seen: Seen): boolean {
  return seen.answer('plain+none')?.kind === 'bytes';
}

/**
 * The point behind which a probe waits for a greeting; undefined if it says all at once. A greeting in binary holds line
 * breaks by chance. The bytes of `--send` wait if it greets, and behind a line if they alone drew nothing: some servers
 * punish clients that talk before the greeting.
 */
export function greetingToAwait(seen: Seen, probe: ProbeName): Greeting | undefined {
  const { prefix, payload } = partsOf(probe);
  const greeting = seen.last('plain+none');
  const greeted = greeting !== undefined && speaksFirst(seen);
  if (payload === 'send')
    return greeted || (prefix !== 'plain' && unansweredPlainly(seen)) ? 'lead' : undefined;
  const bare = applicationOf(payload).bare === true && probe !== 'plain+none';
  return bare && greeted && !isText(greeting.received) ? 'open' : undefined;
}

/** It greets, and answers a valid line. */
export const greetsAndMindsTheLine: Rule = (seen) =>
  reacts(seen, 'v1+none') ? strong('no-proxy', `${greets}, and answers the line with an error`) : undefined;

/**
 * It greets, and minds neither a valid line nor a broken one. If it minds another line, it skips these. If it minds none,
 * most such servers refuse the line later; but some read it only when the client speaks (go-proxyproto where nothing asks
 * for the address first).
 */
export const greetsAndMindsNoLine: Rule = (seen) => {
  if (reacts(seen, 'broken+none')) return undefined;
  if (moreBytes(seen, 'plain+word') > 0)
    return weak(
      'accepts-both',
      'it speaks first, and silently accepts a PROXY line, even a broken one, but no other line',
      { notes: ['It accepted a broken PROXY line as well: it skips what it cannot read.'] },
    );
  return weak('no-proxy', greets, {
    notes: [
      'It did not react to a PROXY line, valid or broken. To be sure, give --send and --expect-reply in its protocol.',
    ],
  });
};

/** It greets, takes a valid line and refuses a broken one, as MariaDB does. */
export const greetsAndTakesALine: Rule = (seen) => {
  const said = 'it speaks first, silently accepts a valid PROXY line and refuses a broken one';
  // Closed without a word: because the PROXY line is missing, or because it means nothing in the server's protocol.
  return reacts(seen, 'plain+word') && moreBytes(seen, 'plain+word') === 0
    ? inconclusive(`${said}; it is not known whether it goes on without one`, sendAdvice)
    : weak('accepts-both', said);
};

/** Whether more came than the greeting, or the end. */
function reacts(seen: Seen, probe: ProbeName): boolean {
  const recording = seen.last(probe);
  if (recording === undefined) return false;
  const held = seen.last('plain+none')?.ended === 'open';
  return moreBytes(seen, probe) > 0 || (held && recording.ended !== 'open');
}

/** The length of the answer behind the greeting: bytes where it was waited for, else lines, because greetings hold times and salts. */
function moreBytes(seen: Seen, probe: ProbeName): number {
  const [recording, greeted] = [seen.last(probe), seen.last('plain+none')];
  if (recording === undefined || greeted === undefined) return 0;
  if (recording.greeting !== undefined) return recording.received.length - recording.greeting;
  if (recording.received.length <= greeted.received.length) return 0;
  return Math.max(0, lines(recording) - lines(greeted));
}

function lines({ received }: Recording): number {
  return Buffer.from(received).toString('latin1').split('\n').length;
}
