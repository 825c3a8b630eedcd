import type { GuardSummary } from './guard-summary.js';
import type { Plan } from './plan.js';
import type { RunOutcome } from './report.js';
import type { Step } from './step.js';

/**
 * Who runs a change: enough to distinguish a live run from one that was killed. A process belongs to a boot, a machine and
 * a process id namespace; a field is absent if this system does not have it, or an older version did not record it.
 */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly machine?: string | undefined;
  readonly boot?: string | undefined;
  /** The process id namespace: that of a container, or of the machine. */
  readonly space?: string | undefined;
  /** When the process began, within the boot. */
  readonly started?: string | undefined;
}

/** Which step of the plan a record is about, and whether it is done or taken back. */
export interface StepReference {
  /** Index into the plan's changes. */
  readonly change: number;
  /** Index into that change's steps. */
  readonly step: number;
  readonly direction: 'forward' | 'back';
}

/** The effect of a write, as far as it is known. */
export type WriteEffect = 'done' | 'none' | 'unknown';

interface RecordBase {
  readonly formatVersion: 1;
  readonly changeId: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A run is about to write for the first time. */
export interface BeginRecord extends RecordBase {
  readonly record: 'begin';
  readonly holder: Holder;
  readonly plan: Plan;
}

/** A write is about to be sent. */
export interface WriteRecord extends RecordBase, StepReference {
  readonly record: 'write';
  readonly send: Step;
}

/** The result of the write. */
export interface WrittenRecord extends RecordBase, StepReference {
  readonly record: 'written';
  readonly effect: WriteEffect;
  readonly requestId?: string | undefined;
  readonly errorCode?: string | undefined;
}

/** Why a run was not simply applied. */
export interface EndError {
  readonly code: string;
  readonly message: string;
}

/** The longest message that an end record holds; what is longer is cut. */
export const longestReason = 2000;

/** The run ended by itself. What is optional here, older versions did not write. */
export interface EndRecord extends RecordBase {
  readonly record: 'end';
  readonly outcome: RunOutcome;
  readonly error?: EndError | undefined;
  readonly guard?: GuardSummary | undefined;
}

/** One line of the journal. */
export type JournalRecord = BeginRecord | WriteRecord | WrittenRecord | EndRecord;
