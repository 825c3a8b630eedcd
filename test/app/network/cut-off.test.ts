import { describe, expect, it } from 'vitest';
import { history } from '../../../src/app/history.js';
import { settle } from '../../../src/app/settle.js';
import { makeUndoPlan } from '../../../src/app/undo.js';
import { attributes, edge, group, networkListener } from '../edge.js';
import { fakeNetwork } from '../fake-network.js';
import { carriedOut, dependenciesOf, fakeJournal, networkPlanned } from '../run.js';

// A process that is killed at a point leaves what had happened until there: nothing ever comes back from that point on.

const two = () =>
  edge({
    listeners: [networkListener(['blue']), networkListener(['green'], { port: 8443 })],
    targetGroups: [group({ attributes: attributes(null) }), group({ name: 'green' })],
  });

/** Runs a plan for both groups until it is killed at the nth record of the journal, or the nth write. */
async function killed(at: { readonly record: number } | { readonly write: number; readonly taken: boolean }) {
  const fake = fakeNetwork([two()]);
  const plan = await networkPlanned(fake, { groups: 'all' });
  const journal = fakeJournal(fake.log);
  let dead: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    dead = resolve;
  });
  if ('record' in at)
    journal.onAppend = (_record, nth) => {
      if (nth < at.record) return 'pass';
      dead();
      return 'hang';
    };
  else
    fake.onCall = ({ action, nth }) => {
      if (action !== 'modify' || nth !== at.write) return 'pass';
      dead();
      return at.taken ? 'hang-after' : 'hang-before';
    };
  await Promise.race([carriedOut(fake, plan, { journal }), death]);
  journal.onAppend = () => 'pass';
  fake.onCall = () => 'pass';
  return { fake, plan, journal };
}

const points = [
  ...Array.from({ length: 6 }, (_, index) => ({ record: index + 1 })),
  ...[1, 2].flatMap((write) => [true, false].map((taken) => ({ write, taken }))),
];

describe('a run on target groups that is killed', () => {
  it.each(points)(
    'at %j has said in its journal what may be in effect, and undo puts it back',
    async (at) => {
      const { fake, journal } = await killed(at);
      const past = await history(journal);
      const [entry] = past.changes;
      const real = [fake.value('blue') ?? 'false', fake.value('green')];
      for (const [index, value] of real.entries()) {
        const state = entry?.steps[index]?.[0] ?? 'not-run';
        expect(value === 'true' ? ['done', 'unknown'] : ['not-run', 'unknown', 'none']).toContain(state);
      }
      if (entry === undefined) return;
      expect(entry.outcome).toBe('open');
      const undo = await makeUndoPlan(entry, dependenciesOf(fake, { journal }));
      const { report } = await carriedOut(fake, undo, { journal });
      expect(['applied', 'unchanged']).toContain(report.outcome);
      expect([fake.value('blue') ?? 'false', fake.value('green')]).toEqual(['false', 'false']);
    },
  );

  it('is settled by the same change made again, and by the undo of it where nothing is left', async () => {
    for (const how of ['again', 'undo'] as const) {
      const { fake, journal, plan } = await killed({ write: 2, taken: true });
      const dependencies = dependenciesOf(fake, { journal });
      const [entry] = (await history(journal)).changes;
      if (entry === undefined) throw new Error('no change');
      if (how === 'again') {
        const same = await networkPlanned(fake, { groups: 'all' });
        expect(same.pending).toBe(false);
        await settle({ ...same, createdAt: new Date(Date.now() + 1e9).toISOString() }, dependencies);
      } else {
        for (const name of ['blue', 'green']) fake.foreign(() => undefined, name);
        const later = {
          ...plan,
          action: 'undo' as const,
          undoes: entry.changeId,
          changes: [],
          pending: false,
        };
        await settle(
          {
            ...later,
            caller: { accountId: '123456789012', arn: 'arn' },
            createdAt: new Date(Date.now() + 1e9).toISOString(),
          },
          dependencies,
        );
      }
      const [settled] = (await history(journal)).changes;
      expect(settled?.outcome).toBe(how === 'again' ? 'applied' : 'rolled-back');
    }
  });
});
