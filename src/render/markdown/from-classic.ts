import { type NetworkEquivalent, networkEquivalents } from '../../core/network-equivalent.js';
import { proxyProtocolV2Key } from '../../core/network-load-balancer.js';
import { nextCommand } from '../../core/next-command.js';
import type { LoadBalancerStatus } from '../json/status.js';
import { listenerName } from '../text/listener-picture.js';
import { cellLines, folded, markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import { prose } from './prose.js';

/** The Network Load Balancer that would do the same; folded, and only where one load balancer is asked about. */
export function fromClassic(status: LoadBalancerStatus): readonly string[] {
  const { name, region, listeners, instances, notKnown } = status;
  if (instances === undefined || notKnown !== undefined || listeners.length === 0) return [];
  const rows = networkEquivalents(status);
  const ports = [...new Set(rows.filter(({ proxyProtocol }) => proxyProtocol).map(portOf))];
  const probes = ports.map((port) =>
    codeSpan(nextCommand('verify backend', [], { 'load-balancer': name, port: String(port), region })),
  );
  return [
    folded(
      `What a Network Load Balancer would need (${rows.length})`,
      [
        markdownTable(
          [
            'listener today',
            'its listener',
            'target group',
            codeSpan(proxyProtocolV2Key),
            'health check',
            'not the same',
          ],
          rows.map(rowOf),
        ),
        ...(probes.length === 0
          ? []
          : [
              `Which versions the backends take today, before anything moves (both are tried): ${probes.join(', ')}`,
            ]),
        `The steps are in ${codeSpan('elb-proxy help from-classic')}.`,
      ].join('\n\n'),
    ),
  ];
}

function portOf({ listener }: NetworkEquivalent): number {
  return listener.instancePort;
}

function rowOf(one: NetworkEquivalent): readonly string[] {
  return [
    codeSpan(listenerName(one.listener)),
    codeSpan(one.networkListener),
    codeSpan(one.targetGroup),
    one.proxyProtocol === undefined ? 'not known' : codeSpan(String(one.proxyProtocol)),
    one.healthCheck === undefined ? 'not known' : prose(one.healthCheck),
    cellLines(one.differences.map((difference) => prose(difference))),
  ];
}
