import { hostAndPort } from '../core/host-and-port.js';
import type { LoadBalancer } from '../core/model.js';
import { instancePortStatus, isForwarding } from '../core/status.js';
import type { CheckedOptions } from './haproxy-options.js';
import { healthCheckLines } from './health-check.js';
import type { Backend } from './mirror.js';
import { comments, commentText } from './words.js';

/** The backend section of an instance port. */
export function backendSection(
  backend: Backend,
  loadBalancer: LoadBalancer,
  options: CheckedOptions,
): readonly string[] {
  const { name, mode, instancePort, secure, sendsLine } = backend;
  const words = [...(sendsLine ? ['send-proxy'] : []), ...(secure ? ['ssl verify none'] : [])];
  return [
    `# Instance port ${instancePort}${backend.websocket ? ', for WebSocket requests' : ''}`,
    `backend ${name}`,
    `    mode ${mode}`,
    // The load balancer's own ways: round robin for TCP, the fewest requests under way for HTTP.
    `    balance ${mode === 'tcp' ? 'roundrobin' : 'leastconn'}`,
    ...healthCheckLines(loadBalancer, options, backend),
    ...comments(proxyRemarks(backend, loadBalancer)),
    ...options.backends.map((host) =>
      ['    server', host, hostAndPort(host, instancePort), ...words].join(' '),
    ),
  ];
}

function proxyRemarks(backend: Backend, loadBalancer: LoadBalancer): readonly string[] {
  const { instancePort, proxyProtocol, sendsLine, secure, websocket } = backend;
  const { proxyPolicyNames } = instancePortStatus(loadBalancer, instancePort);
  const names = proxyPolicyNames.map(commentText).join(', ');
  if (proxyProtocol === 'disabled') return ['No PROXY line: the port has no PROXY policy.'];
  if (!sendsLine) {
    return [
      `The port has the PROXY policy ${names}, but requests of`,
      'HTTP and HTTPS listeners carry X-Forwarded-For and no PROXY line.',
    ];
  }
  const forwarded = loadBalancer.listeners.some(
    (listener) => listener.instancePort === instancePort && isForwarding(listener),
  );
  return [
    `PROXY line (version 1), by the policy ${names}`,
    ...(proxyProtocol === 'conflicting'
      ? [
          'A policy with ProxyProtocol=false is on the port as well; what the service does then is not published.',
        ]
      : []),
    ...(websocket && !forwarded
      ? ['Only HTTP listeners forward to this port: the load balancer itself sends no line there.']
      : []),
    ...(secure
      ? [
          'HAProxy sends the line before TLS. The service documents no line for an SSL instance protocol; the',
          'Classic Load Balancer has been seen to send it inside the TLS stream.',
        ]
      : []),
  ];
}
