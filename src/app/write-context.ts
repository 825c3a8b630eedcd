import type { Emit } from './events.js';
import type { Clock, Journal, StillLocked } from './ports.js';

/** The dependencies of a write. */
export interface WriteContext {
  readonly changeId: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Once aborted, no further try is begun. */
  readonly signal?: AbortSignal | undefined;
  readonly stillLocked?: StillLocked | undefined;
  /** For how long a write that does not show is waited for, in milliseconds. */
  readonly settleMs: number;
  /** It carries out an undo: a read that is behind may show its goals, which were so before the change. */
  readonly undoes?: boolean | undefined;
}
