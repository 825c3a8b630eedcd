import { expect, it } from 'vitest';
import { byBudget, seed } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { outcomes } from './model-carry-out.js';
import { ApplyLater, Change, Reboot, type Request, Undo } from './model-commands.js';
import { Elsewhere } from './model-elsewhere.js';
import { cutArbitrary, faultsArbitrary, lost } from './model-faults.js';
import { startReal } from './model-service.js';
import { groups, names, ports } from './model-state.js';

// The use cases over real HTTP, through a relay that tampers, against the local service, with another writer at any
// call: sequences of commands by a model. `MODEL_RUNS` makes it any number of sequences.

const numRuns = Number(process.env['MODEL_RUNS'] ?? byBudget(30, 300));

const action = fc.constantFrom('enable' as const, 'disable' as const);
const ofPorts = fc.record({
  action,
  on: fc.subarray([...names], { minLength: 1 }),
  ports: fc.subarray([...ports], { minLength: 1 }),
  deletePolicy: fc.boolean(),
});
const ofGroups = fc.record({ action, targetGroups: fc.subarray([...groups], { minLength: 1 }) });
const request: fc.Arbitrary<Request> = fc.oneof(
  { weight: 2, arbitrary: ofPorts },
  { weight: 1, arbitrary: ofGroups },
);
// A number comes round where the next run is on the same host.
const host = fc.constantFrom(0, 0, 0, 1, 2);
const change = fc.tuple(request, host, faultsArbitrary).map((fields) => new Change(...fields));
const between = fc.constantFrom('nothing' as const, 'a foreign write' as const, 'the same change' as const);
const commands = fc.commands(
  [
    change,
    fc.tuple(change, between, faultsArbitrary).map((fields) => new ApplyLater(...fields)),
    fc.tuple(host, faultsArbitrary).map((fields) => new Undo(...fields)),
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(request, host, cutArbitrary).map((fields) => new Elsewhere(...fields)),
      },
      { weight: 1, arbitrary: host.map((which) => new Reboot(which)) },
    ),
  ],
  { maxCommands: 3 },
);
const beginning = fc.record({ writesOnce: fc.boolean(), knowsCaller: fc.boolean(), sharesAll: fc.boolean() });

it(`${numRuns} sequences of commands under faults and a foreign writer: nothing is lost, the report and the journal are true, a rerun reaches the goal`, async () => {
  // The first is a change: before one, the others have nothing to do.
  const property = fc.asyncProperty(change, commands, beginning, async (first, more, how) => {
    lost.length = 0;
    await using real = await startReal(how);
    await fc.asyncModelRun(() => ({ model: { runs: 0 }, real }), [first, ...more]);
  });
  // The sequences reach every way in which a run can end; the rarest of them may take some more of a small budget.
  const ends = ['applied', 'killed', 'partial', 'refused', 'rolled-back', 'unchanged'];
  for (let round = 0; round === 0 || (round < 6 && !ends.every((end) => outcomes.has(end))); round++)
    await fc.assert(property, { numRuns, seed: seed + round });
  if (numRuns >= 30) expect([...outcomes].toSorted()).toEqual(expect.arrayContaining(ends));
}, 900_000);
