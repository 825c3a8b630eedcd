import { isIPv6 } from 'node:net';
import type { LoadBalancer } from '../core/model.js';
import type { TargetGroupHealthCheck } from '../core/network-load-balancer.js';
import { isSecure } from '../core/status.js';
import type { CheckedOptions } from './haproxy-options.js';
import { type Backend, hasPolicy } from './mirror.js';
import { commentText, quotedWord } from './words.js';

interface Target {
  readonly protocol: 'TCP' | 'SSL' | 'HTTP' | 'HTTPS';
  readonly port: number;
  readonly path: string;
}

/**
 * The load balancer's one health check, as lines of a backend section; none if it is not known. HAProxy would send
 * the PROXY line in checks as in connections; with `port` it does not, and `check-send-proxy` decides alone.
 */
export function healthCheckLines(
  loadBalancer: LoadBalancer,
  { backends }: Pick<CheckedOptions, 'backends'>,
  { secure }: Pick<Backend, 'secure'>,
): readonly string[] {
  const target = targetOf(loadBalancer.healthCheck?.target ?? '');
  if (target === undefined) return [];
  const http = target.protocol === 'HTTP' || target.protocol === 'HTTPS';
  const ssl = isSecure(target.protocol);
  const timeout = loadBalancer.healthCheck?.timeout;
  const words = [
    `check port ${target.port}`,
    ...countWords(loadBalancer.healthCheck ?? {}),
    ...(ssl ? ['check-ssl'] : []),
    ...(ssl && !secure ? ['verify none'] : []),
    ...(target.protocol === 'TCP' && hasPolicy(loadBalancer, target.port) ? ['check-send-proxy'] : []),
  ];
  return [
    ...(isCount(timeout) ? [`    timeout check ${timeout}s`] : []),
    ...(http ? httpCheck(target.path, backends) : []),
    `    default-server ${words.join(' ')}`,
  ];
}

/** The health check in words, and how it differs from the load balancer's own. */
export function healthCheckRemarks(loadBalancer: LoadBalancer): readonly string[] {
  const { healthCheck } = loadBalancer;
  if (healthCheck === undefined) return ['Health check: none, because the service named none.'];
  const target = targetOf(healthCheck.target);
  if (target === undefined) {
    return [`Health check: none, because this target is not understood: ${commentText(healthCheck.target)}`];
  }
  return [
    `Health check, of every backend: ${target.protocol}:${target.port}${commentText(target.path)}`,
    ...(hasPolicy(loadBalancer, target.port) ? lineRemarks(target) : []),
    '  HAProxy considers a server up until its checks fail; a load balancer starts it as OutOfService.',
  ];
}

/** The instance is asked under its own address; an IPv6 address would need brackets, which a server's name has not. */
function httpCheck(path: string, backends: readonly string[]): readonly string[] {
  const host = backends.some(isIPv6) ? 'localhost' : '%[srv_name]';
  return [
    '    option httpchk',
    `    http-check send meth GET uri ${quotedWord(path)} ver HTTP/1.1 hdr Host ${host} hdr User-Agent ELB-HealthChecker/1.0`,
    '    http-check expect status 200',
  ];
}

function lineRemarks({ protocol }: Target): readonly string[] {
  switch (protocol) {
    case 'TCP':
      return [
        '  The port has the PROXY policy, so that the check carries a line (check-send-proxy). The load',
        "  balancer's has its own address twice and the instance port; HAProxy's has the two ends.",
      ];
    case 'SSL':
      return [
        '  The port has the PROXY policy. Whether an SSL check carries a line is not published; here: none.',
      ];
    case 'HTTP':
    case 'HTTPS':
      return [
        '  The port has the PROXY policy, yet this kind of check carries no line, here as there: a backend',
        '  that requires the line fails it.',
      ];
  }
}

function targetOf(text: string): Target | undefined {
  const [, protocol, digits, path = ''] =
    /^(TCP|SSL|HTTP|HTTPS):(\d{1,5})(\/[\x21-\x7e]*)?$/i.exec(text) ?? [];
  if (protocol === undefined) return undefined;
  const known = protocol.toUpperCase() as Target['protocol'];
  const port = Number(digits);
  const takesPath = known === 'HTTP' || known === 'HTTPS';
  if (port < 1 || port > 65_535 || takesPath !== path.startsWith('/')) return undefined;
  return { protocol: known, port, path };
}

type Counts = Pick<TargetGroupHealthCheck, 'interval' | 'unhealthyThreshold' | 'healthyThreshold'>;

/** A health check's numbers as words of a server. */
export function countWords({ interval, unhealthyThreshold, healthyThreshold }: Counts): readonly string[] {
  return [
    ...(isCount(interval) ? [`inter ${interval}s`] : []),
    ...(isCount(unhealthyThreshold) ? [`fall ${unhealthyThreshold}`] : []),
    ...(isCount(healthyThreshold) ? [`rise ${healthyThreshold}`] : []),
  ];
}

/** Whether a number can be one of seconds or a threshold; for any other, HAProxy's default holds. */
export function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 3600;
}
