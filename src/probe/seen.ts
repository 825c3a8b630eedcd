import { type Answer, answerOf, insideAnswerOf } from './answer.js';
import type { ProbeName } from './probe.js';
import type { Recording } from './recording.js';
import type { App } from './settings.js';

/** The protocol that the backend should speak, and the user's own bytes. */
export interface Goal {
  readonly app: App;
  /** Whether there are bytes of `--send`. */
  readonly send: boolean;
  /** The bytes that an answer to them must contain. */
  readonly expectReply?: Uint8Array | undefined;
}

/** The recordings of one backend, as the rules look at them. */
export interface Seen {
  readonly goal: Goal;
  readonly recordings: readonly Recording[];
  /** The last answer if a probe was repeated: it had the longer wait. */
  readonly answer: (probe: ProbeName) => Answer | undefined;
  /** The same of several probes. */
  readonly answers: (...probes: readonly ProbeName[]) => readonly (Answer | undefined)[];
  readonly inside: (probe: ProbeName) => Answer | undefined;
  readonly last: (probe: ProbeName) => Recording | undefined;
  readonly times: (probe: ProbeName) => number;
}

/** The recordings so far, for the rules. */
export function seenOf(recordings: readonly Recording[], goal: Goal): Seen {
  const last = (probe: ProbeName) => recordings.findLast((recording) => recording.probe === probe);
  const answer = (probe: ProbeName) => {
    const recording = last(probe);
    return recording && answerOf(recording);
  };
  return {
    goal,
    recordings,
    last,
    answer,
    answers: (...probes) => probes.map(answer),
    inside: (probe) => {
      const recording = last(probe);
      return recording && insideAnswerOf(recording);
    },
    times: (probe) => recordings.filter((recording) => recording.probe === probe).length,
  };
}
