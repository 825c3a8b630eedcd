import { expect } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import { type HistoryEntry, history } from '../../src/app/history.js';
import { settle } from '../../src/app/settle.js';
import { exitCodeOfReport } from '../../src/cli/exit-codes.js';
import type { Liveness } from '../../src/core/liveness.js';
import type { Plan } from '../../src/core/plan.js';
import type { Report } from '../../src/core/report.js';
import { newChangeId } from '../../src/journal/new-change-id.js';
import { behindRead, type Faults, lost } from './model-faults.js';
import type { Process } from './model-hosts.js';
import type { Account, Real } from './model-service.js';
import { isOn, type Lists, listsOf, switchesIn } from './model-state.js';

/** How runs have ended. */
export const outcomes = new Set<string>();

/** What a run needs beside its plan. */
export interface Running {
  readonly process: Process;
  readonly faults?: Faults;
  /** The first unless said otherwise; what it finds is only checked there. */
  readonly account?: Account;
}

const never = new Promise<never>(() => undefined);

/**
 * Carries a plan out under faults, and checks everything that can be said about it afterwards; undefined where the run
 * was killed or frozen.
 */
export async function carryOut(
  plan: Plan,
  real: Real,
  { process, faults = new Map(), account = real.mine }: Running,
): Promise<Report | undefined> {
  const before = listsOf(real.service);
  const journal = real.journalOf(process);
  const known = new Set((await history(journal)).changes.map(({ changeId }) => changeId));
  let stopped = false;
  const stop = new Promise<undefined>((resolve) => {
    const stopFor = (how: 'killed' | 'frozen'): void => {
      stopped = true;
      if (how === 'killed') process.end();
      // Half of the time its number is another program's at once; else the next run gets it.
      if (how === 'killed' && real.plan.calls % 2 === 0) real.start(process.host);
      resolve(undefined);
    };
    Object.assign(real.plan, { calls: 0, faults, stop: stopFor });
  });
  const report = await Promise.race([
    stop,
    applyPlan(
      plan,
      {},
      {
        api: account.api,
        networkApi: account.networkApi,
        // A process that is gone records nothing and does not wait, and so calls nothing any more.
        journal: {
          ...journal,
          append: async (record) => {
            if (stopped) return never;
            if (record.record === 'begin') {
              real.processes.set(record.changeId, process);
              real.accounts.set(record.changeId, account);
            }
            return journal.append(record);
          },
        },
        clock: { ...real.clock, sleep: (ms) => (stopped ? never : real.clock.sleep(ms)) },
        emit: () => undefined,
        newChangeId: () => newChangeId(new Date()),
        signal: new AbortController().signal,
        stillLocked: () => {
          behindRead(real.plan, real.service);
          return true;
        },
      },
    ),
  ]);
  Object.assign(real.plan, { faults: new Map(), staleUntil: 0, dozes: false });
  expect(lost).toEqual([]);
  outcomes.add(report?.outcome ?? 'killed');
  if (report === undefined) {
    await expectKnown(real, known, journal, before);
    return undefined;
  }
  if (!plan.pending) await settle(plan, { journal, clock: real.clock, emit: () => undefined });
  process.end();
  if (account !== real.mine) return report;
  const after = listsOf(real.service);
  expectReportTrue(report, before, after);
  await expectJournalTrue(report, journal, before, after);
  return report;
}

function expectReportTrue(report: Report, before: Lists, after: Lists): void {
  const code = exitCodeOfReport(report);
  expect(code === 0).toBe(
    report.outcome === 'applied' || (report.outcome === 'unchanged' && report.error === undefined),
  );
  expect(code === 5).toBe(report.outcome === 'partial');
  for (const change of report.changes) {
    for (const { index, at, before: was, after: becomes } of switchesIn(change)) {
      const outcome = change.steps[index]?.outcome;
      const now = [at, isOn(after.get(at))];
      if (outcome === 'done') expect(now).toEqual([at, isOn(becomes)]);
      if (outcome === 'failed' || outcome === 'not-run') expect(now).toEqual([at, isOn(before.get(at))]);
      if (outcome === 'rolled-back') expect(now).toEqual([at, isOn(was)]);
      if (report.outcome === 'applied') expect(outcome).toBe('done');
    }
  }
}

type Journal = ReturnType<Real['journalOf']>;

/** Of a run that was stopped, the journal claims no more than is so; one that had not begun yet is not in it. */
async function expectKnown(
  real: Real,
  known: ReadonlySet<string>,
  journal: Journal,
  before: Lists,
): Promise<void> {
  const begun = (await history(journal)).changes.find(({ changeId }) => !known.has(changeId));
  if (begun !== undefined) expectStepsTrue(begun, before, listsOf(real.service));
}

/** The journal says of each step what is so; what it does not know it does not claim. */
async function expectJournalTrue(
  report: Report,
  journal: Journal,
  before: Lists,
  after: Lists,
): Promise<void> {
  const past = await history(journal);
  expect(past.warnings).toEqual([]);
  const own = past.changes.find(({ changeId }) => changeId === report.changeId);
  expect(own === undefined).toBe(report.changeId === null);
  if (own === undefined) return;
  expect(own.outcome).toBe(report.outcome);
  expectStepsTrue(own, before, after);
}

function expectStepsTrue(own: HistoryEntry, before: Lists, after: Lists): void {
  for (const [index, change] of own.plan.changes.entries()) {
    for (const { index: nth, at, before: was, after: becomes } of switchesIn(change)) {
      const on = isOn(after.get(at));
      const state = own.steps[index]?.[nth];
      if (state === 'done') expect(on).toBe(isOn(becomes));
      // Nothing of the run's own is in effect: what is there is what was there, also where it knew that from an old read.
      if (state === 'none') expect(on).toBe(isOn(before.get(at)));
      if (state === 'rolled-back') expect(on).toBe(isOn(was));
    }
  }
}

/**
 * Every host says of each change without an end what it can know: of its own processes whether they go on, however
 * often their numbers have come round; of the others' nothing.
 */
export async function expectSightsTrue(real: Real): Promise<void> {
  for (const host of real.hosts) {
    const viewer = host.start();
    const { changes } = await history(real.journalOf(viewer));
    for (const { changeId, outcome, liveness } of changes)
      if (outcome === 'open')
        expect([changeId, liveness]).toEqual([changeId, livenessFrom(viewer, real.processes.get(changeId))]);
    viewer.end();
  }
}

/** What a process can know of the one that began a change. */
export function livenessFrom(viewer: Process, of: Process | undefined): Liveness {
  if (of?.host !== viewer.host) return 'unknown';
  return of.isAlive() ? 'running' : 'over';
}
