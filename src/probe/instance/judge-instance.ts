import { type BackendResult, type Target, targetName } from '../../core/verify-result.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import { answerOf } from '../answer.js';
import { classify } from '../classify.js';
import { inconclusive, type Verdict } from '../decision.js';
import { evidenceOf, type Recording } from '../recording.js';
import type { Goal } from '../seen.js';
import type { CarriedThere, Engine, InstanceOutput } from './read-output.js';

/** Everything that is known of a target, from its own instance. */
interface AskedInstance {
  readonly target: Target;
  readonly address: string;
  readonly goal: Goal;
}

/** The result of what an instance recorded, or of why it recorded nothing. */
export function judgeInstance(
  output: InstanceOutput,
  { target, address, goal }: AskedInstance,
): BackendResult {
  const read =
    output.kind === 'failed'
      ? { verdict: inconclusive(output.why, output.advice), used: [] }
      : judged(output.recordings, goal, output.engine);
  const { kind: _, ...said } = read.verdict;
  return {
    ...there(target, address),
    ...(read.used.length === 0 ? {} : { seenFrom: address }),
    ...said,
    evidence: read.used.map(evidenceOf),
  };
}

/** The verdict of a target that could not be asked. */
export function notAsked(target: Target, why: string, advice: string): BackendResult {
  const { kind: _, ...said } = inconclusive(why, advice, 'strong');
  return { ...there(target), ...said, evidence: [] };
}

function there(target: Target, address?: string) {
  const { instanceId } = target;
  return {
    target: targetName(target),
    ...withoutUndefined({ address, instanceId }),
    vantage: { kind: 'instance' as const, ...withoutUndefined({ instanceId }) },
  };
}

/** Hands the recordings to the classifier as it asks for them. */
export function judged(
  recorded: readonly CarriedThere[],
  goal: Goal,
  engine: Engine,
): { readonly verdict: Verdict; readonly used: readonly Recording[] } {
  const left = recorded.map(({ recording }) => recording);
  const used: Recording[] = [];
  for (;;) {
    const decision = classify(used, goal);
    if (decision.kind === 'verdict') return { verdict: asSeen(decision, used, goal, engine), used };
    const next = left.findIndex(({ probe }) => probe === decision.probe);
    const recording = left[next];
    if (recording === undefined)
      return { verdict: asSeen(withoutMore(used, goal), used, goal, engine), used };
    left.splice(next, 1);
    used.push(recording);
  }
}

/** The verdict if a connection is missing that would have settled it, or made it sure. */
function withoutMore(used: readonly Recording[], goal: Goal): Verdict {
  const decision = classify(used, goal, { once: true });
  if (decision.kind === 'verdict')
    return decision.verdict === 'inconclusive' ? decision : { ...decision, confidence: 'weak' };
  if (used.at(-1)?.ended === 'refused') {
    return inconclusive(
      `after ${used.length - 1} connections, one was refused: it may be restarting`,
      'run it again',
    );
  }
  return inconclusive(
    'the connections made from there were not enough to tell',
    'run it again with --app, if you know what the port speaks, or with --send in its protocol',
  );
}

/** A verdict is weaker, or none, if something could not be seen. */
function asSeen(verdict: Verdict, used: readonly Recording[], goal: Goal, engine: Engine): Verdict {
  if (verdict.verdict === 'inconclusive') return seenThere(verdict, used);
  const cut = used.filter(({ received, receivedTotal }) => received.length < Math.min(receivedTotal, 4096));
  const { expectReply } = goal;
  if (
    expectReply !== undefined &&
    cut.some(({ received }) => !Buffer.from(received).includes(Buffer.from(expectReply)))
  ) {
    return inconclusive(
      'an answer was longer than Run Command returns, and its beginning does not contain the expected reply',
      'give --expect-reply text that comes earlier',
    );
  }
  const notes: string[] = [];
  if (cut.some((recording) => answerOf(recording).kind === 'bytes'))
    notes.push('Its answers were compared by their beginnings: Run Command returns no more.');
  const inside = used.some(
    (recording) => recording.unseen === 'inside' && answerOf(recording).kind === 'tls-hello',
  );
  if (verdict.verdict === 'no-proxy' && inside)
    notes.push(`What it does inside TLS was not seen: ${engine} speaks no TLS there.`);
  return notes.length === 0
    ? verdict
    : { ...verdict, confidence: 'weak', notes: [...verdict.notes, ...notes] };
}

/** A failed connection on the instance itself needs other advice. */
function seenThere(verdict: Verdict, used: readonly Recording[]): Verdict {
  switch (used.at(-1)?.ended) {
    case 'refused':
      return {
        ...verdict,
        advice:
          'check that the backend runs, on this port, and listens at this address and not at 127.0.0.1 alone',
      };
    case 'timeout':
    case 'unreachable':
      return {
        ...verdict,
        advice: 'check for a firewall on the instance itself, or give a longer --timeout',
      };
    default:
      return verdict;
  }
}
