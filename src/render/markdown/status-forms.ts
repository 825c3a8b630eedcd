import type { LoadBalancerStatus, StatusEntry } from '../json/status.js';
import { counted } from '../text/counted.js';
import { hazardCount } from '../text/hazard-lines.js';
import { listenerName } from '../text/listener-picture.js';
import { notKnownState } from '../text/proxy-state.js';
import { addToSum, emptySum, onForWords } from '../text/status-sum.js';
import { cellLines, markdownTable } from './blocks.js';
import { codeSpan, codeSpans } from './code-span.js';
import { fromClassic } from './from-classic.js';
import { hazardSection } from './hazard-items.js';
import { identityFacts, nameAndRegion } from './identity.js';
import { listenerCell } from './list-table.js';
import { networkStatusForms } from './network-status-forms.js';
import { picture, pictureForms } from './picture.js';
import { notKnownBlocks, stateWords } from './status-words.js';

/** One load balancer's status at length: with its picture, if it is to be drawn, and without. */
export function statusForms(status: StatusEntry, draw: boolean): readonly string[] {
  return status.kind === 'network' ? networkStatusForms(status, draw) : classicForms(status, draw);
}

function classicForms(status: LoadBalancerStatus, draw: boolean): readonly string[] {
  const title = [`#### ${nameAndRegion(status)}`, factLine(status)];
  const rest = [
    portTable(status),
    ...notKnownBlocks(status.notKnown),
    ...listenerPolicies(status),
    ...hazards(status),
    ...fromClassic(status),
  ];
  return pictureForms(title, draw ? drawing(status) : undefined, rest);
}

/** One load balancer's status in a line. */
export function statusLine(status: StatusEntry): string {
  return `- ${nameAndRegion(status)}: ${briefly(status)}`;
}

function factLine(status: LoadBalancerStatus): string {
  const { scheme, vpcId, instances, healthCheck } = status;
  return [
    ...(scheme === undefined ? [] : [codeSpan(scheme)]),
    ...identityFacts(status),
    ...(vpcId === undefined ? [] : [codeSpan(vpcId)]),
    ...(instances === undefined
      ? []
      : [`${instances.inService} of ${counted(instances.total, 'instance')} InService`]),
    healthCheck === undefined ? 'health check not known' : `health check ${codeSpan(healthCheck.target)}`,
  ].join(' · ');
}

function portTable({ instancePorts, notKnown, listeners }: LoadBalancerStatus): string {
  const unknown = notKnown?.instancePorts ?? [];
  if (instancePorts.length === 0 && unknown.length === 0)
    return notKnown === undefined ? 'No listeners and no instance ports.' : 'No instance port is known.';
  return markdownTable(
    ['listeners', 'instance port', 'PROXY', 'policies, in order'],
    [
      ...instancePorts.map(({ instancePort, proxyProtocol, sends, policyNames, proxyPolicyNames }) => [
        listenerCell(listeners, instancePort),
        String(instancePort),
        stateWords({ proxyProtocol, sends }),
        cellLines(
          policyNames.map((name) =>
            proxyPolicyNames.includes(name) ? `${codeSpan(name)} (PROXY)` : codeSpan(name),
          ),
        ),
      ]),
      ...unknown.map((port) => [
        listenerCell(listeners, port),
        String(port),
        `? ${notKnownState}`,
        notKnownState,
      ]),
    ],
  );
}

function drawing({ instancePorts, listeners }: LoadBalancerStatus): readonly string[] {
  if (instancePorts.length === 0) return [];
  return [
    picture([
      {
        title: 'Now',
        ports: instancePorts.map(({ instancePort, policyNames, proxyPolicyNames }) => ({
          place: `instance port ${instancePort}`,
          listeners: listeners
            .filter((listener) => listener.instancePort === instancePort)
            .map((listener) => listenerName(listener)),
          policies: policyNames.map((name) => ({
            name,
            remark: proxyPolicyNames.includes(name) ? 'PROXY' : undefined,
          })),
        })),
      },
    ]),
  ];
}

function listenerPolicies({ listeners }: LoadBalancerStatus): readonly string[] {
  const having = listeners.filter(({ policyNames }) => policyNames.length > 0);
  if (having.length === 0) return [];
  return [
    `**Policies on listeners** (never touched):\n\n${having
      .map((listener) => `- ${codeSpan(listenerName(listener))}: ${codeSpans(listener.policyNames)}`)
      .join('\n')}`,
  ];
}

function hazards({ hazards: found }: LoadBalancerStatus): readonly string[] {
  return hazardSection('Hazards of enabling it', found, { forced: [] });
}

function briefly(status: StatusEntry): string {
  const sum = addToSum(emptySum, status);
  return [
    `PROXY is on for ${onForWords(sum)}`,
    ...(status.hazards.length === 0 ? [] : [hazardCount(status.hazards)]),
  ].join('; ');
}
