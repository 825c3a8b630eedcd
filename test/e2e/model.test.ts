import { expect, it } from 'vitest';
import { byBudget, seed } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { ApplyLater, Change, Elsewhere, outcomes, Undo } from './model-commands.js';
import { faultsArbitrary, lost, names, ports, startReal } from './model-service.js';

// The use cases over real HTTP, through a relay that tampers, against the local service, with another writer at any
// call: sequences of commands by a model. `MODEL_RUNS` makes it any number of sequences.

const numRuns = Number(process.env['MODEL_RUNS'] ?? byBudget(60, 300));

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
  const elsewhere = fc
    .tuple(
      fc.constantFrom('enable' as const, 'disable' as const),
      fc.subarray([...names], { minLength: 1 }),
      fc.subarray([...ports], { minLength: 1 }),
    )
    .map((fields) => new Elsewhere(...fields));
  const between = fc.constantFrom('nothing' as const, 'a foreign write' as const, 'the same change' as const);
  const commands = fc.commands(
    [
      change,
      fc.tuple(change, between, faultsArbitrary).map((fields) => new ApplyLater(...fields)),
      faultsArbitrary.map((found) => new Undo(found)),
      elsewhere,
    ],
    { maxCommands: 4 },
  );
  const property = fc.asyncProperty(commands, fc.boolean(), async (sequence, writesOnce) => {
    lost.length = 0;
    const real = await startReal(writesOnce);
    try {
      await fc.asyncModelRun(() => ({ model: { runs: 0, cutOff: false }, real }), sequence);
    } finally {
      await real.relay[Symbol.asyncDispose]();
      await real.elsewhere.service[Symbol.asyncDispose]();
      await real.service[Symbol.asyncDispose]();
    }
  });
  // The sequences reach every way in which a run can end; the rarest of them may take some more of a small budget.
  const ends = ['applied', 'killed', 'partial', 'refused', 'rolled-back', 'unchanged'];
  for (let round = 0; round === 0 || (round < 6 && !ends.every((end) => outcomes.has(end))); round++)
    await fc.assert(property, { numRuns, seed: seed + round });
  if (numRuns >= 60) expect([...outcomes].toSorted()).toEqual(expect.arrayContaining(ends));
}, 900_000);
