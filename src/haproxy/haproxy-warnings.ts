import type { LoadBalancer } from '../core/model.js';
import { certificatePlaceholder } from './frontend-section.js';
import { checkedOptions, type HaproxyOptions } from './haproxy-options.js';
import { mirror } from './mirror.js';
import { portClash } from './port-clash.js';

/**
 * The things to do or decide before the configuration of `haproxyConfig` works, one sentence each; the
 * configuration says the same in its comments.
 *
 * @throws ElbProxyError of code `usage` for options that cannot be used
 */
export function haproxyWarnings(loadBalancer: LoadBalancer, options: HaproxyOptions = {}): readonly string[] {
  const checked = checkedOptions(options);
  const { frontends, leftOut, websocketPorts } = mirror(loadBalancer, checked.websocketPort);
  const target = frontends.find(({ websocket }) => websocket !== undefined)?.websocket;
  const clashes = frontends.flatMap((frontend) => portClash(frontend, frontends, checked) ?? []);
  return [
    ...leftOut.map(
      ({ listener, why }) => `the listener on port ${listener.loadBalancerPort} is left out: ${why}`,
    ),
    ...(checked.certificate === undefined && frontends.some(({ secure }) => secure)
      ? [
          `an SSL or HTTPS listener needs a certificate: put one at ${certificatePlaceholder(loadBalancer)}, or give --certificate FILE`,
        ]
      : []),
    ...(clashes.length > 0
      ? [
          `${clashes.join(', ')} would be both a listener's and a backend's, so HAProxy would connect to itself: give --bind another address of this machine (on Linux, 127.0.0.2), or other hosts with --backend`,
        ]
      : []),
    ...(target !== undefined && websocketPorts.length > 1 && checked.websocketPort === undefined
      ? [
          `WebSocket requests of HTTP listeners go to instance port ${target.instancePort}, but ${websocketPorts.length} ports have the PROXY policy (${websocketPorts.join(', ')}): choose with --websocket-port N`,
        ]
      : []),
  ];
}
