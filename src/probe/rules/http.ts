import { type Answer, answerInWords, hasBytes, isHttpSuccess, sameAnswer } from '../answer.js';
import { inconclusive, strong, weak } from '../decision.js';
import type { Seen } from '../seen.js';
import { again } from './common.js';
import type { Rule } from './rule.js';

type Http = Extract<Answer, { kind: 'http' }>;

/** A lenient parser's answers to a request line `PROXY TCP4 ...`: then the line was taken for a request. */
const refusals: ReadonlySet<number> = new Set([400, 403, 404, 405, 411, 414, 421, 426, 431, 501, 505]);

const knownPath =
  'give a path and a host that the application answers properly: --http-path /health --http-host NAME';

/** The status of an answer that only the application gives. */
function ok(seen: Seen, prefix: 'plain' | 'v1' | 'broken'): Http | undefined {
  const answer = seen.answer(`${prefix}+http`);
  return isHttpSuccess(answer) ? answer : undefined;
}

/** A request is answered plainly, and not behind the line. */
export const plainRequestOnly: Rule = (seen) => {
  const [plain, line] = [ok(seen, 'plain'), seen.answer('v1+http')];
  if (plain === undefined || line === undefined || isHttpSuccess(line)) return undefined;
  const said = `it answered HTTP ${plain.status} without a PROXY line`;
  if (line.kind === 'silent')
    return again(seen, 'v1+http') ?? weak('no-proxy', `${said}, and nothing with one`);
  return hasBytes(line)
    ? strong('no-proxy', `${said}, and an error with one`)
    : strong('no-proxy', `${said}, and closed the connection on one`);
};

/** Whether a broken line would show more: something came of a valid one, or nothing of either. */
export function brokenLineTells(seen: Seen): boolean {
  const [plain, line] = [seen.answer('plain+http'), seen.answer('v1+http')];
  if (plain === undefined || line === undefined) return false;
  if (isHttpSuccess(line) || plain.kind === 'bytes' || line.kind === 'bytes') return true;
  if (plain.kind === 'silent' && line.kind === 'silent') return true;
  return !hasBytes(plain) && hasBytes(line);
}

/** A request is answered with a line and without. */
export const requestBothWays: Rule = (seen) => {
  const [plain, line, broken] = [ok(seen, 'plain'), ok(seen, 'v1'), seen.answer('broken+http')];
  if (plain === undefined || line === undefined || broken === undefined) return undefined;
  const notes = serverError(line);
  if (line.status === plain.status) {
    const said = `it answered HTTP ${plain.status} both with a PROXY line and without`;
    if (!sameAnswer(broken, plain)) return strong('accepts-both', said, { notes });
    // Lower, and a meaningless word decides.
    if (plain.status < 400) return undefined;
    return inconclusive(
      `it answered HTTP ${plain.status} to everything, even a broken PROXY line`,
      knownPath,
    );
  }
  const differs = `it answered HTTP ${plain.status} without a PROXY line and HTTP ${line.status} with one`;
  if (sameAnswer(broken, line) && refusals.has(line.status))
    return weak('no-proxy', `${differs}, and the same to a broken one`);
  if (!isHttpSuccess(broken) && !refusals.has(line.status)) return weak('accepts-both', differs, { notes });
  return inconclusive(differs, knownPath);
};

/** A request is answered behind a line only. */
export const requestBehindLineOnly: Rule = (seen) => {
  const [plain, line] = [seen.answer('plain+http'), ok(seen, 'v1')];
  if (plain === undefined || isHttpSuccess(plain) || line === undefined) return undefined;
  const said = `it answered HTTP ${line.status} behind a PROXY line, and ${answerInWords(plain)} without one`;
  const notes = serverError(line);
  if (ok(seen, 'broken') !== undefined) {
    return (
      again(seen, 'plain+http') ?? inconclusive(`${said}, but it answered a broken line as well`, knownPath)
    );
  }
  if (plain.kind !== 'silent') return strong('requires-proxy', said, { notes });
  // A first answer that was only slow must not pass for a refusal.
  return again(seen, 'plain+http') ?? weak('requires-proxy', said, { notes });
};

/** One status to a request, with a valid line and with a broken one: does it swallow lines, or answer anything? */
export function answersBrokenLineToo(seen: Seen): boolean {
  return ok(seen, 'plain') !== undefined && ok(seen, 'v1') !== undefined && ok(seen, 'broken') !== undefined;
}

/** Only a server that skips PROXY lines minds a line without meaning. */
export const swallowsLines: Rule = (seen) => {
  const word = seen.answer('plain+word');
  const said = `it answered HTTP ${ok(seen, 'plain')?.status} both with a PROXY line and without`;
  return word === undefined || word.kind === 'silent' || isHttpSuccess(word)
    ? inconclusive(
        `${said}, and to a broken one: it may answer anything`,
        'check what the application does with the request: does it see the line?',
      )
    : weak('accepts-both', said, {
        notes: ['It answered a broken PROXY line as well: it skips what it cannot read.'],
      });
};

/** A request draws bytes that are not HTTP, or nothing, yet the three answers differ by the line. */
export const otherBytes: Rule = (seen) => {
  const [plain, line, broken] = seen.answers('plain+http', 'v1+http', 'broken+http');
  if (plain === undefined || line === undefined || broken === undefined) return undefined;
  if (isHttpSuccess(plain) || isHttpSuccess(line)) return undefined;
  if (plain.kind === 'silent' && line.kind === 'silent') return heldOpen(seen, broken);
  if (plain.kind === 'closed' && broken.kind === 'closed' && hasBytes(line)) {
    return strong(
      'requires-proxy',
      'it answered only after a valid PROXY line, and closed the connection otherwise',
    );
  }
  if (plain.kind === 'silent') {
    const more = again(seen, 'plain+http');
    if (more !== undefined) return more;
  }
  if (line.kind === 'silent' && plain.kind === 'bytes') {
    const more = again(seen, 'v1+http');
    if (more !== undefined) return more;
  }
  if (sameAnswer(line, broken) && !sameAnswer(line, plain) && plain.kind !== 'closed')
    return weak('no-proxy', 'it treated a valid PROXY line like a broken one, and unlike no line');
  if (plain.kind !== 'bytes') return undefined;
  if (sameAnswer(plain, line) && !hasBytes(broken))
    return strong(
      'accepts-both',
      'it answered the same with and without a PROXY line, but not after a broken line',
    );
  return hasBytes(line) || hasBytes(broken)
    ? undefined
    : weak('no-proxy', 'it answered without a PROXY line, and nothing with one');
};

/** Nothing came back, or not yet: only a reaction to the broken line shows which. */
function heldOpen(seen: Seen, broken: Answer): ReturnType<Rule> {
  if (broken.kind === 'silent') return undefined;
  return (
    again(seen, 'plain+http') ??
    weak(
      'accepts-both',
      'it kept the connection open with and without a PROXY line, and refused a broken line',
      {
        notes: ['The application itself gave no answer in time.'],
      },
    )
  );
}

/** Nothing but 400, whatever came first. */
export const noRequestAnswered: Rule = () =>
  inconclusive(
    'no HTTP answer but 400 came, with a PROXY line or without',
    'try --app auto, or give the path and the host that the application knows: --http-path, --http-host',
  );

function serverError({ status }: Http): readonly string[] {
  return status < 500
    ? []
    : [
        `HTTP ${status} is the answer of a server in front: what is behind it may be down and was not tested.`,
      ];
}
