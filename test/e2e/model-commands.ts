import { join } from 'node:path';
import { expect } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import { newestHere } from '../../src/app/changes-here.js';
import { type HistoryEntry, history, interruptedChanges } from '../../src/app/history.js';
import { makePlan } from '../../src/app/make-plan.js';
import { settle } from '../../src/app/settle.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import { exitCodeOfReport } from '../../src/cli/exit-codes.js';
import type { Plan } from '../../src/core/plan.js';
import type { Report } from '../../src/core/report.js';
import { ElbProxyError } from '../../src/errors.js';
import { newChangeId } from '../../src/journal/new-change-id.js';
import { readPlanFile, writePlanFile } from '../../src/plan-file/plan-file.js';
import { classicChanges } from '../helpers/classic-changes.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import type { fc } from '../helpers/fast-check.js';
import {
  type Fault,
  isOn,
  key,
  type Lists,
  listsOf,
  lost,
  type Name,
  ports,
  type Real,
  writeAsForeigner,
} from './model-service.js';

const emit = (): void => {};

/**
 * Carries a plan out under faults, and checks everything that can be said about it afterwards; undefined where the run
 * was killed.
 */
async function carryOut(
  plan: Plan,
  real: Real,
  faults: ReadonlyMap<number, Fault>,
): Promise<Report | undefined> {
  const before = listsOf(real.service);
  const known = new Set((await history(real.journal)).changes.map(({ changeId }) => changeId));
  let dead = false;
  const killed = new Promise<undefined>((resolve) => {
    const kill = (): void => {
      dead = true;
      resolve(undefined);
    };
    Object.assign(real.plan, { calls: 0, faults, kill });
  });
  const api = async () => real.api;
  const report = await Promise.race([
    killed,
    applyPlan(
      plan,
      {},
      {
        api,
        // A process that is gone records nothing, and so writes nothing any more.
        journal: {
          ...real.journal,
          append: (record) => (dead ? new Promise(() => undefined) : real.journal.append(record)),
        },
        clock: real.clock,
        emit,
        newChangeId: () => newChangeId(new Date()),
        signal: new AbortController().signal,
        stillLocked: () => {
          real.behindRead();
          return true;
        },
      },
    ),
  ]);
  Object.assign(real.plan, { faults: new Map(), staleUntil: 0, dozes: false });
  expect(lost).toEqual([]);
  if (report === undefined) {
    await expectKnown(real, known);
    return undefined;
  }
  if (!plan.pending) await settle(plan, { journal: real.journal, clock: real.clock, emit });
  const after = listsOf(real.service);
  const code = exitCodeOfReport(report);
  expect(code === 0).toBe(
    report.outcome === 'applied' || (report.outcome === 'unchanged' && report.error === undefined),
  );
  expect(code === 5).toBe(report.outcome === 'partial');
  for (const { loadBalancer, steps } of report.changes) {
    for (const step of steps) {
      if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') continue;
      const at = key(loadBalancer.name, step.instancePort);
      const now = isOn(after.get(at));
      if (step.outcome === 'done') expect([at, now]).toEqual([at, isOn(step.after)]);
      if (step.outcome === 'failed' || step.outcome === 'not-run')
        expect([at, now]).toEqual([at, isOn(before.get(at))]);
      if (step.outcome === 'rolled-back') expect([at, now]).toEqual([at, isOn(step.before)]);
      if (report.outcome === 'applied') expect(step.outcome).toBe('done');
    }
  }
  await expectJournalTrue(report, real, after);
  return report;
}

/** Of a run that was killed, the journal claims no more than is so; one that had not begun yet is not in it. */
async function expectKnown(real: Real, before: ReadonlySet<string>): Promise<void> {
  const begun = (await history(real.journal)).changes.find(({ changeId }) => !before.has(changeId));
  if (begun !== undefined) expectStepsTrue(begun, listsOf(real.service));
}

/** The journal says of each step what is so; what it does not know it does not claim. */
async function expectJournalTrue(report: Report, real: Real, after: Lists): Promise<void> {
  const past = await history(real.journal);
  expect(past.warnings).toEqual([]);
  const own = past.changes.find(({ changeId }) => changeId === report.changeId);
  expect(own === undefined).toBe(report.changeId === null);
  if (own === undefined) return;
  expect(own.outcome).toBe(report.outcome);
  expectStepsTrue(own, after);
}

function expectStepsTrue(own: HistoryEntry, after: Lists): void {
  for (const [index, { loadBalancer, steps }] of own.plan.changes.entries()) {
    for (const [at, step] of steps.entries()) {
      if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') continue;
      const on = isOn(after.get(key(loadBalancer.name, step.instancePort)));
      const state = own.steps[index]?.[at];
      if (state === 'done') expect(on).toBe(isOn(step.after));
      if (state === 'none' || state === 'rolled-back') expect(on).toBe(isOn(step.before));
    }
  }
}

/** What is known of a sequence beside the real system. */
export interface Model {
  /** How many runs were made. */
  runs: number;
  /** Whether another account met a change that was cut off here. */
  cutOff: boolean;
}

/** `enable` or `disable`, and then once more with nothing in the way. */
export class Change implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly action: 'enable' | 'disable',
    readonly on: readonly Name[],
    readonly instancePorts: readonly number[],
    readonly deletePolicy: boolean,
    readonly faults: ReadonlyMap<number, Fault>,
  ) {}

  check = (): boolean => true;

  plan(real: Real): Promise<Plan> {
    const request = { names: this.on, ports: this.instancePorts, tool: 'model' };
    return makePlan(
      this.action === 'enable'
        ? { ...request, action: 'enable' }
        : { ...request, action: 'disable', deletePolicy: this.deletePolicy },
      { api: real.api, clock: real.clock, emit },
    );
  }

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const report = await carryOut(await this.plan(real), real, this.faults);
    outcomes.add(report?.outcome ?? 'killed');
    // What was cut off may be met by the next command as it is.
    if (report !== undefined) await this.reachGoal(real);
  }

  /** Again, with nothing in the way: it reaches the goal. */
  async reachGoal(real: Real): Promise<void> {
    const again = await carryOut(await this.plan(real), real, new Map());
    expect(['applied', 'unchanged']).toContain(again?.outcome);
    for (const name of this.on)
      for (const port of this.instancePorts)
        expect(isOn(listsOf(real.service).get(key(name, port)))).toBe(this.action === 'enable');
  }

  toString = (): string =>
    `${this.action}(${this.on.join()}, ${this.instancePorts.join()}${this.deletePolicy ? ', delete' : ''}, ${JSON.stringify([...this.faults])})`;
}

/** A plan file that is applied after something else has happened, or nothing. */
export class ApplyLater implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly change: Change,
    readonly between: 'nothing' | 'a foreign write' | 'the same change',
    readonly faults: ReadonlyMap<number, Fault>,
  ) {}

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const file = join(await temporaryDirectory(), 'plan.json');
    const made = await this.change.plan(real);
    await writePlanFile(file, made);
    if (this.between === 'a foreign write')
      await writeAsForeigner(
        real.service,
        ports.findIndex((port) => port === this.change.instancePorts[0]),
        this.change.on[0],
      );
    if (this.between === 'the same change') await carryOut(await this.change.plan(real), real, new Map());
    const before = listsOf(real.service);
    const read = await readPlanFile(file);
    expect(read).toEqual(made);
    const report = await carryOut(read, real, this.faults);
    outcomes.add(report?.outcome ?? 'killed');
    if (report !== undefined && this.faults.size === 0 && hasMoved(made, before)) {
      expect([report.outcome, report.error?.code]).toEqual(['refused', 'stale-plan']);
      expect(listsOf(real.service)).toEqual(before);
    }
    // Planned afresh, with nothing in the way, it reaches the goal.
    await this.change.reachGoal(real);
  }

  toString = (): string =>
    `apply(${this.change.toString()}, after ${this.between}, ${JSON.stringify([...this.faults])})`;
}

/** Whether a list that a plan would replace is another one by now. */
function hasMoved({ changes }: Plan, lists: Lists): boolean {
  return changes.some(({ loadBalancer, steps }) =>
    steps.some(
      (step) =>
        step.call === 'SetLoadBalancerPoliciesForBackendServer' &&
        JSON.stringify(step.before) !== JSON.stringify(lists.get(key(loadBalancer.name, step.instancePort))),
    ),
  );
}

/** `undo` of the newest change here. */
export class Undo implements fc.AsyncCommand<Model, Real> {
  constructor(readonly faults: ReadonlyMap<number, Fault>) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const make = async (): Promise<Plan> => {
      const past = await history(real.journal);
      const { newest } = newestHere(past, unknownCaller, [real.relay.endpoint]);
      return makeUndoPlan(changeToUndo(past, newest?.changeId), {
        api: async () => real.api,
        clock: real.clock,
        emit,
        tool: 'model',
      });
    };
    try {
      outcomes.add((await carryOut(await make(), real, this.faults))?.outcome ?? 'killed');
      const again = await carryOut(await make(), real, new Map());
      expect(['applied', 'unchanged']).toContain(again?.outcome);
    } catch (error) {
      // No change was made yet; or somebody has changed a list since, or the policy is gone, and that is said.
      if (!(error instanceof ElbProxyError)) throw error;
      expect(['usage', 'stale-plan']).toContain(error.code);
    }
  }

  toString = (): string => `undo(${JSON.stringify([...this.faults])})`;
}

/** How runs have ended. */
export const outcomes = new Set<string>();

const unknownCaller = { why: 'nobody was asked', asked: false } as const;

/**
 * The same commands in another account, whose load balancers have the same names: nothing of the first account's
 * changes is ended, and none of them is undone there.
 */
export class Elsewhere implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly action: 'enable' | 'disable',
    readonly on: readonly Name[],
    readonly instancePorts: readonly number[],
  ) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(model: Model, real: Real): Promise<void> {
    const { api, service } = real.elsewhere;
    const open = async () => interruptedChanges(await history(real.journal));
    const [before, there] = [await open(), listsOf(real.service)];
    if (before.length > 0) model.cutOff = true;
    // The very request that was cut off here is the one that could be taken for it.
    const cutOff = before.flatMap(({ plan: { action, changes } }) =>
      action === 'undo'
        ? []
        : [
            {
              action,
              names: changes.map(({ loadBalancer }) => loadBalancer.name),
              ports: [
                ...new Set(classicChanges({ changes }).flatMap(({ affects }) => affects.instancePorts)),
              ],
            },
          ],
    );
    for (const request of [{ action: this.action, names: this.on, ports: this.instancePorts }, ...cutOff]) {
      // Twice: the first changes something, the second finds nothing to do, and settles what it can.
      for (let round = 0; round < 2; round++) {
        const plan = await makePlan({ ...request, tool: 'model' }, { api, clock: real.clock, emit });
        const { journal, clock } = real;
        const newId = () => newChangeId(new Date());
        const signal = new AbortController().signal;
        await applyPlan(plan, {}, { api: async () => api, journal, clock, emit, newChangeId: newId, signal });
        if (!plan.pending) await settle(plan, { journal, clock, emit });
      }
    }
    const ids = (changes: readonly HistoryEntry[]) => changes.map(({ changeId }) => changeId);
    expect(ids(await open())).toEqual(ids(before));
    expect(listsOf(real.service)).toEqual(there);
    const here = listsOf(service);
    for (const change of (await history(real.journal)).changes) {
      if (change.plan.endpoint !== real.relay.endpoint) continue;
      const made = makeUndoPlan(change, { api: async () => api, clock: real.clock, emit, tool: 'model' });
      const steps = await made.then(
        (undo) => classicChanges(undo).flatMap((one) => one.steps),
        (error: unknown) => (error instanceof ElbProxyError ? error.code : error),
      );
      expect([[], 'stale-plan']).toContainEqual(steps);
    }
    expect(listsOf(service)).toEqual(here);
  }

  toString = (): string => `elsewhere(${this.action}, ${this.on.join()}, ${this.instancePorts.join()})`;
}
