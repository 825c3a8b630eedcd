import type { Sends } from '../../core/status.js';
import type { StatusEntry } from '../json/status.js';
import { counted } from './counted.js';

/** Counts of instance ports, or of target groups. */
interface UnitSum {
  readonly all: number;
  /** Those with at least some connections that carry the header. */
  readonly enabled: number;
  /** Those where it is on and nothing carries the header. */
  readonly unsent: number;
  readonly conflicting: number;
  /** If the service left out what would say it. */
  readonly notKnown: number;
}

/** Counts over all load balancers, so that none of them has to be kept. */
export interface StatusSum {
  readonly loadBalancers: number;
  /** Those that are shown: a filter hides the others, and they still count. */
  readonly shown: number;
  readonly instancePorts: UnitSum;
  readonly targetGroups: UnitSum;
}

const none: UnitSum = { all: 0, enabled: 0, unsent: 0, conflicting: 0, notKnown: 0 };

/** The sum over no load balancers. */
export const emptySum: StatusSum = { loadBalancers: 0, shown: 0, instancePorts: none, targetGroups: none };

/** The sum with one more load balancer. */
export function addToSum(sum: StatusSum, status: StatusEntry, isShown = true): StatusSum {
  const loadBalancers = sum.loadBalancers + 1;
  const shown = sum.shown + (isShown ? 1 : 0);
  return status.kind === 'classic'
    ? {
        ...sum,
        loadBalancers,
        shown,
        instancePorts: add(sum.instancePorts, status.instancePorts, status.notKnown?.instancePorts.length),
      }
    : {
        ...sum,
        loadBalancers,
        shown,
        targetGroups: add(sum.targetGroups, status.targetGroups, status.notKnown?.targetGroups.length),
      };
}

interface Unit {
  readonly proxyProtocol: string;
  readonly sends?: Sends | undefined;
}

function add(sum: UnitSum, units: readonly Unit[], notKnown = 0): UnitSum {
  const count = (matches: (unit: Unit) => boolean): number => units.filter(matches).length;
  return {
    all: sum.all + units.length + notKnown,
    enabled: sum.enabled + count((unit) => unit.proxyProtocol === 'enabled' && unit.sends !== 'none'),
    unsent: sum.unsent + count((unit) => unit.proxyProtocol === 'enabled' && unit.sends === 'none'),
    conflicting: sum.conflicting + count((unit) => unit.proxyProtocol === 'conflicting'),
    notKnown: sum.notKnown + notKnown,
  };
}

/** `2 of 5 instance ports, conflicting on 1, and 1 of 3 target groups`: for how many PROXY is on. */
export function onForWords({ instancePorts, targetGroups }: StatusSum): string {
  const ports = `${instancePorts.enabled} of ${counted(instancePorts.all, 'instance port')}${exceptions(instancePorts)}`;
  if (targetGroups.all === 0) return ports;
  const groups = `${targetGroups.enabled} of ${counted(targetGroups.all, 'target group')}${exceptions(targetGroups)}`;
  if (instancePorts.all === 0) return groups;
  return `${ports}${exceptions(instancePorts) === '' ? '' : ','} and ${groups}`;
}

function exceptions({ unsent, conflicting, notKnown }: UnitSum): string {
  return (
    (unsent === 0 ? '' : `, on but not sent on ${unsent}`) +
    (conflicting === 0 ? '' : `, conflicting on ${conflicting}`) +
    (notKnown === 0 ? '' : `, not known on ${notKnown}`)
  );
}
