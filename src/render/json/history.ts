import type { JournaledChange } from '../../core/history.js';
import type { Action, PlanChange } from '../../core/plan.js';
import type { RunOutcome } from '../../core/report.js';
import { known } from './known.js';
import { documentFormatVersion } from './status.js';

/** What one change touched of one load balancer. */
export interface ChangedLoadBalancer {
  readonly name: string;
  readonly region: string;
  /** The instance ports whose lists it was to replace, ascending. */
  readonly instancePorts: readonly number[];
}

/** One change made from this machine. */
export interface HistoryEntry {
  readonly changeId: string;
  /** When it began; ISO 8601, UTC. */
  readonly at: string;
  readonly action: Action;
  /** `elb-proxy X.Y.Z`. */
  readonly tool?: string | undefined;
  /** `running`: the run is at work still; `interrupted`: it was cut off, and may be partly in effect. */
  readonly outcome: RunOutcome | 'interrupted' | 'running';
  readonly loadBalancers: readonly ChangedLoadBalancer[];
  /** The change that this one put back. */
  readonly undoes?: string | undefined;
  /** The change that put this one back. */
  readonly undoneBy?: string | undefined;
}

/** What `history -o json` prints. */
export interface HistoryDocument {
  readonly formatVersion: typeof documentFormatVersion;
  /** Newest first. */
  readonly changes: readonly HistoryEntry[];
  /** What could not be read of the journal. */
  readonly warnings: readonly string[];
}

/** A journaled change, and whether the run that makes it is still at work. */
export interface WatchedChange {
  readonly change: JournaledChange;
  readonly isRunning: boolean;
}

/** The history document: newest first, from changes that are given oldest first, as the journal folds them. */
export function historyDocument(
  changes: readonly WatchedChange[],
  warnings: readonly string[],
): HistoryDocument {
  return { formatVersion: documentFormatVersion, changes: changes.map(historyEntry).toReversed(), warnings };
}

function historyEntry({ change, isRunning }: WatchedChange): HistoryEntry {
  const { changeId, at, plan, outcome, undoneBy } = change;
  return known({
    changeId,
    at,
    action: plan.action,
    tool: plan.tool,
    outcome: outcome === 'open' ? (isRunning ? 'running' : 'interrupted') : outcome,
    loadBalancers: plan.changes.filter(({ steps }) => steps.length > 0).map(changedLoadBalancer),
    undoes: plan.undoes,
    undoneBy,
  });
}

function changedLoadBalancer({ loadBalancer, steps }: PlanChange): ChangedLoadBalancer {
  const instancePorts = steps.flatMap((step) =>
    step.call === 'SetLoadBalancerPoliciesForBackendServer' ? [step.instancePort] : [],
  );
  return {
    name: loadBalancer.name,
    region: loadBalancer.region,
    instancePorts: [...new Set(instancePorts)].toSorted((a, b) => a - b),
  };
}
