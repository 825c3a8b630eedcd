import { ask, type Decision, inconclusive, type Verdict } from './decision.js';
import { procedure, type Speech } from './procedure.js';
import { type Recording, stood } from './recording.js';
import { undecided } from './rules/common.js';
import { greetingToAwait } from './rules/greeting.js';
import { type Goal, type Seen, seenOf } from './seen.js';
import { askAgain, unsteady } from './steady.js';

/** Connections to one target. */
export const mostProbes = 8;

/** Milliseconds before a connection is tried again that was refused after others were taken. */
const restartMs = 1000;

/** The verdict that the recordings prove, or the next probe. `once`: no probe can be repeated to be sure. */
export function classify(
  recordings: readonly Recording[],
  goal: Goal,
  { once = false }: { readonly once?: boolean } = {},
): Decision {
  const seen = seenOf(recordings.filter(stood), goal);
  const lost = unreachable(recordings);
  if (lost === 'again') return bounded(withGreeting(decide(seen), seen, restartMs), recordings);
  const decision = lost ?? unsteady(seen) ?? decide(seen);
  if (decision.kind === 'ask') return bounded(withGreeting(decision, seen), recordings);
  const more = !once && recordings.length < mostProbes ? askAgain(seen, decision) : undefined;
  return more === undefined ? withLateGreeting(decision, seen) : withGreeting(more, seen);
}

/** Walks the table. */
function decide(seen: Seen): Decision {
  const { app, send } = seen.goal;
  const speech: Speech = send && app !== 'tls' ? 'send' : app;
  for (const { of, look, when, rules } of procedure) {
    if (!of.includes(speech) || when?.(seen) === false) continue;
    if (look !== undefined && seen.last(look) === undefined) return ask(look);
    for (const rule of rules) {
      const decision = rule(seen);
      if (decision !== undefined) return decision;
    }
  }
  return undecided(seen) as Verdict;
}

function bounded(decision: Decision, { length }: readonly Recording[]): Decision {
  if (decision.kind === 'verdict' || length < mostProbes) return decision;
  return inconclusive(
    `${mostProbes} connections were not enough to tell`,
    'run it again, with a longer --timeout or with --app if you know what the port speaks',
  );
}

function withGreeting(decision: Decision, seen: Seen, afterMs = 0): Decision {
  if (decision.kind === 'verdict') return decision;
  const greeting = greetingToAwait(seen, decision.probe);
  return { ...decision, afterMs, ...(greeting === undefined ? {} : { greeting }) };
}

/** Where bytes came later than a greeting was waited for, they may have been one. */
function withLateGreeting(verdict: Verdict, { last, recordings }: Seen): Verdict {
  const waited = last('plain+none');
  if (verdict.verdict !== 'inconclusive' || waited === undefined || waited.received.length > 0)
    return verdict;
  const late = recordings.some(({ received, ms }) => received.length > 0 && ms > waited.ms);
  return late
    ? { ...verdict, advice: `${verdict.advice}; or, if it greets late, give a longer --banner-wait` }
    : verdict;
}

/** `again`: a listener may be restarting, where connections were taken before and one is refused. */
function unreachable(recordings: readonly Recording[]): Verdict | 'again' | undefined {
  const last = recordings.at(-1);
  const taken = recordings.filter(stood).length;
  const before = taken === 0 ? '' : `after ${taken} ${taken === 1 ? 'probe' : 'probes'}, `;
  switch (last?.ended) {
    case 'refused':
      if (taken > 0 && recordings.length - taken === 1) return 'again';
      return inconclusive(
        `${before}the connection was refused: nothing listens there`,
        'check that the backend is running, and that this is its instance port',
        'strong',
      );
    case 'timeout':
      return inconclusive(
        `${before}the connection was not established in time`,
        'check security groups, network ACLs and routes from this machine, or give a longer --timeout',
        'strong',
      );
    case 'unreachable':
      return inconclusive(
        `${before}that address cannot be reached from here`,
        "run this from a machine in the backend's network",
        'strong',
      );
    default:
      return undefined;
  }
}
