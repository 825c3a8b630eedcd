import { optionalStructure } from './request-lists.js';
import { type Parameters, requiredInteger, requiredString } from './request-parameters.js';
import { constraintError, validationError } from './service-error.js';
import type { HealthCheck } from './shapes.js';

/** The health check of a new load balancer: a TCP connection to its first instance port. */
export const defaultHealthCheck = (instancePort: number): HealthCheck => ({
  target: `TCP:${instancePort}`,
  interval: 30,
  timeout: 5,
  unhealthyThreshold: 2,
  healthyThreshold: 10,
});

const isPort = (text: string | undefined): boolean =>
  text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;

function checkTarget(target: string): string {
  const [, protocol = '', rest = ''] = /^([^:]*):(.*)$/s.exec(target) ?? [];
  switch (protocol.toUpperCase()) {
    case 'TCP':
    case 'SSL':
      // hashicorp/terraform#8547
      if (!isPort(rest)) throw validationError('HealthCheck Target must specify a port number');
      break;
    case 'HTTP':
    case 'HTTPS': {
      const [, port] = /^(\d+)\/[^\s]*$/.exec(rest) ?? [];
      if (!isPort(port)) {
        throw validationError(
          'HealthCheck HTTP Target must specify a port followed by a path that begins with a slash. e.g. HTTP:80/ping/this/path',
        );
      }
      break;
    }
    default:
      throw validationError('HealthCheck Target must begin with one of HTTP, TCP, HTTPS, SSL');
  }
  if (target.length > 1024) throw constraintError(target, 'healthCheck.target', 'have length at most 1024');
  return protocol.toUpperCase() + target.slice(protocol.length);
}

/** A health check from a request's `HealthCheck` structure, where every member is required. */
export function parseHealthCheck(parameters: Parameters, seeding = false): HealthCheck {
  const given = optionalStructure(parameters, 'HealthCheck');
  if (given === undefined) throw constraintError(null, 'healthCheck', 'not be null');
  const number = (name: string, min: number, max: number): number =>
    requiredInteger(given, name, { min, max }, `healthCheck.${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  const healthCheck = {
    target: checkTarget(requiredString(given, 'Target', 'healthCheck.target')),
    interval: number('Interval', seeding ? 1 : 5, 300),
    timeout: number('Timeout', seeding ? 1 : 2, 60),
    unhealthyThreshold: number('UnhealthyThreshold', 2, 10),
    healthyThreshold: number('HealthyThreshold', 2, 10),
  };
  const { timeout, interval } = healthCheck;
  if (seeding ? timeout > interval : timeout >= interval) {
    throw validationError(
      seeding ? seededTooShort({ interval, timeout }) : 'HealthCheck timeout must be less than interval',
    );
  }
  return healthCheck;
}

/** The message for a seed whose interval is shorter than its timeout, with the values that would do. */
export function seededTooShort(times: { readonly interval: number; readonly timeout: number }): string {
  const { interval, timeout } = times;
  return `healthCheck.interval ${interval} is too short for the timeout of ${timeout}: give a timeout of at most ${interval}, or an interval of at least ${timeout}`;
}
