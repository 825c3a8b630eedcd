import type { ProbeName } from './probe.js';
import { closesEverything, onlyAValidLineDiffers, quotes, undecided, version2 } from './rules/common.js';
import {
  greetsAndMindsNoLine,
  greetsAndMindsTheLine,
  greetsAndTakesALine,
  speaksFirst,
} from './rules/greeting.js';
import * as http from './rules/http.js';
import * as line from './rules/line.js';
import type { Rule } from './rules/rule.js';
import * as send from './rules/send.js';
import * as tls from './rules/tls.js';
import type { Goal, Seen } from './seen.js';

/** The protocol that a backend should speak: `--app`, or the user's own bytes. */
export type Speech = Goal['app'] | 'send';

/** One row of the procedure. */
export interface Row {
  readonly of: readonly Speech[];
  /** The probe to be made, unless there is a recording of it; absent if all is there. */
  readonly look?: ProbeName;
  /** Else the row is passed over. */
  readonly when?: (seen: Seen) => boolean;
  /** The question that the probe answers. */
  readonly shows: string;
  /** Tried in order: the first that decides, or asks for a probe again, ends the row; else the next row follows. */
  readonly rules: readonly Rule[];
}

const answered = (probe: ProbeName, ...kinds: readonly string[]) => {
  return (seen: Seen): boolean => kinds.includes(seen.answer(probe)?.kind ?? '');
};
const not = (condition: (seen: Seen) => boolean) => (seen: Seen) => !condition(seen);

/**
 * The procedure, from top to bottom: which probe, what it rules out, what next. Every comparison is of probes that differ
 * in the prefix only, because only such a comparison shows what the prefix does.
 */
// biome-ignore format: a table, read by the row
export const procedure: readonly Row[] = [
  // Does it speak before a line could arrive?
  { of: ['auto', 'tcp', 'send'], look: 'plain+none', shows: 'whether it greets', rules: [] },
  { of: ['auto', 'tcp'], when: speaksFirst, look: 'v1+none', shows: 'whether the greeter minds a line', rules: [quotes('v1+none'), greetsAndMindsTheLine] },
  { of: ['auto', 'tcp'], when: speaksFirst, look: 'broken+none', shows: 'whether it minds a broken one', rules: [] },
  { of: ['auto', 'tcp'], when: speaksFirst, look: 'plain+word', shows: 'whether it minds any line', rules: [greetsAndMindsNoLine, greetsAndTakesALine] },

  // The user's own bytes: plainly, behind a line, behind a broken one.
  { of: ['send'], look: 'plain+send', shows: 'whether it replies without a line', rules: [] },
  { of: ['send'], look: 'v1+send', shows: 'whether it replies behind one', rules: [quotes('v1+send'), send.repliesPlainlyOnly] },
  { of: ['send'], when: (seen) => send.replied(seen, 'v1+send'), look: 'broken+send', shows: 'whether the line is read, or swallowed', rules: [send.repliesBothWays, send.repliesBehindLineOnly] },
  { of: ['send'], look: 'v2+send', shows: 'whether it wants version 2', rules: [send.repliesBehindVersion2Only] },
  { of: ['send'], shows: 'nothing', rules: [send.repliesNever] },

  // HTTP: plainly, behind a line, behind a broken one.
  { of: ['auto', 'http'], look: 'plain+http', shows: 'whether it speaks HTTP without a line', rules: [] },
  { of: ['auto', 'http'], look: 'v1+http', shows: 'whether it does behind one', rules: [quotes('v1+http'), closesEverything, http.plainRequestOnly] },
  { of: ['auto', 'http'], when: http.brokenLineTells, look: 'broken+http', shows: 'whether the line is read, or swallowed, or an error like any other', rules: [http.requestBothWays, http.requestBehindLineOnly, onlyAValidLineDiffers, http.otherBytes] },
  { of: ['auto', 'http'], when: http.answersBrokenLineToo, look: 'plain+word', shows: 'whether it answers anything', rules: [http.swallowsLines] },
  { of: ['http'], look: 'v2+http', shows: 'whether it wants version 2', rules: [version2('v2+http')] },
  { of: ['http'], shows: 'nothing', rules: [http.noRequestAnswered] },

  // TLS: a handshake plainly, behind a line; then a line inside.
  { of: ['tls'], look: 'plain+tls', shows: 'whether it speaks TLS without a line', rules: [] },
  { of: ['auto'], when: not((seen) => tls.speaksInClear(seen, 'plain')), look: 'plain+tls', shows: 'whether it speaks TLS without a line', rules: [] },
  { of: ['tls'], look: 'v1+tls', shows: 'whether it does behind one', rules: [quotes('v1+tls'), tls.handshakeBothWays, tls.handshakeBehindLineOnly, tls.handshakeBehindLineIsSlow, tls.handshakePlainlyAndAnApplication, tls.alertPlainlyOnly] },
  { of: ['auto'], when: not((seen) => tls.speaksInClear(seen, 'v1')), look: 'v1+tls', shows: 'whether it does behind one', rules: [quotes('v1+tls'), tls.handshakeBothWays, tls.handshakeBehindLineOnly, tls.handshakeBehindLineIsSlow, tls.handshakePlainlyAndAnApplication, tls.alertPlainlyOnly] },
  { of: ['auto', 'tls'], when: answered('plain+tls', 'tls-hello'), look: 'tls+v1', shows: 'whether a line inside makes a difference', rules: [tls.lineInsideIsNothing] },
  { of: ['auto', 'tls'], when: answered('plain+tls', 'tls-hello'), look: 'tls+broken', shows: 'whether it is that line', rules: [tls.lineInsideIsWanted] },
  { of: ['auto', 'tls'], when: tls.alertBehindLine, look: 'broken+tls', shows: 'whether the alert is its answer to anything', rules: [tls.alertBothWays, tls.alertBehindLineOnly] },
  { of: ['tls'], when: answered('plain+tls', 'closed', 'silent'), look: 'v2+tls', shows: 'whether it wants version 2', rules: [version2('v2+tls')] },
  { of: ['tls'], shows: 'nothing', rules: [tls.noHandshake] },

  // The last resort: a valid line, a broken one and a line without meaning, each alone.
  { of: ['auto'], shows: 'that there is nothing to learn', rules: [line.holdsEverything] },
  { of: ['auto', 'tcp'], look: 'v1+none', shows: 'whether it waits for more behind a line', rules: [quotes('v1+none'), line.answersLineWith400] },
  { of: ['auto'], when: line.closesOnLine, look: 'v2+http', shows: 'whether it wants version 2', rules: [version2('v2+http')] },
  { of: ['auto'], when: (seen) => line.closesOnLine(seen) && answered('plain+tls', 'closed')(seen), look: 'v2+tls', shows: 'the same, behind TLS', rules: [version2('v2+tls')] },
  { of: ['auto', 'tcp'], when: line.closesOnLine, shows: 'nothing', rules: [undecided] },
  { of: ['auto', 'tcp'], look: 'broken+none', shows: 'whether it waits behind any line', rules: [line.holdsAnyLine] },
  { of: ['tcp'], when: line.speaksAlikeBehindAnyLine, look: 'plain+http', shows: 'what it says to more lines', rules: [] },
  { of: ['tcp'], when: line.speaksAlikeBehindAnyLine, look: 'v1+http', shows: 'the same behind a line', rules: [] },
  { of: ['tcp'], when: line.speaksAlikeBehindAnyLine, look: 'broken+http', shows: 'whether only the valid line differs', rules: [onlyAValidLineDiffers] },
  { of: ['auto', 'tcp'], when: line.speaksBehindLine, look: 'plain+word', shows: 'whether it speaks behind any line', rules: [line.answersAnyLine, line.speaksBehindValidLineOnly] },
  { of: ['auto', 'tcp'], when: line.oneByteTells, look: 'plain+byte', shows: 'whether it closes before there is anything to read', rules: [line.holdsValidLineAndNot('plain+byte')] },
  { of: ['auto', 'tcp'], look: 'plain+word', shows: 'whether it holds any line but a broken one', rules: [line.holdsValidLineAndNot('plain+word'), line.holdsAllButABrokenLine] },
  { of: ['auto', 'tcp'], shows: 'nothing', rules: [undecided] },
];
