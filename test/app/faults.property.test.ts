import { describe, expect, it } from 'vitest';
import { history } from '../../src/app/history.js';
import { makeUndoPlan } from '../../src/app/undo.js';
import type { LoadBalancer } from '../../src/core/model.js';
import type { Plan } from '../../src/core/plan.js';
import { simulate, simulateStep } from '../../src/core/simulate.js';
import type { ClassicStep } from '../../src/core/step.js';
import { byBudget, seed } from '../helpers/budget.js';
import { classicChanges } from '../helpers/classic-changes.js';
import { fc } from '../helpers/fast-check.js';
import { type FakeLoadBalancing, fakeLoadBalancing, type Verdict } from './fake-load-balancing.js';
import { carriedOut, dependenciesOf, fakeJournal, planned, type Ran } from './run.js';
import { loadBalancer, names, others, ports, request } from './scenario.js';

const fault: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom<Verdict>('throttled', 'lost-before', 'lost-after'),
  fc.constantFrom<Verdict>({ error: 'AccessDenied' }, { error: 'InternalFailure' }),
);
/** What becomes of the nth call, for the calls that do not simply pass. */
const faults = (verdict = fault) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 40 }), verdict), { maxLength: 6 })
    .map((entries) => new Map(entries));
/** The records that can't be written: some, or all from one on. */
const journalFaults = fc.oneof(
  { weight: 3, arbitrary: fc.constant(() => false) },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 })
      .map((some) => (nth: number) => some.includes(nth)),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 12 }).map((first) => (nth: number) => nth >= first),
  },
);

const scenario = fc.record({
  web: loadBalancer('web'),
  zoo: loadBalancer('zoo'),
  request,
  faults: faults(),
  journalFails: journalFaults,
  abortAt: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 3 }),
  lag: fc.integer({ min: 0, max: 3 }),
  rollback: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Starts as the scenario says and runs its plan; `before` may prepare more once the plan is made. */
async function run(
  given: Scenario,
  before: (fake: FakeLoadBalancing, plan: Plan) => void = () => undefined,
): Promise<{ fake: FakeLoadBalancing; plan: Plan; ran: Ran }> {
  const fake = fakeLoadBalancing(given.web, given.zoo);
  const plan = await planned(fake, given.request);
  const controller = new AbortController();
  const journal = fakeJournal(fake.log);
  journal.onAppend = (_record, nth) => (given.journalFails(nth) ? 'fail' : 'pass');
  fake.lag = given.lag;
  fake.onCall = ({ count }) => {
    if (count === given.abortAt) controller.abort();
    return given.faults.get(count) ?? 'pass';
  };
  before(fake, plan);
  const { rollback } = given;
  return { fake, plan, ran: await carriedOut(fake, plan, { journal, rollback, signal: controller.signal }) };
}

const visible = ({ backendServers, policies }: LoadBalancer) => ({
  lists: backendServers.toSorted((a, b) => a.instancePort - b.instancePort),
  policies: (policies ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
});

/** Whether a state is what some steps make of the start, those in doubt being in effect or not. */
function explains(
  start: LoadBalancer,
  now: LoadBalancer,
  steps: readonly (readonly [step: ClassicStep, inEffect: 'yes' | 'no' | 'doubt'])[],
): boolean {
  const [doubtful] = steps.flatMap(([, inEffect], index) => (inEffect === 'doubt' ? [index] : []));
  if (doubtful === undefined) {
    const done = steps.flatMap(([step, inEffect]) => (inEffect === 'yes' ? [step] : []));
    return JSON.stringify(visible(simulate(start, done))) === JSON.stringify(visible(now));
  }
  return (['yes', 'no'] as const).some((known) =>
    explains(
      start,
      now,
      steps.map((entry, index) => (index === doubtful ? [entry[0], known] : entry)),
    ),
  );
}

const settings = { numRuns: byBudget(120, 600) };

describe('whatever the service answers, whenever it is interrupted, whatever the disk accepts', () => {
  it('the report says what became of each step', async () => {
    const outcomes = new Set<string>();
    const property = fc.asyncProperty(scenario, async (given) => {
      const { fake, plan, ran } = await run(given);
      outcomes.add(ran.report.outcome);
      for (const [index, { loadBalancer: of, steps }] of classicChanges(plan).entries()) {
        const told = steps.map((step, at) => {
          const outcome = ran.outcomes[index]?.[at];
          return [step, outcome === 'done' ? 'yes' : outcome === 'unknown' ? 'doubt' : 'no'] as const;
        });
        const start = of.name === 'web' ? given.web : given.zoo;
        expect(explains(start, fake.state(of.name), told), fake.log.join('\n')).toBe(true);
      }
    });
    // One run in fifty is rolled back whole: a small budget may take some more to meet it.
    for (let round = 0; round === 0 || (round < 6 && outcomes.size < 4); round++)
      await fc.assert(property, { ...settings, seed: seed + round });
    expect([...outcomes].toSorted()).toEqual(['applied', 'partial', 'rolled-back', 'unchanged']);
  });

  it('the journal knows of each step whether it is in effect, or that it does not know', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { fake, plan, ran } = await run(given);
        const [entry] = ran.history.changes;
        for (const [index, { loadBalancer: of, steps }] of classicChanges(plan).entries()) {
          const known = steps.map((step, at) => {
            const state = entry?.steps[index]?.[at];
            return [step, state === 'done' ? 'yes' : state === 'unknown' ? 'doubt' : 'no'] as const;
          });
          const start = of.name === 'web' ? given.web : given.zoo;
          expect(explains(start, fake.state(of.name), known), fake.log.join('\n')).toBe(true);
        }
      }),
      settings,
    );
  });

  it('the outcome is true: applied is all, unchanged and refused are nothing, rolled-back leaves no list changed', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { fake, plan, ran } = await run(given);
        const { outcome, leftovers } = ran.report;
        for (const { loadBalancer: of, steps } of classicChanges(plan)) {
          const start = of.name === 'web' ? given.web : given.zoo;
          const now = fake.state(of.name);
          if (outcome === 'applied') expect(visible(now)).toEqual(visible(simulate(start, steps)));
          if (outcome === 'unchanged' || outcome === 'refused') expect(now).toEqual(start);
          if (outcome === 'rolled-back') expect(visible(now).lists).toEqual(visible(start).lists);
          if (outcome === 'rolled-back' && leftovers.length === 0)
            expect(visible(now)).toEqual(visible(start));
        }
        if (outcome === 'partial') expect(leftovers).not.toEqual([]);
        // A signal in the last step stops nothing, and is said all the same.
        if (outcome === 'applied' && ran.report.error !== undefined)
          expect([ran.report.error.code, given.abortAt]).toEqual(['interrupted', expect.any(Number)]);
        else expect(ran.report.error === undefined).toBe(outcome === 'applied' || !plan.pending);
      }),
      settings,
    );
  });

  it('each write follows a read of its load balancer at once, and its intention is on disk', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { fake } = await run(given);
        for (const [at, line] of fake.log.entries()) {
          const [action, subject] = line.split(' ');
          if (action !== 'create' && action !== 'delete' && action !== 'set') continue;
          const preceding = fake.log.slice(0, at);
          const calls = preceding.filter((earlier) => !earlier.startsWith('journal '));
          expect(calls.at(-1)).toMatch(/^read /);
          expect(calls.at(-2)).toBe(calls.at(-1)?.replace('read', 'policies'));
          const recorded = preceding.findLast((earlier) => earlier.startsWith('journal '));
          expect(recorded).toMatch(new RegExp(`^journal (back )?write ${subject}$`));
        }
      }),
      settings,
    );
  });
});

describe('with another writer at the same time', () => {
  const foreigner = fc.record({
    /** The number of the call before which he writes. */
    at: fc.integer({ min: 1, max: 40 }),
    name: fc.constantFrom(...names),
    port: fc.constantFrom(...ports),
    list: fc.shuffledSubarray(['a', 'b', 'p', 'ProxyProtocol-enabled']),
  });

  it('no policy that is not PROXY is lost or moved, unless the other one wrote after our last look at the list', async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        scenario,
        fc.array(foreigner, { maxLength: 4 }),
        faults(fc.oneof(fault, fc.record({ late: fc.integer({ min: 1, max: 20 }) }))),
        async (given, foreigners, late) => {
          const unseen = new Set<string>();
          await run({ ...given, faults: new Map([...given.faults, ...late]) }, (fake) => {
            const script = fake.onCall;
            fake.onCall = (call) => {
              for (const { name, port, list } of foreigners.filter(({ at }) => at === call.count)) {
                fake.foreign((found) => {
                  const after = list.filter((policy) =>
                    found.policies?.some((known) => known.name === policy),
                  );
                  const set = 'SetLoadBalancerPoliciesForBackendServer';
                  return simulateStep(found, { call: set, instancePort: port, before: [], after });
                }, name);
                unseen.add(name);
              }
              const verdict = script(call);
              if (call.action === 'read' && verdict === 'pass') unseen.delete(call.name);
              return verdict;
            };
            fake.onEffect = (step, before, after) => {
              written++;
              if (unseen.has(before.name)) return;
              if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return;
              expect(others(after, step.instancePort)).toEqual(others(before, step.instancePort));
            };
          });
        },
      ),
      // Enough of them write for the number below not to be missed by chance.
      { numRuns: byBudget(400, 1200) },
    );
    expect(written).toBeGreaterThan(byBudget(100, 300));
  });
});

describe('killed at any instant', () => {
  it('the next run knows of it, and its undo puts everything back as it was', async () => {
    let interrupted = 0;
    const kill = fc.record({
      at: fc.integer({ min: 1, max: 25 }),
      where: fc.constantFrom<Verdict | 'journal'>('hang-before', 'hang-after', 'journal'),
    });
    await fc.assert(
      fc.asyncProperty(scenario, kill, async (given, { at, where }) => {
        const fake = fakeLoadBalancing(given.web, given.zoo);
        const plan = await planned(fake, given.request);
        const journal = fakeJournal();
        const killed = new Promise<void>((resolve) => {
          journal.onAppend = (_record, nth) => {
            if (where !== 'journal' || nth !== at) return 'pass';
            setImmediate(resolve);
            return 'hang';
          };
          fake.onCall = ({ count }) => {
            if (where === 'journal' || count !== at) return 'pass';
            setImmediate(resolve);
            return where;
          };
          void carriedOut(fake, plan, { journal }).then(() => resolve());
        });
        await killed;
        fake.onCall = () => 'pass';
        journal.onAppend = () => 'pass';
        const [entry] = (await history(journal)).changes;
        if (entry !== undefined) {
          if (entry.outcome === 'open') interrupted++;
          const undo = await makeUndoPlan(entry, dependenciesOf(fake));
          const { report } = await carriedOut(fake, undo, { journal });
          expect(['applied', 'unchanged']).toContain(report.outcome);
        }
        for (const start of [given.web, given.zoo])
          expect(visible(fake.state(start.name))).toEqual(visible(start));
      }),
      { numRuns: byBudget(150, 400) },
    );
    expect(interrupted).toBeGreaterThan(byBudget(15, 40));
  });
});
