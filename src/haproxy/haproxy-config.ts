import type { LoadBalancer } from '../core/model.js';
import { backendSection } from './backend-section.js';
import { configuration } from './configuration.js';
import { frontendSection } from './frontend-section.js';
import { type CheckedOptions, checkedOptions, type HaproxyOptions } from './haproxy-options.js';
import { healthCheckRemarks } from './health-check.js';
import { type Frontend, type LeftOut, type Mirror, mirror } from './mirror.js';
import { comments, commentText } from './words.js';

/** How many instance ids are listed; a load balancer may have a thousand. */
const mostInstances = 20;

/**
 * A configuration for HAProxy 2.6 and newer that replaces a load balancer: a frontend for each listener, a backend
 * for each instance port, `send-proxy` where the instance port has the PROXY policy. Always the same for the same input.
 * No name from the API can add a directive.
 *
 * @param loadBalancer read with its policies; without them no port is known to have the PROXY policy
 * @throws ElbProxyError of code `usage` for options that cannot be used
 */
export function haproxyConfig(loadBalancer: LoadBalancer, options: HaproxyOptions = {}): string {
  const checked = checkedOptions(options);
  const mirrored = mirror(loadBalancer, checked.websocketPort);
  const sections = [
    defaults,
    ...mirrored.frontends.map((frontend) =>
      frontendSection(frontend, loadBalancer, checked, mirrored.frontends),
    ),
    ...(mirrored.backends.length > 0 ? [standIns(loadBalancer, checked, options)] : []),
    ...mirrored.backends.map((backend) => backendSection(backend, loadBalancer, checked)),
  ];
  return configuration('Classic', loadBalancer, { remarks: remarksOn(mirrored), sections });
}

const defaults = [
  'defaults',
  '    log global',
  '    timeout connect 5s',
  ...comments([
    "The load balancer's idle timeout, 60 s unless its attribute ConnectionSettings.IdleTimeout, which was not",
    'asked for, says otherwise:',
  ]),
  ...['client', 'server', 'tunnel', 'http-keep-alive', 'http-request'].map(
    (name) => `    timeout ${name} 60s`,
  ),
];

function remarksOn({ frontends, leftOut, stalePorts }: Mirror): readonly string[] {
  return [
    ...frontends.map(listenerLine),
    ...leftOut.map(leftOutLine),
    ...stalePorts.map(
      (port) => `Left out: instance port ${port}, which has the PROXY policy but no listener`,
    ),
    ...(frontends.length === 0 ? ['No listener: HAProxy has nothing to start.'] : []),
  ];
}

function listenerLine({ listener, backend, websocket }: Frontend): string {
  const { protocol, loadBalancerPort, instanceProtocol, instancePort } = listener;
  const line = backend.sendsLine ? 'PROXY line' : 'no PROXY line';
  const also = websocket ? `; WebSocket requests to ${websocket.instancePort} with PROXY line` : '';
  return `${protocol} ${loadBalancerPort} -> ${instanceProtocol} ${instancePort}, ${line}${also}`;
}

function leftOutLine({ listener, why }: LeftOut): string {
  const { protocol, loadBalancerPort, instanceProtocol, instancePort } = listener;
  const words = `${commentText(protocol)} ${loadBalancerPort} -> ${commentText(instanceProtocol)} ${instancePort}`;
  return `Left out: listener ${words}: ${why}`;
}

/** The comments on the servers that replace the registered instances. */
function standIns(loadBalancer: LoadBalancer, { backends }: CheckedOptions, given: HaproxyOptions) {
  const { instanceIds } = loadBalancer;
  const hosts = backends.join(', ');
  const chosen = (given.backends ?? []).length > 0;
  const registered =
    instanceIds === undefined
      ? ['Registered instances: not known']
      : [
          `Registered instances: ${instanceIds.length === 0 ? 'none' : instanceIds.length}`,
          ...instanceIds.slice(0, mostInstances).map((id) => `  ${commentText(id)}`),
          ...(instanceIds.length > mostInstances ? [`  and ${instanceIds.length - mostInstances} more`] : []),
        ];
  return comments(
    [
      ...registered,
      chosen
        ? `Replaced by --backend: ${hosts}. HAProxy looks names up once, when it starts.`
        : `Replaced by: ${hosts}. For others, generate the file again with --backend HOST, once for each.`,
      '',
      ...healthCheckRemarks(loadBalancer),
    ],
    '',
  );
}
