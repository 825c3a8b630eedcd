import { type Answer, hasBytes, quotesTheLine, sameAnswer, sameBytes } from '../answer.js';
import { blankLines, isText } from '../blank.js';
import { inconclusive, onlyVersion2, strong, weak } from '../decision.js';
import type { ProbeName } from '../probe.js';
import type { Seen } from '../seen.js';
import { again } from './common.js';
import type { Rule } from './rule.js';

/** Without one, plainly: then what comes behind a line may be a greeting first. */
export function unansweredPlainly(seen: Seen): boolean {
  return seen.answer('plain+send') !== undefined && !replied(seen, 'plain+send');
}

/** Whether the reply came: what was expected, or anything but the greeting if nothing particular was. */
export function replied(seen: Seen, probe: ProbeName): boolean {
  const answer = seen.answer(probe);
  if (answer === undefined || quotesTheLine(answer)) return false;
  return seen.goal.expectReply === undefined ? behindGreeting(seen, probe).length > 0 : at(seen, probe) >= 0;
}

/** The reply comes plainly, and not behind the line. */
export const repliesPlainlyOnly: Rule = (seen) => {
  const line = seen.answer('v1+send');
  if (line === undefined || !replied(seen, 'plain+send') || replied(seen, 'v1+send')) return undefined;
  const said = 'it replied without a PROXY line';
  if (hasBytes(line)) return strong('no-proxy', `${said}, and differently with one`);
  return line.kind === 'silent'
    ? (again(seen, 'v1+send') ?? weak('no-proxy', `${said}, and nothing with one`))
    : strong('no-proxy', `${said}, and closed the connection on one`);
};

/** The reply comes with a line and without. */
export const repliesBothWays: Rule = (seen) => {
  if (!replied(seen, 'plain+send') || !replied(seen, 'v1+send')) return undefined;
  const any = seen.goal.expectReply === undefined;
  const alike = (any ? sameReply : sameBefore)(seen, 'plain+send', 'v1+send');
  const said = 'it replied both with a PROXY line and without';
  const giveReply = 'give --expect-reply with text that only a good answer contains';
  if (alike) {
    if (!replied(seen, 'broken+send')) return (any ? weak : strong)('accepts-both', said);
    return inconclusive('it gave the same reply whatever came first, even a broken PROXY line', giveReply);
  }
  // An error first, then the reply: the line was one more command.
  const asBroken = any
    ? sameReply(seen, 'v1+send', 'broken+send')
    : replied(seen, 'broken+send') && (sameBefore(seen, 'v1+send', 'broken+send') || sameErrorBefore(seen));
  if (asBroken)
    return weak('no-proxy', 'it treated a valid PROXY line like a broken one, and unlike no line');
  const broken: Answer | undefined = seen.answer('broken+send');
  return broken !== undefined && hasBytes(broken)
    ? inconclusive(`${said}, but not the same`, giveReply)
    : weak('accepts-both', `${said}, and not behind a broken one`);
};

/** The reply comes behind a line only. */
export const repliesBehindLineOnly: Rule = (seen) => {
  if (replied(seen, 'plain+send') || !replied(seen, 'v1+send')) return undefined;
  const said = 'it replied only after a valid PROXY line';
  if (replied(seen, 'broken+send')) {
    return inconclusive(
      'it replied after a PROXY line, valid or broken, and not without one',
      "run it again; if it happens again, check the backend's log",
    );
  }
  if (seen.answer('plain+send')?.kind !== 'silent') return strong('requires-proxy', said);
  return again(seen, 'plain+send') ?? weak('requires-proxy', said);
};

/** The reply comes behind a version 2 header only. */
export const repliesBehindVersion2Only: Rule = (seen) => {
  const plain = seen.answer('plain+send');
  return replied(seen, 'v2+send') && plain !== undefined && !hasBytes(plain) ? onlyVersion2 : undefined;
};

/** The reply never comes. */
export const repliesNever: Rule = () =>
  inconclusive(
    'the expected reply never came, with a PROXY line or without',
    'check --send and --expect-reply against the backend itself, or give a longer --timeout',
  );

function sameReply(seen: Seen, one: ProbeName, other: ProbeName): boolean {
  const [first, second] = [seen.answer(one), seen.answer(other)];
  return first !== undefined && second !== undefined && sameAnswer(first, second);
}

function behindGreeting(seen: Seen, probe: ProbeName): Uint8Array {
  const { received, greeting = 0 } = seen.last(probe) ?? { received: new Uint8Array() };
  return received.subarray(greeting);
}

/** Where the expected reply is in what came back behind a greeting; -1: nowhere. */
function at(seen: Seen, probe: ProbeName): number {
  const { expectReply } = seen.goal;
  return expectReply === undefined
    ? -1
    : Buffer.from(behindGreeting(seen, probe)).indexOf(Buffer.from(expectReply));
}

/** The bytes before the expected reply. */
function before(seen: Seen, probe: ProbeName): Uint8Array {
  const { received, greeting = 0 } = seen.last(probe) ?? { received: new Uint8Array() };
  return received.subarray(0, greeting + Math.max(0, at(seen, probe)));
}

/** Whether the same came before the expected reply; of binary greetings, as much. */
function sameBefore(seen: Seen, one: ProbeName, other: ProbeName): boolean {
  const [first, second] = [before(seen, one), before(seen, other)];
  return isText(first) && isText(second) ? sameBytes(first, second) : first.length === second.length;
}

/**
 * Whether the reply is preceded by the same text after a valid line and a broken one, but not without: a greeting
 * may hold a line more on one connection (Dovecot's that it waits for another process).
 */
function sameErrorBefore(seen: Seen): boolean {
  const [plain, line, broken] = (['plain+send', 'v1+send', 'broken+send'] as const).map((probe) => {
    const bytes = before(seen, probe);
    return isText(bytes) ? blankLines(bytes).trimEnd().split('\n').at(-1) : undefined;
  });
  return line !== undefined && line !== '' && line === broken && line !== plain;
}
