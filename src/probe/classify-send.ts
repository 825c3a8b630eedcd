import { type Answer, hasBytes, quotesTheLine, sameAnswer } from './answer.js';
import type { Case } from './case.js';
import { takenForData } from './classify-http.js';
import { ask, type Decision, inconclusive, onlyVersion2, strong, weak } from './decision.js';
import type { ProbeName } from './probe.js';

/** The user's own bytes, plainly, behind a valid line, behind a broken one. */
export function decideBySend(k: Case): Decision {
  const plain = k.answer('plain+send');
  if (plain === undefined) return ask('plain+send');
  const line = k.answer('v1+send');
  if (line === undefined) return ask('v1+send');
  if (quotesTheLine(line)) return takenForData;
  const [answeredPlain, answeredLine] = [replied(k, 'plain+send'), replied(k, 'v1+send')];
  if (answeredPlain && answeredLine) return bothReplied(k, plain, line);
  if (answeredPlain) return plainOnly(k, line);
  if (answeredLine) return lineOnly(k, plain);
  const second = k.answer('v2+send');
  if (second === undefined) return ask('v2+send');
  if (replied(k, 'v2+send') && !hasBytes(plain)) return onlyVersion2;
  return inconclusive(
    'the expected reply never came, with a PROXY line or without',
    'check --send and --expect-reply against the backend itself, or give a longer --timeout',
  );
}

function bothReplied(k: Case, plain: Answer, line: Answer): Decision {
  const broken = k.answer('broken+send');
  if (broken === undefined) return ask('broken+send');
  const alike =
    k.goal.expectReply === undefined ? sameAnswer(plain, line) : at(k, 'plain+send') === at(k, 'v1+send');
  const said = 'it replied both with a PROXY line and without';
  if (alike) {
    if (!replied(k, 'broken+send')) {
      return k.goal.expectReply === undefined ? weak('accepts-both', said) : strong('accepts-both', said);
    }
    return inconclusive(
      'it gave the same reply whatever stood in front, a broken PROXY line included',
      'give --expect-reply with what only a good answer holds',
    );
  }
  // An error first, then the reply: the line was one more command.
  const asBroken =
    k.goal.expectReply === undefined
      ? sameAnswer(line, broken)
      : replied(k, 'broken+send') && at(k, 'v1+send') === at(k, 'broken+send');
  if (asBroken)
    return weak('no-proxy', 'it treated a valid PROXY line as it did a broken one, and not as no line');
  return hasBytes(broken)
    ? inconclusive(`${said}, but not the same`, 'give --expect-reply with what only a good answer holds')
    : weak('accepts-both', `${said}, and not behind a broken one`);
}

function plainOnly(k: Case, line: Answer): Decision {
  const said = 'it replied without a PROXY line';
  if (hasBytes(line)) return strong('no-proxy', `${said}, and otherwise with one`);
  if (line.kind === 'silent') {
    if (k.times('v1+send') < 2) return ask('v1+send', 2);
    return weak('no-proxy', `${said}, and nothing with one`);
  }
  return strong('no-proxy', `${said}, and closed the connection on one`);
}

function lineOnly(k: Case, plain: Answer): Decision {
  if (k.answer('broken+send') === undefined) return ask('broken+send');
  const said = 'it replied behind a valid PROXY line only';
  if (replied(k, 'broken+send')) {
    return inconclusive(
      'it replied behind a PROXY line, right or broken, and not without one',
      'run it again; if it stays so, look at the backend’s log',
    );
  }
  if (plain.kind !== 'silent') return strong('requires-proxy', said);
  if (k.times('plain+send') < 2) return ask('plain+send', 2);
  return weak('requires-proxy', said);
}

/** Whether the reply came: what was expected, or anything where nothing particular was. */
function replied(k: Case, probe: ProbeName): boolean {
  const answer = k.answer(probe);
  if (answer === undefined || quotesTheLine(answer)) return false;
  return k.goal.expectReply === undefined ? hasBytes(answer) : at(k, probe) >= 0;
}

function at(k: Case, probe: ProbeName): number {
  const { expectReply } = k.goal;
  const received = k.last(probe)?.received;
  return expectReply === undefined || received === undefined
    ? -1
    : Buffer.from(received).indexOf(Buffer.from(expectReply));
}
