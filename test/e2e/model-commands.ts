import { join } from 'node:path';
import { expect } from 'vitest';
import { newestHere } from '../../src/app/changes-here.js';
import { type History, history } from '../../src/app/history.js';
import { makePlan } from '../../src/app/make-plan.js';
import { makeNetworkPlan } from '../../src/app/network/make-network-plan.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import type { Plan } from '../../src/core/plan.js';
import { ElbProxyError } from '../../src/errors.js';
import { readPlanFile, writePlanFile } from '../../src/plan-file/plan-file.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import type { fc } from '../helpers/fast-check.js';
import { handsOn } from '../helpers/network-service.js';
import { carryOut, expectSightsTrue, livenessFrom } from './model-carry-out.js';
import type { Faults } from './model-faults.js';
import type { Process } from './model-hosts.js';
import type { Account, Real } from './model-service.js';
import {
  groupKey,
  isOn,
  key,
  type Lists,
  listsOf,
  type Name,
  ports,
  switchesIn,
  writeAsForeigner,
} from './model-state.js';

const emit = (): void => {};

/** What is known of a sequence beside the real system. */
export interface Model {
  /** How many runs were made. */
  runs: number;
}

/** What someone wants switched. */
export type Request = { readonly action: 'enable' | 'disable' } & (
  | { readonly on: readonly Name[]; readonly ports: readonly number[]; readonly deletePolicy?: boolean }
  | { readonly targetGroups: readonly string[] }
);

/** Plans a request in an account. */
export async function planned(request: Request, { api, networkApi, caller }: Account, { clock }: Real) {
  const who = Promise.resolve(caller);
  const { action } = request;
  if ('targetGroups' in request)
    return makeNetworkPlan(
      { action, names: ['web'], groups: { targetGroups: request.targetGroups }, tool: 'model' },
      { api: await networkApi(), clock, emit, caller: who },
    );
  const { on, ports: chosen, deletePolicy } = request;
  const asked = { names: on, ports: chosen, tool: 'model' };
  return makePlan(action === 'enable' ? { ...asked, action } : { ...asked, action, deletePolicy }, {
    api: await api(),
    clock,
    emit,
    caller: who,
  });
}

/** `enable` or `disable`, and then once more with nothing in the way. */
export class Change implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly request: Request,
    readonly host: number,
    readonly faults: Faults,
  ) {}

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const plan = await planned(this.request, real.mine, real);
    const report = await carryOut(plan, real, { process: real.start(this.host), faults: this.faults });
    await expectSightsTrue(real);
    // What was cut off may be met by the next command as it is.
    if (report !== undefined) await this.reachGoal(real);
  }

  /** Again, with nothing in the way: it reaches the goal. */
  async reachGoal(real: Real): Promise<void> {
    const plan = await planned(this.request, real.mine, real);
    const again = await carryOut(plan, real, { process: real.start(this.host) });
    expect(['applied', 'unchanged']).toContain(again?.outcome);
    for (const at of this.places())
      expect([at, isOn(listsOf(real.service).get(at))]).toEqual([at, this.request.action === 'enable']);
  }

  places(): readonly string[] {
    const { request } = this;
    return 'targetGroups' in request
      ? request.targetGroups.map(groupKey)
      : request.on.flatMap((name) => request.ports.map((port) => key(name, port)));
  }

  /** Another operator changes the first of what this is about. */
  async meddle({ service }: Real): Promise<void> {
    const { request } = this;
    if ('targetGroups' in request) {
      const [group = ''] = request.targetGroups;
      const hands = handsOn(service.endpoint);
      await hands.set(group, isOn(listsOf(service).get(groupKey(group))) ? 'false' : 'true');
      hands.client.destroy();
    } else {
      const which = ports.findIndex((port) => port === request.ports[0]);
      await writeAsForeigner(service, which, request.on[0]);
    }
  }

  toString = (): string =>
    `${JSON.stringify(this.request)} on host ${this.host} with ${JSON.stringify([...this.faults])}`;
}

/** A plan file that is applied after something else has happened, or nothing. */
export class ApplyLater implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly change: Change,
    readonly between: 'nothing' | 'a foreign write' | 'the same change',
    readonly faults: Faults,
  ) {}

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    const { change, between, faults } = this;
    const file = join(await temporaryDirectory(), 'plan.json');
    const made = await planned(change.request, real.mine, real);
    await writePlanFile(file, made);
    if (between === 'a foreign write') await change.meddle(real);
    if (between === 'the same change')
      await carryOut(await planned(change.request, real.mine, real), real, {
        process: real.start(change.host),
      });
    const before = listsOf(real.service);
    const read = await readPlanFile(file);
    expect(read).toEqual(made);
    const report = await carryOut(read, real, { process: real.start(change.host), faults });
    await expectSightsTrue(real);
    if (report !== undefined && faults.size === 0 && hasMoved(made, before)) {
      expect([report.outcome, report.error?.code]).toEqual(['refused', 'stale-plan']);
      expect(listsOf(real.service)).toEqual(before);
    }
    // Planned afresh, with nothing in the way, it reaches the goal.
    await change.reachGoal(real);
  }

  toString = (): string =>
    `apply(${this.change.toString()}, after ${this.between}, ${JSON.stringify([...this.faults])})`;
}

/** Whether something that a plan would replace is another by now. */
function hasMoved({ changes }: Plan, lists: Lists): boolean {
  return changes.some((change) =>
    switchesIn(change).some(({ at, before }) => JSON.stringify(before) !== JSON.stringify(lists.get(at))),
  );
}

/** `undo` of the newest change of this account. */
export class Undo implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly host: number,
    readonly faults: Faults,
  ) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(model: Model, real: Real): Promise<void> {
    model.runs++;
    try {
      for (const faults of [this.faults, new Map()]) {
        const process = real.start(this.host);
        const report = await carryOut(await this.plan(real, process), real, { process, faults });
        await expectSightsTrue(real);
        if (faults !== this.faults) expect(['applied', 'unchanged']).toContain(report?.outcome);
      }
    } catch (error) {
      // No change was made yet; or someone has changed a list since, or the policy is gone, and that is said.
      if (!(error instanceof ElbProxyError)) throw error;
      // Where the account is not known, it may be a change of the other one's, and its target groups are not here.
      const more =
        real.mine.caller.caller === undefined ? ['TargetGroupNotFound', 'LoadBalancerNotFound'] : [];
      expect(['usage', 'stale-plan', 'other-account', 'still-running', ...more]).toContain(error.code);
    }
  }

  async plan(real: Real, process: Process): Promise<Plan> {
    const { mine, relay, clock } = real;
    const past = await history(real.journalOf(process));
    const { newest } = newestHere(past, mine.caller, [relay.endpoint]);
    expect(newest?.changeId).toBe(newestOf(past, mine)?.changeId);
    const of = real.processes.get(newest?.changeId ?? '');
    const isRunning = newest?.outcome === 'open' && livenessFrom(process, of) === 'running';
    const chosen = choose(past, newest?.changeId);
    expect([newest?.changeId, chosen instanceof ElbProxyError && chosen.code === 'still-running']).toEqual([
      newest?.changeId,
      isRunning,
    ]);
    if (chosen instanceof ElbProxyError) throw chosen;
    return makeUndoPlan(chosen, {
      api: mine.api,
      networkApi: mine.networkApi,
      clock,
      emit,
      tool: 'model',
      caller: Promise.resolve(mine.caller),
    });
  }

  toString = (): string => `undo on host ${this.host} with ${JSON.stringify([...this.faults])}`;
}

/** The newest change that was made as an account, or by an unknown caller. */
export function newestOf({ changes }: History, { caller }: Account) {
  return changes.find(
    ({ plan }) => plan.action !== 'undo' && plan.caller?.accountId === caller.caller?.accountId,
  );
}

function choose(past: History, changeId: string | undefined) {
  try {
    return changeToUndo(past, changeId);
  } catch (error) {
    if (error instanceof ElbProxyError) return error;
    throw error;
  }
}

/** A host goes down, and comes up again: all that was running there is over. */
export class Reboot implements fc.AsyncCommand<Model, Real> {
  constructor(readonly host: number) {}

  check = ({ runs }: Model): boolean => runs > 0;

  async run(_model: Model, real: Real): Promise<void> {
    real.hosts[this.host]?.reboot();
    await expectSightsTrue(real);
  }

  toString = (): string => `reboot of host ${this.host}`;
}
