import type { Caller } from '../../core/caller.js';
import { writtenPorts } from '../../core/change-facts.js';
import type { JournaledChange } from '../../core/history.js';
import type { Liveness } from '../../core/liveness.js';
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
  /** The names of the target groups that it was to switch, where it is a Network Load Balancer. */
  readonly targetGroups?: readonly string[] | undefined;
}

/** One change made from this machine. */
export interface HistoryEntry {
  readonly changeId: string;
  /** When it began; ISO 8601, UTC. */
  readonly at: string;
  readonly action: Action;
  /** `elb-proxy X.Y.Z`. */
  readonly tool?: string | undefined;
  /**
   * `running`: the run is still going; `interrupted`: it was cut off, and may be partly in effect; `unknown`: one of
   * both, on a host or in a container whose processes can't be seen from here.
   */
  readonly outcome: RunOutcome | 'interrupted' | 'running' | 'unknown';
  /** Where it was made. */
  readonly host?: string | undefined;
  readonly loadBalancers: readonly ChangedLoadBalancer[];
  /** The custom endpoint at which it was made. */
  readonly endpoint?: string | undefined;
  /** Who made it. */
  readonly caller?: Caller | undefined;
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
  /** Whether there are older changes, which `--all` shows. */
  readonly older: boolean;
}

/** A journaled change, and whether the run that makes it is still going. */
export interface WatchedChange extends JournaledChange {
  readonly liveness: Liveness;
}

/** What the journal gives, newest first. */
export interface WatchedHistory {
  readonly changes: readonly WatchedChange[];
  readonly warnings: readonly string[];
  readonly older: boolean;
}

/** The history document, in the order that is given. */
export function historyDocument({ changes, warnings, older }: WatchedHistory): HistoryDocument {
  return { formatVersion: documentFormatVersion, changes: changes.map(historyEntry), warnings, older };
}

/** A journaled change as one entry. */
export function historyEntry({
  changeId,
  at,
  holder,
  plan,
  outcome,
  undoneBy,
  liveness,
}: WatchedChange): HistoryEntry {
  return known({
    changeId,
    at,
    action: plan.action,
    tool: plan.tool,
    endpoint: plan.endpoint,
    caller: plan.caller,
    outcome: outcome === 'open' ? openOutcome[liveness] : outcome,
    host: holder.host,
    loadBalancers: changedLoadBalancers(plan.changes.filter(({ steps }) => steps.length > 0)),
    undoes: plan.undoes,
    undoneBy,
  });
}

const openOutcome = { running: 'running', over: 'interrupted', unknown: 'unknown' } as const;

/** Each load balancer once: of a Network Load Balancer every target group is a change of its own. */
function changedLoadBalancers(changes: readonly PlanChange[]): readonly ChangedLoadBalancer[] {
  const networks = new Map<string, ChangedLoadBalancer>();
  const found: ChangedLoadBalancer[] = [];
  for (const { loadBalancer, targetGroup, steps } of changes) {
    const { name, region } = loadBalancer;
    if (targetGroup === undefined) {
      const ports = [...new Set(writtenPorts(steps))].toSorted((a, b) => a - b);
      found.push({ name, region, instancePorts: ports });
      continue;
    }
    const key = `${region}/${name}`;
    const { targetGroups = [] } = networks.get(key) ?? {};
    networks.set(key, { name, region, instancePorts: [], targetGroups: [...targetGroups, targetGroup.name] });
  }
  return [...found, ...networks.values()];
}
