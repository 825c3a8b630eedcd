import { join } from 'node:path';
import { expect } from 'vitest';
import { type HistoryEntry, history } from '../../src/app/history.js';
import { settle } from '../../src/app/settle.js';
import { makeUndoPlan } from '../../src/app/undo.js';
import { standingSteps, unsettled } from '../../src/core/history.js';
import { ElbProxyError } from '../../src/errors.js';
import { writePlanFile } from '../../src/plan-file/plan-file.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import type { fc } from '../helpers/fast-check.js';
import { carryOut, expectSightsTrue } from './model-carry-out.js';
import { type Model, newestOf, planned, type Request } from './model-commands.js';
import type { Faults } from './model-faults.js';
import type { Account, Real } from './model-service.js';
import { listsOf, type Name } from './model-state.js';

const emit = (): void => {};

/**
 * The same commands in another account behind the same endpoint, whose load balancers have the same names: nothing of
 * the first account's changes is ended, none of them is undone there, and none of its plans is applied.
 */
export class Elsewhere implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly request: Request,
    readonly host: number,
    readonly cut: Faults,
  ) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(_model: Model, real: Real): Promise<void> {
    const { theirs, mine } = real;
    // There is to be something that could be ended.
    if ((await openChanges(real)).length === 0) {
      const plan = await planned(this.request, mine, real);
      await carryOut(plan, real, { process: real.start(this.host), faults: this.cut });
    }
    const [before, there] = [await openChanges(real), listsOf(real.service)];
    const journal = real.journalOf(real.start(this.host));
    const own = (await history(journal)).changes.filter((change) => isOf(mine, change, real));
    // The very request that was cut off here is the one that could be taken for it.
    const asked = [this.request, ...before.flatMap(requestOf)].flatMap((one) => thereOf(one, real));
    for (const request of asked) {
      // Twice: the first changes something, the second finds nothing to do, and settles what it can.
      for (let round = 0; round < 2; round++) {
        const plan = await planned(request, theirs, real);
        await carryOut(plan, real, { process: real.start(this.host), account: theirs });
      }
    }
    const here = listsOf(real.elsewhere);
    for (const change of own) {
      const undo = await undone(change, theirs, real);
      if (typeof undo === 'string')
        expect(['stale-plan', 'TargetGroupNotFound', 'LoadBalancerNotFound']).toContain(undo);
      else {
        expect(undo.pending).toBe(false);
        // The load balancers of one account may be gone in the other: that says nothing of them.
        if (before.some(({ changeId }) => changeId === change.changeId) && mayBeInEffect(change))
          await settle(undo, { journal, clock: real.clock, emit });
      }
    }
    const ids = (changes: readonly HistoryEntry[]) => changes.map(({ changeId }) => changeId);
    expect(ids(await openChanges(real))).toEqual(ids(before));
    await expectSightsTrue(real);
    expect(listsOf(real.service)).toEqual(there);
    await this.expectRefused(own, real);
    expect(listsOf(real.elsewhere)).toEqual(here);
    expect(listsOf(real.service)).toEqual(there);
  }

  /** The program itself, as the other account. */
  async expectRefused([newest]: readonly HistoryEntry[], real: Real): Promise<void> {
    const { relay, stateDirectory, theirs, mine } = real;
    if (newest === undefined || mine.caller.caller === undefined) return;
    const past = await history(real.journalOf(real.start(this.host)));
    expect(newestOf(past, theirs)?.changeId).not.toBe(newest.changeId);
    const file = join(stateDirectory, 'plan.json');
    await writePlanFile(file, await planned(this.request, mine, real));
    for (const argv of [
      ['undo', newest.changeId],
      ['apply', file],
    ]) {
      const ran = await elbProxyHere([...argv, '--yes', '-o', 'json'], {
        endpoint: relay.endpoint,
        stateDirectory,
        env: {
          AWS_ACCESS_KEY_ID: 'theirs',
          AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: relay.endpoint,
          AWS_ENDPOINT_URL_STS: relay.endpoint,
        },
      });
      expect([ran.code, ran.json().error?.code]).toEqual([3, 'other-account']);
    }
  }

  toString = (): string =>
    `elsewhere(${JSON.stringify(this.request)} on host ${this.host}, cut off by ${JSON.stringify([...this.cut])})`;
}

/** The changes that may be in effect, as far as the journal knows. */
async function openChanges(real: Real): Promise<readonly HistoryEntry[]> {
  const process = real.start(0);
  const { changes } = await history(real.journalOf(process));
  process.end();
  return unsettled(changes).filter((change) => isOf(real.mine, change, real));
}

/** Whether a change was made by an account: that is known of its process, whatever is recorded. */
function isOf(account: Account, { changeId }: HistoryEntry, real: Real): boolean {
  return real.accounts.get(changeId) === account;
}

function requestOf({ plan: { action, changes } }: HistoryEntry): readonly Request[] {
  if (action === 'undo') return [];
  const targetGroups = changes.flatMap(({ targetGroup }) => targetGroup?.name ?? []);
  if (targetGroups.length > 0) return [{ action, targetGroups }];
  const ports = changes.flatMap((change) =>
    change.targetGroup === undefined ? change.affects.instancePorts : [],
  );
  return [
    {
      action,
      on: changes.map(({ loadBalancer }) => loadBalancer.name as Name),
      ports: [...new Set(ports)],
    },
  ];
}

/** A request as far as the other account has what it names. */
function thereOf(request: Request, { elsewhere }: Real): readonly Request[] {
  if ('targetGroups' in request) return [request];
  const there = new Set(elsewhere.local.loadBalancers().map(({ loadBalancerName }) => loadBalancerName));
  const on = request.on.filter((name) => there.has(name));
  return on.length === 0 ? [] : [{ ...request, on }];
}

/** Whether anything of a change was sent, as far as the journal knows. */
function mayBeInEffect(change: HistoryEntry): boolean {
  return change.plan.changes.some((_, index) => standingSteps(change, index).length > 0);
}

/** The plan of an undo, or why there is none. */
async function undone(change: HistoryEntry, { api, networkApi, caller }: Account, { clock }: Real) {
  try {
    return await makeUndoPlan(change, {
      api,
      networkApi,
      clock,
      emit,
      tool: 'model',
      caller: Promise.resolve(caller),
    });
  } catch (error) {
    if (error instanceof ElbProxyError) return error.code;
    throw error;
  }
}
