import { type Answer, answerInWords, answerOf, hasBytes, isHttpSuccess } from './answer.js';
import { type Ask, ask, inconclusive, type Verdict } from './decision.js';
import { describeProbe, type ProbeName, partsOf } from './probe.js';
import type { Seen } from './seen.js';

/**
 * The next probe to make a second time, so that a verdict does not rest on two connections that two different servers
 * took: behind one address there may be several, one of them down, or a limit on connections. Undefined if the
 * verdict needs no more.
 */
export function askAgain(k: Seen, { verdict }: Verdict): Ask | undefined {
  if (verdict === 'inconclusive') return undefined;
  const line = lastOf(k, 'v1+');
  // An error in answer to the line came from a server that does not take it, whatever else answers there.
  if (line === undefined || (verdict === 'no-proxy' && answersWithError(k, line))) return undefined;
  const other = verdict === 'requires-proxy-v2' ? lastOf(k, 'v2+') : comparedWith(line);
  const once = [other, line].filter((probe) => probe !== undefined).filter((probe) => k.times(probe) === 1);
  // Two servers that take turns are the commonest: an odd number of connections later it is the other's.
  const probe = once.find((candidate) => distance(k, candidate) % 2 === 1) ?? once[0];
  return probe === undefined ? undefined : ask(probe);
}

/** Milliseconds: a close this soon was not a timeout. */
export const atOnceMs = 250;

/** Says so where a probe that was made twice was taken once and refused once. */
export function unsteady(k: Seen): Verdict | undefined {
  const nothing = k.last('plain+none');
  if (nothing !== undefined && nothing.ms <= atOnceMs && answerOf(nothing).kind === 'closed') {
    // Nor does a receiver close this soon because it misses a line: a greeting may have been lost to a reset.
    const other = k.recordings.find((recording) => answerOf(recording).kind !== 'closed');
    if (other !== undefined) {
      const did = answerOf(other).kind === 'silent' ? 'held' : 'answered';
      return notAlways(
        `it closed a connection at once, and ${did} another behind ${describeProbe(other.probe)}`,
      );
    }
  }
  for (const [index, recording] of k.recordings.entries()) {
    const before = k.recordings.slice(0, index).findLast(({ probe }) => probe === recording.probe);
    if (before === undefined) continue;
    const [first, then] = [answerOf(before), answerOf(recording)];
    if (!differs(first, then)) continue;
    return notAlways(
      `to ${describeProbe(recording.probe)} it ${answerInWords(first)}, and on another connection ${answerInWords(then)}`,
    );
  }
  return undefined;
}

function notAlways(what: string): Verdict {
  return inconclusive(
    `it does not always behave the same: ${what}`,
    'if there are several servers behind this address, probe each of them; otherwise it may be starting up or limiting connections: run it again',
  );
}

/**
 * A first answer that was only slow does not count; nor does it matter how a server refuses, or why it rejects a
 * ClientHello.
 */
function differs(first: Answer, then: Answer): boolean {
  if (first.kind === 'silent') return false;
  if (first.kind === 'tls-alert' && then.kind === 'silent') return false;
  return then.kind === 'silent' || taken(first) !== taken(then);
}

/** As what a probe was taken; nothing where it was refused. */
function taken(answer: Answer): Answer['kind'] | undefined {
  const refused = answer.kind === 'closed' || answer.kind === 'tls-alert';
  return refused || (answer.kind === 'http' && answer.status === 400) ? undefined : answer.kind;
}

/** An HTTP status other than 400 may be that of a server in front that is out of backends, or of patience. */
function answersWithError(k: Seen, probe: ProbeName): boolean {
  const answer = k.answer(probe);
  return answer !== undefined && hasBytes(answer) && !isHttpSuccess(answer);
}

function lastOf(k: Seen, prefix: 'v1+' | 'v2+'): ProbeName | undefined {
  return k.recordings.findLast(({ probe }) => probe.startsWith(prefix))?.probe;
}

/** The counterpart of a probe behind a valid line: the same without one; of the line alone, a broken line. */
function comparedWith(line: ProbeName): ProbeName {
  const { payload } = partsOf(line);
  return payload === 'none' ? 'broken+none' : `plain+${payload}`;
}

function distance({ recordings }: Seen, probe: ProbeName): number {
  return recordings.length - recordings.findLastIndex((recording) => recording.probe === probe);
}
