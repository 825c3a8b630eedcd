import { type Answer, answerOf, insideAnswerOf } from './answer.js';
import type { Observation } from './observation.js';
import type { ProbeName } from './probe.js';

/** What the backend is held to speak, and what the user brought along. */
export interface Goal {
  readonly app: 'auto' | 'http' | 'tls' | 'tcp';
  /** Whether there are bytes of `--send`. */
  readonly send: boolean;
  /** What an answer to them must contain. */
  readonly expectReply?: Uint8Array | undefined;
}

/** The observations of one backend, as the rules look at them. */
export interface Case {
  readonly goal: Goal;
  readonly observations: readonly Observation[];
  /** Of a probe that was made again, the last answer: it had the longer wait. */
  readonly answer: (probe: ProbeName) => Answer | undefined;
  readonly inside: (probe: ProbeName) => Answer | undefined;
  readonly last: (probe: ProbeName) => Observation | undefined;
  readonly times: (probe: ProbeName) => number;
}

/** The observations so far as a case. */
export function caseOf(observations: readonly Observation[], goal: Goal): Case {
  const last = (probe: ProbeName) => observations.findLast((observation) => observation.probe === probe);
  return {
    goal,
    observations,
    last,
    answer: (probe) => {
      const observation = last(probe);
      return observation && answerOf(observation);
    },
    inside: (probe) => {
      const observation = last(probe);
      return observation && insideAnswerOf(observation);
    },
    times: (probe) => observations.filter((observation) => observation.probe === probe).length,
  };
}
