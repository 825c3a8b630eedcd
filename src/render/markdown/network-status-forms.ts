import { checkWords } from '../../core/hazards/network/health-check-table.js';
import { networkListenerName } from '../../core/network/group-status.js';
import type { NetworkLoadBalancerStatus } from '../json/network-status.js';
import { notKnownState } from '../text/proxy-state.js';
import { cellLines, markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import { hazardSection } from './hazard-items.js';
import { identityFacts, nameAndRegion } from './identity.js';
import { picture, pictureForms } from './picture.js';
import { notKnownBlocks, stateWords } from './status-words.js';

/** One Network Load Balancer's status at length: with its picture, if it is to be drawn, and without. */
export function networkStatusForms(status: NetworkLoadBalancerStatus, draw: boolean): readonly string[] {
  const title = [`#### ${nameAndRegion(status)}`, factLine(status)];
  const rest = [
    groupTable(status),
    ...notKnownBlocks(status.notKnown),
    ...hazardSection('Hazards of enabling it', status.hazards, { forced: [] }),
  ];
  return pictureForms(title, draw ? drawing(status) : undefined, rest);
}

function factLine(status: NetworkLoadBalancerStatus): string {
  const { scheme, vpcId, ipAddressType } = status;
  return [
    'Network Load Balancer',
    ...(scheme === undefined ? [] : [codeSpan(scheme)]),
    ...identityFacts(status),
    ...(vpcId === undefined ? [] : [codeSpan(vpcId)]),
    ...(ipAddressType === undefined ? [] : [codeSpan(ipAddressType)]),
  ].join(' · ');
}

function groupTable(status: NetworkLoadBalancerStatus): string {
  const { targetGroups, notKnown } = status;
  const unknown = notKnown?.targetGroups ?? [];
  if (targetGroups.length === 0 && unknown.length === 0)
    return notKnown === undefined ? 'No target groups.' : 'No target group is known.';
  return markdownTable(
    ['listeners', 'target group', 'PROXY v2', 'health check', 'healthy'],
    [
      ...targetGroups.map((group) => [
        listenerCell(status, group.name),
        codeSpan(`${group.name} ${group.protocol} ${group.port ?? ''}`.trim()),
        stateWords(group),
        group.healthCheck === undefined ? notKnownState : codeSpan(checkWords(group)),
        group.targets === undefined ? '' : `${group.targets.healthy} of ${group.targets.total}`,
      ]),
      ...unknown.map((name) => [
        listenerCell(status, name),
        codeSpan(name),
        `? ${notKnownState}`,
        notKnownState,
        '',
      ]),
    ],
  );
}

function listenerCell(status: NetworkLoadBalancerStatus, name: string): string {
  if (status.listeners === undefined) return notKnownState;
  return cellLines(listenersTo(status, name).map((listener) => codeSpan(listener)));
}

function listenersTo({ listeners = [] }: NetworkLoadBalancerStatus, name: string): readonly string[] {
  return listeners
    .filter(({ targetGroups }) => targetGroups.some((group) => group.name === name))
    .map((listener) => networkListenerName(listener));
}

function drawing(status: NetworkLoadBalancerStatus): readonly string[] {
  const { targetGroups } = status;
  if (targetGroups.length === 0) return [];
  return [
    picture([
      {
        title: 'Now',
        ports: targetGroups.map((group) => ({
          place: `target group ${group.name}`,
          listeners: listenersTo(status, group.name),
          policies: [],
          instead: group.proxyProtocol === 'enabled' ? 'PROXY v2' : 'no PROXY',
        })),
      },
    ]),
  ];
}
