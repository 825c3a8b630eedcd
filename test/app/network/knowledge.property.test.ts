import { describe, expect, it } from 'vitest';
import { makeUndoPlan } from '../../../src/app/undo.js';
import { sameValue } from '../../../src/core/network/modify-step.js';
import type { NetworkChange } from '../../../src/core/network/network-change.js';
import type { Plan } from '../../../src/core/plan.js';
import { byBudget } from '../../helpers/budget.js';
import { fc } from '../../helpers/fast-check.js';
import { attributes, edge, group, networkArn, networkListener } from '../edge.js';
import type { Verdict } from '../fake-load-balancing.js';
import { type FakeNetwork, fakeNetwork, type NetworkView } from '../fake-network.js';
import { carriedOut, dependenciesOf, fakeClock, fakeJournal, networkPlanned, type Ran } from '../run.js';
import {
  everyOutcome,
  failingGuard,
  falseClaims,
  mostAgeMs,
  patience,
  sleepMs,
  writeFaults,
} from '../staging.js';

// The same promises as knowledge.property.test.ts holds Classic load balancers to, for target groups: several of one load
// balancer and one of another, read from replicas.

const names = ['blue', 'green', 'red'] as const;
const other = 'deregistration_delay.timeout_seconds';

const value = fc.constantFrom(null, 'false', 'False', 'true', 'True');
const view: fc.Arbitrary<NetworkView> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<NetworkView>(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<NetworkView>('gone', 'without-load-balancers', 'without-attributes'),
  },
);
/** Replicas that may fall behind at any time, and mostly recover in the end. */
const views = fc
  .record({
    fresh: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
    behind: fc.array(view, { maxLength: 60 }),
    afterwards: fc.oneof(
      { weight: 3, arbitrary: fc.constant<NetworkView>(0) },
      { weight: 1, arbitrary: view },
    ),
  })
  .map(({ fresh, behind, afterwards }) => ({
    first: [...Array.from({ length: fresh }, (): NetworkView => 0), ...behind],
    afterwards,
  }));
const model = fc.record({
  blue: value,
  green: value,
  red: value,
  action: fc.constantFrom('enable' as const, 'disable' as const),
  views,
  undoViews: views,
  writeFaults,
  /** The calls before which someone else changes another attribute of the group. */
  foreigners: fc.array(fc.record({ at: fc.integer({ min: 1, max: 40 }), name: fc.constantFrom(...names) }), {
    maxLength: 4,
  }),
  rollback: fc.boolean(),
  atomic: fc.boolean(),
  guardFailsAt: fc.option(fc.integer({ min: 4, max: 30 }), { nil: undefined, freq: 2 }),
  guardAll: fc.boolean(),
  maxAttempts: fc.constantFrom(undefined, 1),
  /** The answer during which the process sleeps, and the look at the locks behind a last read after which it does. */
  sleepsAt: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  dozesAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  /** The call before which someone asks to stop, and the record from which on the disk is full. */
  stopsAt: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined, freq: 2 }),
  diskFullAt: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 2 }),
});
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;

/** Nothing is on, and nothing goes wrong. */
const quiet: Model = {
  blue: null,
  green: null,
  red: null,
  action: 'enable',
  views: { first: [], afterwards: 0 },
  undoViews: { first: [], afterwards: 0 },
  writeFaults: new Map(),
  foreigners: [],
  rollback: true,
  atomic: false,
  guardFailsAt: undefined,
  guardAll: false,
  maxAttempts: undefined,
  sleepsAt: undefined,
  dozesAt: undefined,
  stopsAt: undefined,
  diskFullAt: undefined,
};

function serviceOf(given: Model): FakeNetwork {
  const of = (name: (typeof names)[number], on: string) =>
    group({ name, attributes: attributes(given[name]), loadBalancerArns: [networkArn(on)] });
  return fakeNetwork([
    edge({
      listeners: [networkListener(['blue']), networkListener(['green'], { port: 8443 })],
      targetGroups: [of('blue', 'edge'), of('green', 'edge')],
    }),
    edge({ name: 'zone', listeners: [networkListener(['red'])], targetGroups: [of('red', 'zone')] }),
  ]);
}

/** Lets the model do its work on the calls of a run, and on its clock. */
function staged(given: Model, shown: Model['views'], fake: FakeNetwork, faults: string[]) {
  const clock = fakeClock();
  const stop = new AbortController();
  let reads = 0;
  let answers = 0;
  let looks = 0;
  let count = 0;
  let writes = 0;
  let readAt = 0;
  fake.onRead = () => shown.first[reads++] ?? shown.afterwards;
  fake.onCall = ({ action }) => {
    if (++count === given.stopsAt) stop.abort();
    if (action !== 'modify') {
      if (++answers === given.sleepsAt) clock.jump(sleepMs);
      if (action === 'attributes') readAt = clock.now().getTime();
    }
    for (const { at, name } of given.foreigners) {
      if (at !== count) continue;
      fake.foreign((found) => ({ ...found, attributes: { ...found.attributes, [other]: `${count}` } }), name);
    }
    return action === 'modify' ? (given.writeFaults.get(++writes) ?? 'pass') : 'pass';
  };
  fake.onEffect = () => {
    const age = clock.now().getTime() - readAt;
    if (age > mostAgeMs) faults.push(`a write on an answer of ${age} ms ago`);
  };
  const stillLocked = (): boolean => {
    if (++looks === given.dozesAt) clock.jump(sleepMs);
    return true;
  };
  return { clock, stillLocked, signal: stop.signal };
}

const meaning = (found: string | null | undefined) => (found ?? 'false').toLowerCase();

/** What is wrong with what a report claims, by what the service really has. */
function untruths(
  plan: Plan,
  ran: Ran,
  before: ReadonlyMap<string, string>,
  fake: FakeNetwork,
): readonly string[] {
  const { outcome } = ran.report;
  return plan.changes.flatMap((change, index) => {
    const { targetGroup, steps } = change as NetworkChange;
    const [step] = steps;
    if (step === undefined) return [];
    const claimed = ran.outcomes[index]?.[0];
    const real = meaning(fake.value(targetGroup.name));
    const start = before.get(targetGroup.name);
    const wrong = falseClaims(outcome, claimed, { real, before: start, after: step.after });
    return wrong.map((claim) => `${claim}: ${targetGroup.name} is ${real}`);
  });
}

const values = (fake: FakeNetwork) =>
  new Map(names.map((name) => [name as string, meaning(fake.value(name))]));

async function run(given: Model) {
  const fake = serviceOf(given);
  const plan = await networkPlanned(fake, {
    action: given.action,
    names: ['edge', 'zone'],
    groups: 'all',
  });
  const before = values(fake);
  const journal = fakeJournal(fake.log);
  const { diskFullAt = Number.POSITIVE_INFINITY } = given;
  journal.onAppend = (_record, nth) => (nth >= diskFullAt ? 'fail' : 'pass');
  const faults: string[] = [];
  const machine = staged(given, given.views, fake, faults);
  const limited = { ...fake, api: { ...fake.api, maxAttempts: given.maxAttempts } };
  const { rollback, atomic } = given;
  const options = {
    journal,
    rollback,
    atomic: atomic && rollback,
    guard: failingGuard(given.guardFailsAt, given.guardAll),
    ...machine,
  };
  const ran = await carriedOut(limited, plan, options);
  return { fake, plan, ran, before, faults, journal };
}

describe('with replicas that are behind, fields that are missing, answers that are lost, a process that sleeps or is asked to stop, a disk that is full and someone else who writes', () => {
  it(
    'what a report claims of target groups is true of the service, or is said not to be known; no write rests on an old read',
    async () => {
      const outcomes = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(model, async (given) => {
          const { fake, plan, ran, before, faults } = await run(given);
          const { outcome } = ran.report;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          expect(untruths(plan, ran, before, fake), fake.log.join('\n')).toEqual([]);
          expect(faults, fake.log.join('\n')).toEqual([]);
          if (outcome === 'partial') expect(ran.report.leftovers).not.toEqual([]);
        }),
        { numRuns: byBudget(400, 10_000) },
      );
      expect([...outcomes.keys()].toSorted()).toEqual(everyOutcome);
    },
    patience,
  );

  it(
    'the journal knows of each step whether it is in effect, or that it does not know',
    async () => {
      await fc.assert(
        fc.asyncProperty(model, async (given) => {
          const { fake, plan, ran, before } = await run(given);
          const [entry] = ran.history.changes;
          for (const [index, change] of plan.changes.entries()) {
            const { targetGroup, steps } = change as NetworkChange;
            const [step] = steps;
            if (step === undefined) continue;
            const state = entry?.steps[index]?.[0] ?? 'not-run';
            const real = meaning(fake.value(targetGroup.name));
            if (state === 'unknown') continue;
            expect(real, `${state}\n${fake.log.join('\n')}`).toBe(
              state === 'done' ? step.after : before.get(targetGroup.name),
            );
          }
        }),
        { numRuns: byBudget(200, 5000) },
      );
    },
    patience,
  );

  it(
    'an undo of target groups claims only what is true',
    async () => {
      let undone = 0;
      await fc.assert(
        fc.asyncProperty(model, async (given) => {
          const { fake, ran, journal } = await run({ ...given, views: { first: [], afterwards: 0 } });
          const [entry] = ran.history.changes;
          if (entry === undefined) return;
          journal.onAppend = () => 'pass';
          const begun = values(fake);
          const faults: string[] = [];
          const machine = staged(given, given.undoViews, fake, faults);
          const undo = await makeUndoPlan(entry, dependenciesOf(fake, machine)).catch(() => undefined);
          if (undo === undefined) return;
          undone++;
          const back = await carriedOut(fake, undo, { journal, ...machine });
          expect(untruths(undo, back, begun, fake), fake.log.join('\n')).toEqual([]);
          expect(faults, fake.log.join('\n')).toEqual([]);
          if (back.report.outcome !== 'applied') return;
          for (const change of undo.changes) {
            const { targetGroup, steps } = change as NetworkChange;
            for (const { after } of steps)
              expect(sameValue(meaning(fake.value(targetGroup.name)) as 'true', after)).toBe(true);
          }
        }),
        {
          numRuns: byBudget(200, 5000),
          // An undo whose answer is lost, and a read from before what it undoes.
          examples: [
            [
              {
                ...quiet,
                undoViews: {
                  first: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'gone', 1, 1, 'gone', 'without-attributes'],
                  afterwards: 0,
                },
                writeFaults: new Map<number, Verdict>([
                  [3, { error: 'AccessDenied' }],
                  [1, 'lost-before'],
                ]),
                rollback: false,
              },
            ],
          ],
        },
      );
      expect(undone).toBeGreaterThan(byBudget(30, 500));
    },
    patience,
  );
});
