import type { HistoryEntry as Change, History } from '../../app/history.js';
import { writtenPorts } from '../../core/change-facts.js';
import type { PlanChange } from '../../core/plan.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import type { changedLoadBalancer, historyEntry as entry, historySchema } from './history-schema.js';

/** The part of one load balancer that one change touched. */
export type ChangedLoadBalancer = DocumentOf<typeof changedLoadBalancer>;

/** One change made from this machine. */
export type HistoryEntry = DocumentOf<typeof entry>;

/** The document of `history -o json`. */
export type HistoryDocument = DocumentOf<typeof historySchema>;

/** The history document, in the order that is given. */
export function historyDocument({ changes, warnings, older }: Omit<History, 'lost'>): HistoryDocument {
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
  completedBy,
  liveness,
}: Change): HistoryEntry {
  return withoutUndefined({
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
    completedBy,
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
