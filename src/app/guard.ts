import { writtenPorts } from '../core/change-facts.js';
import type { LoadBalancerIdentity } from '../core/model.js';
import type { PlanChange } from '../core/plan.js';
import type { GuardCheck, GuardNote, GuardPhase, GuardReport } from '../core/report.js';
import type { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import { watchPorts } from './guard/watch-ports.js';
import type { GuardProbe, GuardWatcher, Looked } from './guard/watcher.js';
import { baselineFailed } from './guard/words.js';
import type { Clock } from './ports.js';
import { unlessStopped } from './unless-stopped.js';

/** The settings of a guard. Times in milliseconds. */
export interface GuardOptions {
  /** All must pass. */
  readonly probes: readonly GuardProbe[];
  /** How long a probe may fail after the change before it must pass. */
  readonly windowMs: number;
  /** How long all must then keep passing; if undefined, each guard decides. */
  readonly holdMs?: number | undefined;
  /** Change all ports first and check them then, instead of one port after the other. */
  readonly all: boolean;
}

const defaultHoldMs = 10_000;
/** Checks after a rollback: backends need a moment to notice. The last one counts. */
const looksBack = { most: 5, pauseMs: 500, atMostMs: 3000 };

/** A changed instance port; for a Network Load Balancer, the change's target group. */
export interface Guarded {
  readonly change: PlanChange;
  readonly instancePort?: number | undefined;
}

/** Everything that a change writes. */
export function guardedBy(change: PlanChange): readonly Guarded[] {
  return change.targetGroup === undefined
    ? writtenPorts(change.steps).map((instancePort) => ({ change, instancePort }))
    : change.steps.map(() => ({ change }));
}

interface Watched {
  readonly watcher: GuardWatcher;
  readonly change: PlanChange;
  /** Whether the guard passes after the rollback. */
  readonly look: () => Promise<boolean>;
}

/** Watches the ports of one run, and keeps the evidence. */
export interface Guard {
  readonly report: () => GuardReport;
  /** Every port must pass before anything is written; returns the objection, if any. An abort ends it early. */
  readonly baseline: (
    changes: readonly PlanChange[],
    signal: AbortSignal,
  ) => Promise<ElbProxyError | undefined>;
  /** Changed ports must pass within the window and through the hold, all at once; returns the failure, or how it ended. */
  readonly watch: (
    where: readonly Guarded[],
    signal: AbortSignal,
  ) => Promise<ElbProxyError | 'passed' | 'interrupted'>;
  /** After a rollback: one more check of the watched ports that were put back, for the report. */
  readonly restored: (
    wasPutBack: (loadBalancer: LoadBalancerIdentity) => boolean,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** A guard over one run of a plan. */
export function makeGuard({ probes, windowMs, holdMs }: GuardOptions, clock: Clock, emit: Emit): Guard {
  const checks: GuardCheck[] = [];
  const notes: GuardNote[] = [];
  /** The ports and groups that were watched after a change, once per load balancer. */
  const watched: Watched[] = [];

  const say = (probe: string, { loadBalancer }: PlanChange, message: string): void => {
    notes.push({ at: clock.now().toISOString(), probe, loadBalancer: loadBalancer.name, message });
    emit({ code: 'guard-note', loadBalancer, probe, message });
  };

  const recorder =
    (phase: GuardPhase, probe: string, { change, instancePort }: Guarded) =>
    (looked: Looked): readonly GuardCheck[] => {
      const at = clock.now().toISOString();
      const { name } = change.loadBalancer;
      const seen = looked.sights.map((sight) => ({
        phase,
        probe,
        loadBalancer: name,
        ...(change.targetGroup === undefined ? { instancePort } : { targetGroup: change.targetGroup.name }),
        at,
        ...sight,
      }));
      checks.push(...seen);
      for (const note of looked.notes ?? []) say(probe, change, note);
      return seen;
    };

  const before = async (probe: GuardProbe, watcher: GuardWatcher, guarded: Guarded) => {
    const { change } = guarded;
    const looked = await watcher.before();
    const failed = recorder('baseline', probe.name, guarded)(looked).find(({ passed }) => !passed);
    if (failed !== undefined) return baselineFailed(failed, looked.hint, switchesOn(guarded));
    const [slow, hold] = [watcher.noticesAfterMs(), holdOf(watcher)];
    if (slow !== undefined && slow > hold)
      say(
        probe.name,
        change,
        `it may take ${slow / 1000} s to notice a fault, but is only watched for ${hold / 1000} s: --guard-hold ${slow / 1000}s is long enough`,
      );
    return undefined;
  };

  const holdOf = (watcher: GuardWatcher): number => holdMs ?? watcher.holdMs() ?? defaultHoldMs;

  return {
    report: () => ({
      probe: probes.map(({ name }) => name).join(', '),
      probes: probes.map(({ name }) => name),
      checks: [...checks],
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
    }),
    baseline: async (changes, signal) => {
      const asked = new Set<GuardWatcher>();
      for (const change of changes) {
        for (const guarded of guardedBy(change)) {
          const looks = probes.flatMap((probe) => {
            const watcher = probe.watcherOf(change, guarded.instancePort);
            if (asked.has(watcher)) return [];
            asked.add(watcher);
            return [before(probe, watcher, guarded)];
          });
          const objections = await unlessStopped(Promise.all(looks), signal);
          if (objections === undefined) return undefined;
          const objection = objections.find((one) => one !== undefined);
          if (objection !== undefined) return objection;
        }
      }
      return undefined;
    },
    watch: (where, signal) => {
      const beginning = where.flatMap((guarded) =>
        probes.map((probe) => ({
          probe,
          guarded,
          watcher: probe.watcherOf(guarded.change, guarded.instancePort),
        })),
      );
      // A watcher that two of them share is used once.
      const watches = beginning
        .filter(({ watcher }, index) => beginning.findIndex((other) => other.watcher === watcher) === index)
        .map(({ probe, guarded, watcher }) => ({
          name: probe.name,
          watcher,
          holdMs: holdOf(watcher),
          record: recorder('after', probe.name, guarded),
        }));
      for (const { probe, guarded, watcher } of beginning) {
        const { change } = guarded;
        if (watched.some((one) => one.watcher === watcher && one.change === change)) continue;
        const back = recorder('restored', probe.name, guarded);
        const look = async () => back(await watcher.look()).every(({ passed }) => passed);
        watched.push({ watcher, change, look });
      }
      const watching = where.map(({ change: { loadBalancer, targetGroup }, instancePort }) => ({
        loadBalancer,
        ...(targetGroup === undefined ? { instancePort } : { targetGroup: targetGroup.name }),
      }));
      return watchPorts(watches, windowMs, signal, clock, (progress) =>
        emit({ code: 'guard-watching', where: watching, progress }),
      );
    },
    restored: async (wasPutBack, signal) => {
      const looks = Promise.all(
        watched.map(async ({ watcher, change, look }) => {
          if (!wasPutBack(change.loadBalancer)) return;
          // A recovery that takes minutes is not awaited, and a user who asked to stop wants to leave.
          for (let tries = 1; !(await look()) && tries < looksBack.most; tries++) {
            if (signal.aborted || !watcher.patient) return;
            await clock.sleep(looksBack.pauseMs);
          }
        }),
      );
      // A user who wants to stop is not kept waiting: after an interrupt before the rollback, one short look is enough.
      await (signal.aborted
        ? Promise.race([looks, clock.sleep(looksBack.atMostMs)])
        : unlessStopped(looks, signal));
    },
  };
}

/** Whether a change puts a policy on a port's list, as a switch to the PROXY line does, or switches a target group on. */
function switchesOn({ change, instancePort }: Guarded): boolean {
  if (change.targetGroup !== undefined) return change.steps.some(({ after }) => after === 'true');
  return change.steps.some(
    (step) =>
      step.call === 'SetLoadBalancerPoliciesForBackendServer' &&
      step.instancePort === instancePort &&
      step.after.some((name) => !step.before.includes(name)),
  );
}
