import type { GuardCheck, GuardNote, GuardReport } from './report.js';

/** Consecutive checks of one target with the same result, counted. */
export interface CountedCheck extends Omit<GuardCheck, 'ms'> {
  /** When the last of them was made; ISO 8601, UTC. `at` is the first. */
  readonly until: string;
  readonly times: number;
}

/** The results of a run's guards, small enough for one line of the journal. */
export interface GuardSummary {
  readonly probes: readonly string[];
  /** In the order in which they began. */
  readonly checks: readonly CountedCheck[];
  readonly notes?: readonly GuardNote[] | undefined;
  /** How many checks and notes were dropped for lack of room. */
  readonly omitted?: number | undefined;
}

/** Bounds of a summary: longer lists are cut, longer texts end in an ellipsis. */
export const guardBounds = { probes: 50, checks: 100, notes: 20, text: 500 } as const;

/** Summarises a report. If it is too long, failures are kept first, then the newest checks. */
export function summariseGuard({ probes, checks, notes = [] }: GuardReport): GuardSummary {
  const counted = countChecks(checks).map(shortened);
  const kept = mostTelling(counted);
  const keptNotes = notes
    .slice(-guardBounds.notes)
    .map((note) => ({ ...note, probe: cut(note.probe), message: cut(note.message) }));
  const omitted = counted.length - kept.length + notes.length - keptNotes.length;
  return {
    probes: probes.slice(0, guardBounds.probes).map(cut),
    checks: kept,
    ...(keptNotes.length === 0 ? {} : { notes: keptNotes }),
    ...(omitted === 0 ? {} : { omitted }),
  };
}

function countChecks(checks: readonly GuardCheck[]): readonly CountedCheck[] {
  const counted: CountedCheck[] = [];
  const last = new Map<string, number>();
  for (const { ms: _, ...check } of checks) {
    const { at, passed, seen, ...where } = check;
    const key = JSON.stringify(where);
    const index = last.get(key);
    const before = index === undefined ? undefined : counted[index];
    if (index !== undefined && before?.passed === passed && before.seen === seen)
      counted[index] = { ...before, until: at, times: before.times + 1 };
    else last.set(key, counted.push({ ...check, until: at, times: 1 }) - 1);
  }
  return counted;
}

function mostTelling(counted: readonly CountedCheck[]): readonly CountedCheck[] {
  if (counted.length <= guardBounds.checks) return counted;
  const byWeight = counted.toReversed().toSorted((a, b) => Number(a.passed) - Number(b.passed));
  const kept = new Set(byWeight.slice(0, guardBounds.checks));
  return counted.filter((check) => kept.has(check));
}

function shortened(check: CountedCheck): CountedCheck {
  return { ...check, probe: cut(check.probe), target: cut(check.target), seen: cut(check.seen) };
}

function cut(text: string): string {
  return text.length <= guardBounds.text ? text : `${text.slice(0, guardBounds.text - 1)}…`;
}
