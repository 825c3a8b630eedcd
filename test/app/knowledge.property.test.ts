import { describe, expect, it } from 'vitest';
import { makeUndoPlan } from '../../src/app/undo.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { policyNamesOn } from '../../src/core/model.js';
import type { Plan } from '../../src/core/plan.js';
import { simulateStep } from '../../src/core/simulate.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from './fake-load-balancing.js';
import { replicated, views } from './replicas.js';
import { carriedOut, dependenciesOf, fakeClock, fakeJournal, planned, type Ran } from './run.js';
import { loadBalancer, names, others, ports, proxies, request } from './scenario.js';
import {
  everyOutcome,
  failingGuard,
  falseClaims,
  mostAgeMs,
  patience,
  sleepMs,
  writeFaults,
} from './staging.js';

const set = 'SetLoadBalancerPoliciesForBackendServer';

/** Another writer, who keeps the PROXY policies that he finds and changes the others. */
const foreigner = fc.record({
  /** The number of the call before which he writes. */
  at: fc.integer({ min: 1, max: 30 }),
  name: fc.constantFrom(...names),
  port: fc.constantFrom(...ports),
  list: fc.subarray(['a', 'b']),
});

const model = fc.record({
  web: loadBalancer('web'),
  zoo: loadBalancer('zoo'),
  request,
  views,
  undoViews: views,
  writeFaults,
  foreigners: fc.oneof(
    { weight: 1, arbitrary: fc.constant<Foreigner[]>([]) },
    { weight: 1, arbitrary: fc.array(foreigner, { maxLength: 4 }) },
  ),
  rollback: fc.boolean(),
  /** How often traffic may be looked at before the guard fails. */
  guardFailsAt: fc.option(fc.integer({ min: 3, max: 30 }), { nil: undefined, freq: 2 }),
  maxAttempts: fc.constantFrom(undefined, 1),
  /** The answer during which the process sleeps, and the look at the locks behind a last read after which it does. */
  sleepsAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  dozesAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
});
type Foreigner = typeof foreigner extends fc.Arbitrary<infer T> ? T : never;
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;

/** Foreign policies that a write lost although the answer that it rested on had shown them. */
type Losses = string[];

/** Lets the model do its work on the calls of a run, and on its clock. */
function staged(given: Model, views_: Model['views'], fake: FakeLoadBalancing, losses: Losses) {
  const clock = fakeClock();
  let answers = 0;
  let looks = 0;
  let answeredAt = 0;
  const service = replicated(fake, views_, () => {
    answeredAt = clock.now().getTime();
    if (++answers === given.sleepsAt) clock.jump(sleepMs);
  });
  const stillLocked = (): boolean => {
    if (++looks === given.dozesAt) clock.jump(sleepMs);
    return true;
  };
  let count = 0;
  let writes = 0;
  for (const name of names) service.changed(name, name === 'web' ? given.web : given.zoo);
  fake.onCall = (call) => {
    count++;
    for (const { name, port, list } of given.foreigners.filter(({ at }) => at === count)) {
      fake.foreign((found) => {
        const after = [...list, ...proxies(found, port)];
        return simulateStep(found, { call: set, instancePort: port, before: [], after });
      }, name);
      service.changed(name);
    }
    if (!['create', 'delete', 'set'].includes(call.action)) return 'pass';
    return given.writeFaults.get(++writes) ?? 'pass';
  };
  fake.onEffect = (step, before, after) => {
    service.changed(before.name);
    const age = clock.now().getTime() - answeredAt;
    if (age > mostAgeMs) losses.push(`a write on an answer of ${age} ms ago`);
    if (step.call !== set) return;
    const shown = service.lastShown(before.name);
    const kept = shown === undefined ? 'a list that was not read' : others(shown, step.instancePort).join();
    const now = others(after, step.instancePort).join();
    if (kept !== now) losses.push(`${before.name} ${step.instancePort}: ${kept} became ${now}`);
  };
  return { service, clock, stillLocked };
}

/** What is wrong with what a report claims of the ports' PROXY policies, by what the service really has. */
function untruths(
  plan: Plan,
  ran: Ran,
  start: (name: string) => LoadBalancer,
  fake: FakeLoadBalancing,
): string[] {
  const { outcome } = ran.report;
  return plan.changes.flatMap(({ loadBalancer: { name }, steps }, change) => {
    const now = fake.state(name);
    return steps.flatMap((step, index) => {
      if (step.call !== set) return [];
      const port = step.instancePort;
      // In any order: another writer's is kept.
      const proxiesOf = (found: LoadBalancer) => proxies(found, port).toSorted().join();
      const real = proxiesOf(now);
      const before = proxiesOf(start(name));
      const after = proxiesOf(simulateStep(now, step));
      const claimed = ran.outcomes[change]?.[index];
      const wrong = falseClaims(outcome, claimed, { real, before, after });
      return wrong.map((claim) => `${claim}: ${name} ${port} has [${policyNamesOn(now, port).join()}]`);
    });
  });
}

/** Runs the model's plan, and then the undo of it. */
async function run(given: Model) {
  const fake = fakeLoadBalancing(given.web, given.zoo);
  const plan = await planned(fake, given.request);
  const journal = fakeJournal(fake.log);
  const losses: Losses = [];
  const { service, ...machine } = staged(given, given.views, fake, losses);
  const limited = { ...service.fake, api: { ...service.fake.api, maxAttempts: given.maxAttempts } };
  const { rollback } = given;
  const guard = failingGuard(given.guardFailsAt);
  const ran = await carriedOut(limited, plan, { journal, rollback, guard, ...machine });
  return { fake, plan, ran, losses, journal };
}

describe('with replicas that are behind, fields that are missing, answers that are lost, a process that sleeps and someone else who writes', () => {
  it(
    'what a report claims is true of the service, or is said not to be known; no policy that was seen is lost',
    async () => {
      const outcomes = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(model, async (given) => {
          const { fake, plan, ran, losses } = await run(given);
          const start = (name: string) => (name === 'web' ? given.web : given.zoo);
          const { outcome } = ran.report;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          expect(untruths(plan, ran, start, fake), fake.log.join('\n')).toEqual([]);
          expect(losses, fake.log.join('\n')).toEqual([]);
          if (outcome === 'partial') expect(ran.report.leftovers).not.toEqual([]);
        }),
        { numRuns: byBudget(300, 10_000) },
      );
      expect([...outcomes.keys()].toSorted()).toEqual(everyOutcome);
    },
    patience,
  );

  it(
    'an undo claims only what is true',
    async () => {
      let undone = 0;
      await fc.assert(
        fc.asyncProperty(model, async (given) => {
          const { fake, ran, journal } = await run({
            ...given,
            views: { first: [], afterwards: 0 },
            foreigners: [],
          });
          const [entry] = ran.history.changes;
          if (entry === undefined) return;
          const begun = new Map(names.map((name) => [name, fake.state(name)]));
          const losses: Losses = [];
          const { service, ...machine } = staged(given, given.undoViews, fake, losses);
          const dependencies = dependenciesOf(service.fake, machine);
          const undo = await makeUndoPlan(entry, dependencies).catch(() => undefined);
          if (undo === undefined) return;
          undone++;
          const back = await carriedOut(service.fake, undo, { journal, ...machine });
          const start = (name: string) => begun.get(name) ?? given.web;
          expect(untruths(undo, back, start, fake), fake.log.join('\n')).toEqual([]);
          expect(losses, fake.log.join('\n')).toEqual([]);
        }),
        { numRuns: byBudget(300, 10_000) },
      );
      expect(undone).toBeGreaterThan(byBudget(50, 1000));
    },
    patience,
  );
});
