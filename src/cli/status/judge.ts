import type { FleetItem } from '../../app/inspect-fleet.js';
import { networkHazards } from '../../core/hazards/network/network-hazards.js';
import { hazards } from '../../core/hazards.js';
import type { LoadBalancer } from '../../core/model.js';
import { networkNotKnownOf, targetGroupStatuses } from '../../core/network/network-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import {
  type InstancePortStatus,
  instancePortStatuses,
  instancePorts,
  notKnownOf,
} from '../../core/status.js';
import { keepsGroup, keepsPort, keepsUnknown, type StatusFilter } from '../../core/status-filter.js';
import type { Inspected } from '../../render/json/status.js';
import { type Expectation, unmetGroups, unmetPorts } from './status-expectation.js';

/** A load balancer, judged by filter and expectation. */
export interface Judged {
  readonly inspected: Inspected;
  /** Whether to show it. */
  readonly kept: boolean;
  /** Unmet expectations, one line for each port or group. */
  readonly unmet: readonly string[];
}

interface Asked {
  readonly only: StatusFilter | undefined;
  readonly expectation: Expectation | undefined;
  /** Whether health and tags were asked for. */
  readonly asked: boolean;
}

/** Finds a load balancer's hazards, and holds it to a filter and an expectation. */
export function judge(item: Extract<FleetItem, { readonly loadBalancer: object }>, asked: Asked): Judged {
  return item.kind === 'classic' ? ofClassic(item.loadBalancer, asked) : ofNetwork(item.loadBalancer, asked);
}

function ofClassic(loadBalancer: LoadBalancer, question: Asked): Judged {
  const { only, expectation, asked } = question;
  const found = hazards(loadBalancer, {
    purpose: 'status',
    instancePorts: instancePorts(loadBalancer),
    asked,
  });
  const keeps = (port: InstancePortStatus): boolean => keepsPort(only, port, found);
  return {
    inspected: { loadBalancer, hazards: found },
    kept: isKept(instancePortStatuses(loadBalancer).some(keeps), notKnownOf(loadBalancer), question),
    unmet: expectation === undefined ? [] : unmetPorts(loadBalancer, expectation, keeps),
  };
}

function ofNetwork(loadBalancer: NetworkLoadBalancer, question: Asked): Judged {
  const { only, expectation, asked } = question;
  const targetGroups = (loadBalancer.targetGroups ?? []).map(({ arn }) => arn);
  const found = networkHazards(loadBalancer, { purpose: 'status', targetGroups, asked });
  const statuses = targetGroupStatuses(loadBalancer).map(({ group, ...status }) => ({
    name: group.name,
    arn: group.arn,
    ...status,
  }));
  const kept = statuses.filter((status) => keepsGroup(only, status, found));
  return {
    inspected: { loadBalancer, hazards: found },
    kept: isKept(kept.length > 0, networkNotKnownOf(loadBalancer), question),
    unmet: expectation === undefined ? [] : unmetGroups(loadBalancer, expectation, kept),
  };
}

/** An unknown state may be the one that was asked about, so an expectation must consider it. */
function isKept(any: boolean, notKnown: object | undefined, { only, expectation }: Asked): boolean {
  if (only === undefined || any) return true;
  return notKnown !== undefined && (keepsUnknown(only) || expectation !== undefined);
}
