import { compareNames } from '../compare-names.js';
import { nameSome } from '../name-some.js';
import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../network-load-balancer.js';
import { cannotSendHeader, listenersOfGroup, networkListenerName } from './group-status.js';

/** Which target groups someone chose: some by name or ARN, those that listeners forward to, or all that can have the header. */
export type GroupChoice =
  | { readonly targetGroups: readonly string[] }
  | { readonly listeners: readonly number[] }
  | 'all';

/** A choice that is not possible. */
export type WrongChoice =
  | { readonly kind: 'no-listener'; readonly port: number; readonly ports: readonly number[] }
  | { readonly kind: 'forwards-to-none'; readonly listener: NetworkListener }
  | { readonly kind: 'group-not-listed'; readonly listener: NetworkListener; readonly arn: string }
  | { readonly kind: 'no-group'; readonly left: readonly TargetGroup[] };

/** The chosen groups, by name; `others`: words that name no group here; `left`: groups that can't have the header. */
export interface ChosenGroups {
  readonly groups: readonly TargetGroup[];
  readonly others: readonly string[];
  readonly left?: readonly TargetGroup[] | undefined;
}

/** The groups of a load balancer that are meant, or the first thing that is wrong with the choice. */
export function chooseGroups(
  loadBalancer: NetworkLoadBalancer,
  choice: GroupChoice,
): ChosenGroups | { readonly wrong: WrongChoice } {
  const all = loadBalancer.targetGroups ?? [];
  if (choice === 'all') {
    const left = sorted(all.filter((group) => cannotSendHeader(group) !== undefined));
    const groups = sorted(all.filter((group) => !left.includes(group)));
    return groups.length === 0 ? { wrong: { kind: 'no-group', left } } : { groups, others: [], left };
  }
  if ('listeners' in choice) return behindListeners(loadBalancer, choice.listeners);
  const groups = choice.targetGroups.map((word) =>
    all.find(({ arn, name }) => arn === word || name === word),
  );
  return {
    groups: sorted(groups.filter((group) => group !== undefined)),
    others: choice.targetGroups.filter((_, index) => groups[index] === undefined),
  };
}

function behindListeners(
  { listeners = [], targetGroups = [] }: NetworkLoadBalancer,
  ports: readonly number[],
): ChosenGroups | { readonly wrong: WrongChoice } {
  const groups: TargetGroup[] = [];
  for (const port of ports) {
    const own = listeners.filter((listener) => listener.port === port);
    if (own.length === 0) {
      const known = [...new Set(listeners.map((listener) => listener.port))].toSorted((a, b) => a - b);
      return { wrong: { kind: 'no-listener', port, ports: known } };
    }
    for (const listener of own) {
      if (listener.targetGroups.length === 0) return { wrong: { kind: 'forwards-to-none', listener } };
      for (const { arn } of listener.targetGroups) {
        const group = targetGroups.find((one) => one.arn === arn);
        if (group === undefined) return { wrong: { kind: 'group-not-listed', listener, arn } };
        groups.push(group);
      }
    }
  }
  return { groups: sorted(groups), others: [] };
}

/** Groups that can't have the header, each with the reason: `front (target type alb), web (protocol HTTP)`. */
export function withoutHeaderInWords(groups: readonly TargetGroup[]): string {
  return nameSome(groups.map((group) => `${group.name} (${cannotSendHeader(group) ?? 'not known'})`));
}

function sorted(groups: readonly TargetGroup[]): readonly TargetGroup[] {
  return [...new Set(groups)].toSorted((a, b) => compareNames(a.name, b.name));
}

/** A load balancer's groups for people: `web (TCP 443), mail (TCP 25)`. */
export function groupsInWords(loadBalancer: NetworkLoadBalancer): readonly string[] {
  return (loadBalancer.targetGroups ?? []).map(({ arn, name }) => {
    const own = (listenersOfGroup(loadBalancer, arn) ?? []).map(networkListenerName);
    return own.length === 0 ? name : `${name} (${own.join(', ')})`;
  });
}
