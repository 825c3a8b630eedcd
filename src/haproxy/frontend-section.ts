import { hostAndPort } from '../core/host-and-port.js';
import type { LoadBalancer } from '../core/model.js';
import type { CheckedOptions } from './haproxy-options.js';
import type { Frontend } from './mirror.js';
import { portClash } from './port-clash.js';
import { comments, commentText, quotedWord, sectionName } from './words.js';

/** The frontend section of a listener. */
export function frontendSection(
  frontend: Frontend,
  loadBalancer: LoadBalancer,
  options: CheckedOptions,
  frontends: readonly Frontend[],
): readonly string[] {
  const { name, mode, listener, backend } = frontend;
  const clash = portClash(frontend, frontends, options);
  const { protocol, loadBalancerPort, instanceProtocol, instancePort } = listener;
  return [
    `# Listener ${protocol} ${loadBalancerPort}, to instance port ${instancePort} (${instanceProtocol})`,
    `frontend ${name}`,
    `    mode ${mode}`,
    ...comments(
      clash === undefined
        ? []
        : [`TO DO: ${clash} is a backend's as well. Bind to another address, or HAProxy connects to itself.`],
    ),
    ...bind(frontend, loadBalancer, options),
    `    option ${mode}log`,
    ...listenerPolicies(frontend),
    ...(mode === 'http' ? forwardedHeaders(frontend) : []),
    ...(mode === 'http' ? websocketRouting(frontend) : []),
    `    default_backend ${backend.name}`,
  ];
}

function bind(
  { secure, mode, listener }: Frontend,
  loadBalancer: LoadBalancer,
  { bind: address, certificate }: CheckedOptions,
): readonly string[] {
  const where = hostAndPort(address, listener.loadBalancerPort);
  if (!secure) return [`    bind ${where}`];
  const file = quotedWord(certificate ?? certificatePlaceholder(loadBalancer));
  const placeholder = [
    'TO DO: the certificate and its key in one PEM file. The path is a placeholder, and HAProxy does not',
    'start before the file is there; the load balancer itself does not hand its certificate out.',
  ];
  return [
    ...comments(certificate === undefined ? placeholder : []),
    // The load balancer speaks HTTP/1.1 only, and HAProxy would offer HTTP/2.
    `    bind ${where} ssl crt ${file}${mode === 'http' ? ' alpn http/1.1' : ''}`,
  ];
}

/** The path that is in the configuration if no certificate was given. */
export function certificatePlaceholder({ name }: Pick<LoadBalancer, 'name'>): string {
  return `/etc/haproxy/${sectionName(name)}.pem`;
}

/** Stickiness, protocols and ciphers: of no concern to the PROXY line. */
function listenerPolicies({ listener }: Frontend): readonly string[] {
  return comments(
    listener.policyNames.map((name) => `Not mirrored, a policy of this listener: ${commentText(name)}`),
  );
}

function forwardedHeaders({ secure, listener }: Frontend): readonly string[] {
  return [
    ...comments(['As the load balancer does: the client goes to the end of X-Forwarded-For.']),
    '    option forwardfor',
    `    http-request set-header X-Forwarded-Proto ${secure ? 'https' : 'http'}`,
    `    http-request set-header X-Forwarded-Port ${listener.loadBalancerPort}`,
  ];
}

function websocketRouting({ websocket }: Frontend): readonly string[] {
  if (websocket === undefined) {
    return comments([
      'No WebSocket routing: no instance port of this load balancer has the PROXY policy. HAProxy passes an',
      'Upgrade on to the backend below; a Classic Load Balancer does not.',
    ]);
  }
  return [
    ...comments([
      'WebSocket requests (an Upgrade header, or a Host that begins with "ws") go to the instance port that',
      'gets the PROXY line. A Classic Load Balancer does not pass on an Upgrade: there, such clients use a TCP or',
      'SSL listener. Not for an upgrade to HTTP/2, which some HTTP clients offer with every request.',
    ]),
    '    acl upgrade req.hdr(Upgrade) -m found',
    '    acl upgrade-to-http2 req.hdr(Upgrade) -i h2c',
    '    acl websocket-host req.hdr(Host) -i -m beg ws',
    `    use_backend ${websocket.name} if upgrade !upgrade-to-http2 or websocket-host`,
  ];
}
