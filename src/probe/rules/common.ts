import { type Answer, answerOf, isHttpSuccess, quotesTheLine, sameAnswer } from '../answer.js';
import { blankLines, isText } from '../blank.js';
import { ask, inconclusive, onlyVersion2, sendAdvice, strong, type Verdict, weak } from '../decision.js';
import type { ProbeName } from '../probe.js';
import type { Seen } from '../seen.js';
import { atOnceMs } from '../steady.js';
import type { Rule } from './rule.js';

/** For every payload: the line came back, so it was read by the application. */
const takenForData: Verdict = strong(
  'no-proxy',
  'it treated the PROXY line as application data: its answer quotes the line',
);

/** The answer quotes the line. */
export function quotes(probe: ProbeName): Rule {
  return (seen) => (quotesTheLine(seen.answer(probe)) ? takenForData : undefined);
}

/** Closed before anything was sent, and whatever was sent. */
export const closesEverything: Rule = (seen) => {
  if ((seen.last('plain+none')?.ms ?? Infinity) > atOnceMs) return undefined;
  const answers = seen.answers('plain+none', 'plain+http', 'v1+http');
  if (!answers.every((answer) => answer?.kind === 'closed')) return undefined;
  return inconclusive(
    'it closes every connection at once, before anything is sent',
    "look at the backend's log: it may only accept other addresses (run this from the load balancer's network), or what is behind it may be down",
  );
};

/**
 * Where a plain request and one behind a broken line draw the same lines, and a valid line others, the line is read: by
 * a server that greets after any line and says only later that it missed the right one (exim).
 */
export const onlyAValidLineDiffers: Rule = (seen) => {
  const [plain, line, broken] = seen.answers('plain+http', 'v1+http', 'broken+http');
  if (plain?.kind !== 'bytes' || line?.kind !== 'bytes' || broken?.kind !== 'bytes') return undefined;
  if (![plain, line, broken].every(({ bytes }) => isText(bytes))) return undefined;
  if (blankLines(plain.bytes) !== blankLines(broken.bytes)) return undefined;
  if (blankLines(plain.bytes) === blankLines(line.bytes)) return undefined;
  if (!steadyAnswers(seen, 'plain+http') || !steadyAnswers(seen, 'v1+http')) {
    return inconclusive(
      'its answers vary from connection to connection, not only with the PROXY line',
      sendAdvice,
    );
  }
  return weak(
    'requires-proxy',
    'it answered the same without a PROXY line and after a broken one, and differently after a valid one',
  );
};

/** Whether a probe was answered alike each time. */
function steadyAnswers({ recordings }: Seen, probe: ProbeName): boolean {
  const [first, ...more] = recordings.filter((recording) => recording.probe === probe).map(answerOf);
  return first === undefined || more.every((answer) => sameAnswer(first, answer));
}

/** A version 2 header draws what neither the plain probe nor a version 1 line does. */
export function version2(probe: 'v2+http' | 'v2+tls'): Rule {
  return (seen) => {
    const answer: Answer | undefined = seen.answer(probe);
    const answered = probe === 'v2+http' ? isHttpSuccess(answer) : answer?.kind === 'tls-hello';
    return answered ? onlyVersion2 : undefined;
  };
}

/** Nothing came to judge by: what is left to try. */
export const undecided: Rule = (seen) => {
  const closed = seen.recordings.every(({ received }) => received.length === 0);
  return inconclusive(
    closed
      ? 'it answered nothing: it closed or kept the connection open, with and without a PROXY line'
      : 'its answers with and without a PROXY line are too alike to tell',
    sendAdvice,
  );
};

/** Asks for a probe a second time, with twice the patience; undefined if it was. */
export function again(seen: Seen, probe: ProbeName): ReturnType<typeof ask> | undefined {
  return seen.times(probe) < 2 ? ask(probe, { patience: 2 }) : undefined;
}
