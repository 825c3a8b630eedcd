import type { Caller } from './caller.js';
import type { NetworkChange } from './network/network-change.js';
import type { Action, ClassicChange } from './plan.js';
import type { ClassicStep, ModifyAttributeStep, Step } from './step.js';

/** The version of the report's shape. */
export const reportFormatVersion = 1;

/**
 * How a step ended: `done` (in effect), `failed` (tried, without effect), `not-run`, `rolled-back`,
 * or `unknown` (no answer came and reading again failed: it may or may not be in effect).
 */
export type StepOutcome = 'done' | 'failed' | 'not-run' | 'rolled-back' | 'unknown';

/** A step of the plan with what became of it. */
export type ReportedStep<S extends Step = Step> = S & {
  readonly outcome: StepOutcome;
  readonly requestId?: string | undefined;
};

/** A change of a Classic load balancer with what became of its steps. */
export type ReportedClassicChange = Omit<ClassicChange, 'steps'> & {
  readonly steps: readonly ReportedStep<ClassicStep>[];
};

/** A change of a target group with what became of its step. */
export type ReportedNetworkChange = Omit<NetworkChange, 'steps'> & {
  readonly steps: readonly ReportedStep<ModifyAttributeStep>[];
};

/** A change of the plan with what became of its steps. */
export type ReportedChange = ReportedClassicChange | ReportedNetworkChange;

/**
 * How a run ended. `unchanged`: nothing was written; `refused`: stopped for safety before anything was written;
 * `rolled-back`: everything that was written was put back; `partial`: something of it is still in effect.
 */
export type RunOutcome = 'applied' | 'unchanged' | 'refused' | 'rolled-back' | 'partial';

/** Something of a stopped run that is still there, and the command that takes it back. */
export interface Leftover {
  readonly loadBalancer: string;
  readonly region: string;
  readonly message: string;
  /** A policy that is attached to nothing changes no traffic. */
  readonly harmless: boolean;
  /** It was left on purpose: nothing failed. */
  readonly kept?: boolean | undefined;
  /** The command that looks. */
  readonly look?: string | undefined;
  readonly command?: string | undefined;
}

/** When a guard's check was made: before anything was written, after a port was changed, or after it was put back. */
export type GuardPhase = 'baseline' | 'after' | 'restored';

/** One check of a guard. */
export interface GuardCheck {
  readonly phase: GuardPhase;
  /** Which `--guard` looked. */
  readonly probe: string;
  readonly loadBalancer: string;
  /** For a Classic load balancer. */
  readonly instancePort?: number | undefined;
  /** The target group's name, of a Network Load Balancer. */
  readonly targetGroup?: string | undefined;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The target: `address:port` that was connected to; a load balancer for `health`; an alarm's region. */
  readonly target: string;
  readonly passed: boolean;
  /** The observation in a few words: `HTTP 200`, `connection reset`. */
  readonly seen: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** A change of a guard's targets, or why it may not notice a fault; not a failure. */
export interface GuardNote {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly probe: string;
  readonly loadBalancer: string;
  readonly message: string;
}

/** The guards' observations over a run. */
export interface GuardReport {
  /** The probes as they were given, in one line: `http:/path, health`. */
  readonly probe: string;
  readonly probes: readonly string[];
  readonly checks: readonly GuardCheck[];
  readonly notes?: readonly GuardNote[] | undefined;
}

/** An error as documents carry it. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The document of a real run: the plan's changes, with the outcome of each step. */
export interface Report {
  readonly formatVersion: typeof reportFormatVersion;
  readonly action: Action;
  /** Names the change in the journal, for `undo`; null if nothing was written. */
  readonly changeId: string | null;
  readonly outcome: RunOutcome;
  /** The custom endpoint that was asked, if any. */
  readonly endpoint?: string | undefined;
  /** Who acted; absent if that is not known. */
  readonly caller?: Caller | undefined;
  readonly changes: readonly ReportedChange[];
  readonly leftovers: readonly Leftover[];
  readonly guard?: GuardReport | undefined;
  /** Why it was not simply applied; with `applied`, that someone asked to stop when it was too late for it. */
  readonly reason?: string | undefined;
  readonly error?: ErrorDocument | undefined;
}
