import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import { history } from '../../src/app/history.js';
import { makePlan } from '../../src/app/make-plan.js';
import type { ElasticLoadBalancing, Journal } from '../../src/app/ports.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import { openElasticLoadBalancing } from '../../src/aws/open-elastic-load-balancing.js';
import { newChangeId } from '../../src/cli/change/new-change-id.js';
import { exitCodeOfReport } from '../../src/cli/exit-codes.js';
import type { Plan } from '../../src/core/plan.js';
import type { Report } from '../../src/core/report.js';
import { ElbProxyError } from '../../src/errors.js';
import { openJournal } from '../../src/journal/journal.js';
import { readPlanFile, writePlanFile } from '../../src/plan-file/plan-file.js';
import { byBudget, seed } from '../helpers/budget.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { fc } from '../helpers/fast-check.js';
import { type Relay, startRelay, type Verdict } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

// The use cases over real HTTP, through a relay that tampers, against the local service, with another writer at any
// call: sequences of commands by a model. `MODEL_RUNS` makes it any number of sequences.

const numRuns = Number(process.env['MODEL_RUNS'] ?? byBudget(60, 300));
/** What the waiting of a run is divided by, so that a read that is behind may still catch up in a test. */
const haste = 100;
/** For how long a read is behind, in milliseconds: less than a run waits in all. */
const staleMs = 20;
const names = ['web', 'zoo'] as const;
const ports = [8443, 9443, 9444] as const;
type Name = (typeof names)[number];

/**
 * What happens to one call. `stale`: this read shows what the last one showed; `stale-for-a-while`: so do the reads of
 * this load balancer for some time. `foreign`: another operator puts his policy on a port, or takes it off, just before.
 */
const kindsOfFault = [
  'throttle',
  'html',
  'unavailable',
  'denied',
  'cut-before',
  'cut-after',
  'truncated',
  'delay',
  'stale',
  'stale-for-a-while',
  'foreign',
] as const;
type Fault = (typeof kindsOfFault)[number];

const faultArbitrary = fc.constantFrom(...kindsOfFault);
/** By the number of the call in its run. */
const faultsArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 45 }), faultArbitrary), { maxLength: 5 })
  .map((entries) => new Map(entries));

type Lists = ReadonlyMap<string, readonly string[]>;

/** The real system of one sequence. */
interface Real {
  readonly service: Service;
  readonly relay: Relay;
  readonly api: ElasticLoadBalancing;
  readonly journal: Journal;
  /** What is to happen to the calls of the run that is under way. */
  plan: {
    calls: number;
    faults: ReadonlyMap<number, Fault>;
    last: Lists;
    answer: { body: string; lists: Lists } | undefined;
    staleUntil: number;
  };
}

const key = (name: string, port: number): string => `${name}/${port}`;
const foreignPolicies = new Set(['z-auth', 'b-auth', 'foreign']);
const others = (list: readonly string[] = []): readonly string[] =>
  list.filter((policy) => foreignPolicies.has(policy));
const isOn = (list: readonly string[] = []): boolean => list.some((policy) => !foreignPolicies.has(policy));

/** Every list, as the service has it at this moment. */
function listsOf(service: Service): Lists {
  return new Map(
    service.local
      .loadBalancers()
      .flatMap(({ loadBalancerName, backendPolicies }) =>
        ports.map(
          (port) =>
            [
              key(loadBalancerName, port),
              backendPolicies.find(({ instancePort }) => instancePort === port)?.policyNames ?? [],
            ] as const,
        ),
      ),
  );
}

/** @param writesOnce whether a write has one try as a read has, as AWS_MAX_ATTEMPTS=1 says, or its own number of them */
async function startReal(writesOnce: boolean): Promise<Real> {
  const loadBalancer = (name: Name) => ({
    name,
    listeners: ports.map((instancePort, index) => ({
      protocol: 'TCP',
      loadBalancerPort: 443 + index,
      instancePort,
    })),
    policies: [
      { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
      ...[...foreignPolicies].map((policyName) => ({
        policyName,
        policyTypeName: 'BackendServerAuthenticationPolicyType',
        attributes: { PublicKeyPolicyName: 'key' },
      })),
    ],
    backendPolicies: [
      { instancePort: 8443, policyNames: ['z-auth', 'b-auth'] },
      { instancePort: 9443, policyNames: ['b-auth'] },
    ],
    healthCheck: { target: 'TCP:8443' },
  });
  const service = await startService({ loadBalancers: names.map(loadBalancer) });
  const real: { current?: Real } = {};
  const relay = await startRelay(service.endpoint, ({ action, parameters }) =>
    tamper(action, parameters, real.current),
  );
  const opened = await openElasticLoadBalancing({
    region: 'us-east-1',
    endpointUrl: relay.endpoint,
    env: { AWS_ACCESS_KEY_ID: 'model', AWS_SECRET_ACCESS_KEY: 'model', AWS_MAX_ATTEMPTS: '1' },
  });
  const api = writesOnce ? opened : { ...opened, maxAttempts: undefined };
  const journal = openJournal({
    directory: await temporaryDirectory(),
    holder: { pid: process.pid, host: 'model' },
    isAlive: () => false,
  });
  real.current = {
    service,
    relay,
    api,
    journal,
    plan: { calls: 0, faults: new Map(), last: new Map(), answer: undefined, staleUntil: 0 },
  };
  return real.current;
}

async function tamper(action: string, parameters: URLSearchParams, real: Real | undefined): Promise<Verdict> {
  if (real === undefined) return 'pass';
  const { service, plan } = real;
  plan.calls++;
  const fault = plan.faults.get(plan.calls);
  if (fault === 'foreign') await writeAsForeigner(service, plan.calls);
  if (fault === 'delay') await sleep(10);
  if (fault === 'stale-for-a-while') plan.staleUntil = performance.now() + staleMs;
  const verdict = await verdictOf(fault, action, service, parameters, plan);
  const carriedOut = verdict === 'pass' || verdict === 'cut-after';
  if (carriedOut && action === 'SetLoadBalancerPoliciesForBackendServer')
    expectNothingLost(parameters, plan.last);
  if (carriedOut && action === 'DescribeLoadBalancers') plan.last = listsOf(service);
  return verdict;
}

async function verdictOf(
  fault: Fault | undefined,
  action: string,
  service: Service,
  parameters: URLSearchParams,
  plan: Real['plan'],
): Promise<Verdict> {
  switch (fault) {
    case 'throttle':
      return { error: 'Throttling', message: 'Rate exceeded' };
    case 'denied':
      return action.startsWith('Describe') ? 'pass' : { error: 'AccessDenied', status: 403 };
    case 'unavailable':
      return { error: 'ServiceUnavailable', status: 503 };
    case 'html':
      return { status: 500, body: '<html><body>Internal Server Error</body></html>' };
    case 'truncated':
      return { status: 200, body: '<DescribeLoadBalancersResponse xmlns="http://elastic' };
    case 'cut-before':
    case 'cut-after':
      return fault;
    case 'delay':
    case 'stale':
    case 'stale-for-a-while':
    case 'foreign':
    case undefined: {
      if (action !== 'DescribeLoadBalancers') return 'pass';
      // The same answer as the last time this load balancer was asked for: a read that is behind.
      const { answer, staleUntil } = plan;
      const isStale = fault === 'stale' || performance.now() < staleUntil;
      if (
        isStale &&
        answer?.body.includes(`<LoadBalancerName>${parameters.get('LoadBalancerNames.member.1')}<`)
      ) {
        plan.last = answer.lists;
        return { status: 200, body: answer.body };
      }
      // Kept for a read that is to be behind.
      const lists = listsOf(service);
      const answered = await fetch(service.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: parameters.toString(),
      });
      plan.answer = { body: await answered.text(), lists };
      return 'pass';
    }
  }
}

/** Another operator, who reads and writes in one breath, puts his policy on a port or takes it off. */
async function writeAsForeigner(
  service: Service,
  which: number,
  name: Name = names[which % names.length] ?? 'web',
): Promise<void> {
  const port = ports[which % ports.length] ?? 8443;
  const list = listsOf(service).get(key(name, port)) ?? [];
  await service.setList(
    port,
    list.includes('foreign') ? list.filter((policy) => policy !== 'foreign') : [...list, 'foreign'],
    name,
  );
}

/** A write of ours holds every policy of others that stood there at our last read, in its order. */
function expectNothingLost(parameters: URLSearchParams, last: Lists): void {
  const name = parameters.get('LoadBalancerName') ?? '';
  const port = Number(parameters.get('InstancePort'));
  const written = [...parameters]
    .filter(([field]) => /^PolicyNames\.member\.\d+$/.test(field))
    .map(([, policy]) => policy);
  if (JSON.stringify(others(written)) !== JSON.stringify(others(last.get(key(name, port)))))
    lost.push(`${key(name, port)}: ${written.join()} in place of ${last.get(key(name, port))?.join()}`);
}

const lost: string[] = [];
const clock = { now: () => new Date(), sleep: (ms: number): Promise<void> => sleep(ms / haste) };
const emit = (): void => {};

/** Carries a plan out under faults, and checks everything that can be said about it afterwards. */
async function carryOut(plan: Plan, real: Real, faults: ReadonlyMap<number, Fault>): Promise<Report> {
  const before = listsOf(real.service);
  Object.assign(real.plan, { calls: 0, faults });
  const api = async () => real.api;
  const report = await applyPlan(
    plan,
    {},
    {
      api,
      journal: real.journal,
      clock,
      emit,
      newChangeId: () => newChangeId(new Date()),
      signal: new AbortController().signal,
    },
  );
  Object.assign(real.plan, { faults: new Map(), staleUntil: 0 });
  expect(lost).toEqual([]);
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

/** The journal says of each step what is so; what it does not know it does not claim. */
async function expectJournalTrue(report: Report, real: Real, after: Lists): Promise<void> {
  const past = await history(real.journal);
  expect(past.warnings).toEqual([]);
  const own = past.changes.find(({ changeId }) => changeId === report.changeId);
  expect(own === undefined).toBe(report.changeId === null);
  if (own === undefined) return;
  expect(own.outcome).toBe(report.outcome);
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

interface Model {
  /** How many runs were made. */
  runs: number;
}

class Change implements fc.AsyncCommand<Model, Real> {
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
      { api: real.api, clock, emit },
    );
  }

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const report = await carryOut(await this.plan(real), real, this.faults);
    outcomes.add(report.outcome);
    await this.reachGoal(real);
  }

  /** Again, with nothing in the way: it reaches the goal. */
  async reachGoal(real: Real): Promise<void> {
    const again = await carryOut(await this.plan(real), real, new Map());
    expect(['applied', 'unchanged']).toContain(again.outcome);
    for (const name of this.on)
      for (const port of this.instancePorts)
        expect(isOn(listsOf(real.service).get(key(name, port)))).toBe(this.action === 'enable');
  }

  toString = (): string =>
    `${this.action}(${this.on.join()}, ${this.instancePorts.join()}${this.deletePolicy ? ', delete' : ''}, ${JSON.stringify([...this.faults])})`;
}

/** A plan file that is applied after something else has happened, or nothing. */
class ApplyLater implements fc.AsyncCommand<Model, Real> {
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
    outcomes.add(report.outcome);
    if (this.faults.size === 0 && hasMoved(made, before)) {
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

class Undo implements fc.AsyncCommand<Model, Real> {
  constructor(readonly faults: ReadonlyMap<number, Fault>) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const make = async (): Promise<Plan> =>
      makeUndoPlan(changeToUndo(await history(real.journal), undefined), {
        api: async () => real.api,
        clock,
        emit,
        tool: 'model',
      });
    try {
      outcomes.add((await carryOut(await make(), real, this.faults)).outcome);
      const again = await carryOut(await make(), real, new Map());
      expect(['applied', 'unchanged']).toContain(again.outcome);
    } catch (error) {
      // No change was made yet; or somebody has changed a list since, or the policy is gone, and that is said.
      if (!(error instanceof ElbProxyError)) throw error;
      expect(['usage', 'stale-plan']).toContain(error.code);
    }
  }

  toString = (): string => `undo(${JSON.stringify([...this.faults])})`;
}

const outcomes = new Set<string>();

it(`${numRuns} sequences of commands under faults and a foreign writer: nothing is lost, the report and the journal tell the truth, a rerun reaches the goal`, async () => {
  const change = fc
    .tuple(
      fc.constantFrom('enable' as const, 'disable' as const),
      fc.subarray([...names], { minLength: 1 }),
      fc.subarray([...ports], { minLength: 1 }),
      fc.boolean(),
      faultsArbitrary,
    )
    .map((fields) => new Change(...fields));
  const between = fc.constantFrom('nothing' as const, 'a foreign write' as const, 'the same change' as const);
  const commands = fc.commands(
    [
      change,
      fc.tuple(change, between, faultsArbitrary).map((fields) => new ApplyLater(...fields)),
      faultsArbitrary.map((found) => new Undo(found)),
    ],
    { maxCommands: 3 },
  );
  const property = fc.asyncProperty(commands, fc.boolean(), async (sequence, writesOnce) => {
    lost.length = 0;
    const real = await startReal(writesOnce);
    try {
      await fc.asyncModelRun(() => ({ model: { runs: 0 }, real }), sequence);
    } finally {
      await real.relay[Symbol.asyncDispose]();
      await real.service[Symbol.asyncDispose]();
    }
  });
  // The sequences reach every way in which a run can end; the rarest of them may take some more of a small budget.
  const ends = ['applied', 'partial', 'refused', 'rolled-back', 'unchanged'];
  for (let round = 0; round === 0 || (round < 6 && !ends.every((end) => outcomes.has(end))); round++)
    await fc.assert(property, { numRuns, seed: seed + round });
  if (numRuns >= 60) expect([...outcomes].toSorted()).toEqual(expect.arrayContaining(ends));
}, 900_000);
