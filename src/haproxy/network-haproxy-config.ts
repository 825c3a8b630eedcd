import { checkWords } from '../core/hazards/network/health-check-table.js';
import { hostAndPort } from '../core/host-and-port.js';
import { groupProxyState, networkListenerName, targetPorts } from '../core/network/group-status.js';
import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../core/network-load-balancer.js';
import { configuration } from './configuration.js';
import { type CheckedOptions, checkedOptions, type HaproxyOptions } from './haproxy-options.js';
import { countWords, isCount } from './health-check.js';
import { comments, commentText, quotedWord, sectionName } from './words.js';

/**
 * A configuration for HAProxy 2.6 and newer that replaces a Network Load Balancer: a frontend for each TCP and TLS
 * listener, a backend for each target group, `send-proxy-v2` where the group's attribute is on. Always the same for the
 * same input. No name from the API can add a directive.
 *
 * @param loadBalancer read with its listeners, groups and attributes; targets' ports are used if they are known
 * @throws ElbProxyError of code `usage` for options that cannot be used
 */
export function networkHaproxyConfig(
  loadBalancer: NetworkLoadBalancer,
  options: HaproxyOptions = {},
): string {
  const checked = checkedOptions(options);
  const listeners = (loadBalancer.listeners ?? []).map((listener) => ({
    listener,
    why: reasonAgainst(listener, loadBalancer),
  }));
  const frontends = listeners.filter(({ why }) => why === undefined).map(({ listener }) => listener);
  const groups = (loadBalancer.targetGroups ?? []).filter(({ arn }) =>
    frontends.some(({ targetGroups }) => targetGroups.some((one) => one.arn === arn)),
  );
  const sections = [
    defaults,
    ...frontends.map((listener) => frontendSection(listener, loadBalancer, groups, checked)),
    ...groups.map((group) => backendSection(group, loadBalancer, checked)),
  ];
  return configuration('Network', loadBalancer, { remarks: remarksOn(listeners), sections });
}

const defaults = [
  'defaults',
  '    log global',
  '    mode tcp',
  '    option tcplog',
  '    timeout connect 5s',
  ...comments([
    "A Network Load Balancer's idle timeout for TCP, unless an attribute of the listener says otherwise:",
  ]),
  '    timeout client 350s',
  '    timeout server 350s',
];

interface Judged {
  readonly listener: NetworkListener;
  /** Why HAProxy can't have it. */
  readonly why: string | undefined;
}

function remarksOn(listeners: readonly Judged[]): readonly string[] {
  const left = listeners.flatMap(({ listener, why }) =>
    why === undefined ? [] : [`Left out: listener ${commentText(networkListenerName(listener))}: ${why}`],
  );
  return [
    'A Network Load Balancer holds the header back until the client has sent something; HAProxy sends it at once.',
    ...left,
    ...(left.length === listeners.length ? ['No listener: HAProxy has nothing to start.'] : []),
  ];
}

function reasonAgainst(
  { protocol, port, targetGroups }: NetworkListener,
  { listeners = [], targetGroups: known = [] }: NetworkLoadBalancer,
): string | undefined {
  if (protocol !== 'TCP' && protocol !== 'TLS') return 'HAProxy forwards no datagrams';
  if (port < 1 || port > 65_535) return 'the port is out of range';
  const [first] = listeners.filter((one) => one.port === port && ['TCP', 'TLS'].includes(one.protocol));
  if (first?.protocol !== protocol) return 'another listener has this port';
  const there = targetGroups.some(({ arn }) => known.some((group) => group.arn === arn));
  return there ? undefined : 'it forwards to no target group of this load balancer';
}

function frontendSection(
  { protocol, port, targetGroups }: NetworkListener,
  loadBalancer: NetworkLoadBalancer,
  groups: readonly TargetGroup[],
  { bind, certificate }: CheckedOptions,
): readonly string[] {
  const where = hostAndPort(bind, port);
  const forwards = targetGroups.flatMap(({ arn, weight = 1 }) => {
    const group = groups.find((one) => one.arn === arn);
    return group === undefined ? [] : [{ name: backendName(group, loadBalancer), weight }];
  });
  let rest = forwards.reduce((sum, { weight }) => sum + weight, 0);
  const chances = forwards.slice(0, -1).map(({ name, weight }) => {
    // Each rule draws for itself, among those that the rules before it have left.
    const rule = `    use_backend ${name} if { rand(${Math.max(1, rest)}) lt ${weight} }`;
    rest -= weight;
    return rule;
  });
  return [
    `# Listener ${protocol} ${port}`,
    `frontend ${sectionName(loadBalancer.name)}-${port}`,
    ...(protocol === 'TLS'
      ? [
          ...comments(
            certificate === undefined
              ? [
                  'TO DO: the certificate and its key in one PEM file. HAProxy does not start before it is there.',
                ]
              : [],
          ),
          `    bind ${where} ssl crt ${quotedWord(certificate ?? `${sectionName(loadBalancer.name)}.pem`)}`,
        ]
      : [`    bind ${where}`]),
    ...chances,
    `    default_backend ${forwards.at(-1)?.name ?? ''}`,
  ];
}

function backendSection(
  group: TargetGroup,
  loadBalancer: NetworkLoadBalancer,
  { backends }: CheckedOptions,
): readonly string[] {
  const on = groupProxyState(group) === 'enabled';
  const words = [
    ...(on ? ['send-proxy-v2 proxy-v2-options crc32c'] : []),
    ...(group.protocol === 'TLS' ? ['ssl verify none'] : []),
  ];
  const ports = targetPorts(group);
  const servers = backends.flatMap((host) =>
    ports.map((port) => ({ name: ports.length === 1 ? host : `${host}-${port}`, host, port })),
  );
  return [
    `# Target group ${commentText(group.name)}`,
    `backend ${backendName(group, loadBalancer)}`,
    ...comments([
      on
        ? 'PROXY version 2 with a checksum, by proxy_protocol_v2.enabled'
        : 'No PROXY header: proxy_protocol_v2.enabled is off.',
      'A Network Load Balancer picks a target by the flow; HAProxy takes turns here.',
      'With no healthy target, a Network Load Balancer sends to all of them; HAProxy refuses the connection.',
      ...registeredLines(group, backends),
    ]),
    '    balance roundrobin',
    ...healthCheckLines(group),
    ...(servers.length === 0 ? comments(['TO DO: the group has no port; add a server.']) : []),
    ...servers.map(({ name, host, port }) =>
      ['    server', name, hostAndPort(host, port), ...checkPort(group, port), ...words].join(' '),
    ),
  ];
}

/** The targets that the servers replace. */
function registeredLines({ targets = [] }: TargetGroup, backends: readonly string[]): readonly string[] {
  if (targets.length === 0) return [];
  const most = 10;
  const shown = targets.slice(0, most).map(({ id }) => commentText(id));
  const more = targets.length > most ? ` and ${targets.length - most} more` : '';
  return [`Registered targets: ${shown.join(', ')}${more}. Replaced by ${backends.join(', ')}.`];
}

/** The check's own port, or the server's: named, so that HAProxy does not decide by itself whether a header goes in front. */
function checkPort(group: TargetGroup, port: number): readonly string[] {
  const { healthCheck } = group;
  if (healthCheck?.protocol === undefined || healthCheck.enabled === false) return [];
  const own = /^\d{1,5}$/.test(healthCheck.port ?? '') ? Number(healthCheck.port) : port;
  const http = healthCheck.protocol !== 'TCP';
  // Whether a TCP check of the load balancer sends one is not published; here: none.
  const header = http && groupProxyState(group) === 'enabled';
  return [
    `check port ${own}`,
    ...(header ? ['check-send-proxy'] : []),
    ...(healthCheck.protocol === 'HTTPS'
      ? ['check-ssl', ...(group.protocol === 'TLS' ? [] : ['verify none'])]
      : []),
    ...countWords(healthCheck),
  ];
}

function healthCheckLines(group: TargetGroup): readonly string[] {
  const { healthCheck } = group;
  if (healthCheck?.protocol === undefined)
    return comments(['Health check: none, because the service named none.']);
  const path = healthCheck.path ?? '/';
  const http = healthCheck.protocol !== 'TCP' && /^\/[\x21-\x7e]*$/.test(path);
  const codes = /^\d{3}(?:-\d{3})?(?:,\d{3}(?:-\d{3})?)*$/.test(healthCheck.matcher ?? '')
    ? healthCheck.matcher
    : '200-399';
  return [
    ...comments([`Health check: ${commentText(checkWords(group))}`]),
    ...(isCount(healthCheck.timeout) ? [`    timeout check ${healthCheck.timeout}s`] : []),
    ...(http
      ? [
          '    option httpchk',
          `    http-check send meth GET uri ${quotedWord(path)} ver HTTP/1.1 hdr Host localhost`,
          `    http-check expect status ${codes}`,
        ]
      : []),
  ];
}

function backendName({ name }: TargetGroup, loadBalancer: NetworkLoadBalancer): string {
  return `${sectionName(loadBalancer.name)}-target-group-${sectionName(name)}`;
}
