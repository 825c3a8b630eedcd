import { type ApplyOptions, applyPlan } from '../../src/app/apply-plan.js';
import type { AppEvent } from '../../src/app/events.js';
import { type History, history } from '../../src/app/history.js';
import { makePlan, type PlanRequest } from '../../src/app/make-plan.js';
import { makeNetworkPlan, type NetworkPlanRequest } from '../../src/app/network/make-network-plan.js';
import type { Clock, Journal, StillLocked, WriteDependencies } from '../../src/app/ports.js';
import { groupNameOf } from '../../src/core/network/modify-step.js';
import type { Plan } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import type { Report } from '../../src/core/report.js';
import type { Step } from '../../src/core/step.js';
import { ElbProxyError } from '../../src/errors.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from './fake-load-balancing.js';
import type { FakeNetwork } from './fake-network.js';

/** A clock that never waits. */
export interface FakeClock extends Clock {
  readonly slept: number[];
  /** Sets it on, or back. */
  readonly jump: (ms: number) => void;
}

/** Starts one: sleeping only moves it on. */
export function fakeClock(onSleep: (ms: number) => void = () => undefined): FakeClock {
  let time = Date.UTC(2026, 10, 23, 10);
  const slept: number[] = [];
  return {
    slept,
    jump: (ms) => {
      time += ms;
    },
    now: () => new Date(time++),
    sleep: async (ms) => {
      time += ms;
      slept.push(ms);
      onSleep(ms);
    },
  };
}

/** A journal in memory that keeps records as JSON does, and writes them into the same log as the calls. */
export interface FakeJournal extends Journal {
  readonly records: JournalRecord[];
  /** Says of each record whether it can be written. */
  onAppend: (record: JournalRecord, nth: number) => 'pass' | 'fail' | 'hang';
}

/** An empty journal. */
export function fakeJournal(log: string[] = []): FakeJournal {
  const records: JournalRecord[] = [];
  let nth = 0;
  const journal: FakeJournal = {
    records,
    onAppend: () => 'pass',
    holder: { pid: 7, host: 'here' },
    liveness: () => 'over',
    append: async (record) => {
      const verdict = journal.onAppend(record, ++nth);
      if (verdict === 'hang') return new Promise(() => undefined);
      if (verdict === 'fail') {
        log.push(`journal ${record.record} failed`);
        throw new ElbProxyError('the disk is full', { code: 'journal', fault: 'user' });
      }
      log.push(`journal ${inShort(record)}`);
      records.push(JSON.parse(JSON.stringify(record)));
    },
    read: async () => ({ records, warnings: [] }),
  };
  return journal;
}

function inShort(record: JournalRecord): string {
  switch (record.record) {
    case 'begin':
      return 'begin';
    case 'write': {
      return `${record.direction === 'back' ? 'back ' : ''}write ${subjectOf(record.send)}`;
    }
    case 'written':
      return `${record.direction === 'back' ? 'back ' : ''}written ${record.effect}`;
    case 'end':
      return `end ${record.outcome}`;
  }
}

function subjectOf(step: Step): string | number {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
    case 'DeleteLoadBalancerPolicy':
      return step.policyName;
    case 'SetLoadBalancerPoliciesForBackendServer':
      return step.instancePort;
    case 'ModifyTargetGroupAttributes':
      return groupNameOf(step.targetGroupArn);
  }
}

/** A run of a plan against the fakes, with everything that it said. */
export interface Ran {
  readonly report: Report;
  readonly events: readonly AppEvent[];
  readonly journal: FakeJournal;
  readonly history: History;
  /** The outcome of each step of each load balancer. */
  readonly outcomes: readonly (readonly string[])[];
}

/** What a run may be given. */
export interface RunOptions extends ApplyOptions {
  readonly journal?: FakeJournal;
  readonly signal?: AbortSignal;
  readonly onSleep?: (ms: number) => void;
  readonly clock?: FakeClock;
  readonly stillLocked?: StillLocked;
}

let changes = 0;

/** A fake of either kind. */
export type Fake = FakeLoadBalancing | FakeNetwork;

/** What a run needs, put together from fakes. */
export function dependenciesOf(
  fake: Fake,
  {
    journal = fakeJournal(fake.log),
    signal = new AbortController().signal,
    onSleep,
    clock = fakeClock(onSleep),
    stillLocked,
  }: RunOptions = {},
): WriteDependencies & { journal: FakeJournal; events: AppEvent[]; tool: string } {
  const events: AppEvent[] = [];
  return {
    ...apisOf(fake),
    journal,
    clock,
    stillLocked,
    emit: (event) => events.push(event),
    events,
    newChangeId: () => `change-${++changes}`,
    signal,
    tool: 'elb-proxy 1.2.3',
  };
}

function apisOf(fake: Fake): Pick<WriteDependencies, 'api' | 'networkApi'> {
  if ('relisten' in fake)
    return { api: async () => fakeLoadBalancing().api, networkApi: async () => fake.api };
  return { api: async () => fake.api };
}

/** Makes a plan, as `enable edge --target-group blue` would by default; leaves no trace in the log. */
export async function networkPlanned(
  fake: FakeNetwork,
  request: Partial<NetworkPlanRequest> = {},
): Promise<Plan> {
  const { clock, emit } = dependenciesOf(fake);
  const plan = await makeNetworkPlan(
    {
      action: 'enable',
      names: ['edge'],
      groups: { targetGroups: ['blue'] },
      tool: 'elb-proxy 1.2.3',
      ...request,
    },
    { api: fake.api, clock, emit },
  );
  fake.log.length = 0;
  return plan;
}

/** Makes a plan, as `enable web --port 8443` would by default; leaves no trace in the log. */
export async function planned(
  fake: FakeLoadBalancing,
  request: Partial<PlanRequest> & { action?: string } = {},
): Promise<Plan> {
  const { clock, emit } = dependenciesOf(fake);
  const whole = { action: 'enable', names: ['web'], ports: [8443], tool: 'elb-proxy 1.2.3', ...request };
  const plan = await makePlan(whole as PlanRequest, { api: fake.api, clock, emit });
  fake.log.length = 0;
  return plan;
}

/** Carries out a plan. */
export async function carriedOut(fake: Fake, plan: Plan, options: RunOptions = {}): Promise<Ran> {
  const dependencies = dependenciesOf(fake, options);
  const report = await applyPlan(plan, options, dependencies);
  return {
    report,
    events: dependencies.events,
    journal: dependencies.journal,
    history: await history(dependencies.journal),
    outcomes: report.changes.map(({ steps }) => steps.map(({ outcome }) => outcome)),
  };
}
