import { seededTooShort } from '../health-check-rules.js';
import { optionalStructure } from '../request-lists.js';
import { enumParameter, optionalBoolean, optionalInteger, type Parameters } from '../request-parameters.js';
import { constraintError, invalidConfigurationV2, validationError } from '../service-error.js';
import { isHttp, isNetworkGroup, protocolsV2 } from './protocol-rules.js';
import type { ProtocolV2, TargetGroupV2, TargetHealthCheck } from './shapes.js';

/** The parts of a group that its health check depends on. */
export type CheckedGroup = Pick<TargetGroupV2, 'protocol' | 'targetType'>;

/** The health check of a group that was created without one. */
function defaults({ protocol, targetType }: CheckedGroup, check: ProtocolV2): TargetHealthCheck {
  const network = isNetworkGroup({ protocol });
  const http = isHttp(check);
  const geneve = protocol === 'GENEVE';
  const lambda = targetType === 'lambda';
  return {
    enabled: !lambda,
    protocol: check,
    port: geneve ? '80' : 'traffic-port',
    ...(http ? { path: '/', matcher: network || geneve ? '200-399' : '200' } : {}),
    interval: geneve ? 10 : lambda ? 35 : 30,
    timeout: geneve ? 5 : lambda ? 30 : network ? (check === 'HTTP' ? 6 : 10) : 5,
    healthyThreshold: 5,
    unhealthyThreshold: lambda ? 5 : 2,
  };
}

function checkPort(port: string): string {
  if (port === 'traffic-port') return port;
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535) return String(Number(port));
  throw validationError(`Health check port '${port}' must be 'traffic-port' or in the range 1-65535`);
}

function checkPath(path: string): string {
  if (path === '') throw constraintError('', 'healthCheckPath', 'have length greater than or equal to 1');
  if (path.length > 1024) {
    throw constraintError(path, 'healthCheckPath', 'have length less than or equal to 1024');
  }
  if (!/^\/\S*$/.test(path))
    throw validationError(`Health check path '${path}' must begin with a '/' character`);
  return path;
}

function checkMatcher(text: string, { protocol }: CheckedGroup): string {
  const most = isNetworkGroup({ protocol }) ? 599 : protocol === 'GENEVE' ? 399 : 499;
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(part) ?? [];
    const fits =
      from !== undefined && Number(from) >= 200 && Number(to) <= most && Number(from) <= Number(to);
    if (!fits) {
      throw validationError(
        `Health check matcher HTTP code '${text}' must be within '200-${most}' inclusive`,
      );
    }
  }
  return text;
}

function checkProtocol(protocol: ProtocolV2, group: CheckedGroup): ProtocolV2 {
  const allowed: readonly ProtocolV2[] =
    group.protocol === undefined || isHttp(group.protocol) ? ['HTTP', 'HTTPS'] : ['HTTP', 'HTTPS', 'TCP'];
  if (allowed.includes(protocol)) return protocol;
  throw validationError(`Health check protocol '${protocol}' must be one of '${allowed.join(', ')}'`);
}

/**
 * A group's health check as a request changes it, or makes it if there is none yet. Times as short as a second are
 * for seeds alone.
 */
export function parseHealthCheckV2(
  parameters: Parameters,
  group: CheckedGroup,
  { present, seeding = false }: { readonly present?: TargetHealthCheck; readonly seeding?: boolean } = {},
): TargetHealthCheck {
  const asked = enumParameter(parameters, 'HealthCheckProtocol', protocolsV2);
  const usual = group.protocol === undefined || isHttp(group.protocol) ? 'HTTP' : 'TCP';
  const protocol = checkProtocol(asked ?? present?.protocol ?? usual, group);
  const http = isHttp(protocol);
  const path = parameters.get('HealthCheckPath');
  const codes = optionalStructure(parameters, 'Matcher')?.get('HttpCode') || undefined;
  if (!http && (path !== undefined || codes !== undefined)) {
    const what = path === undefined ? 'matcher' : 'path';
    throw invalidConfigurationV2(
      `You cannot specify a health check ${what} with the ${protocol} health check protocol`,
    );
  }
  const fallback = defaults(group, protocol);
  const base = present ?? fallback;
  const number = (name: string, min: number, max: number, otherwise: number): number =>
    optionalInteger(parameters, name, { min, max }) ?? otherwise;
  const port = parameters.get('HealthCheckPort');
  const made: TargetHealthCheck = {
    enabled: optionalBoolean(parameters, 'HealthCheckEnabled') ?? base.enabled,
    protocol,
    port: port ? checkPort(port) : base.port,
    ...(http
      ? {
          path: path === undefined ? (base.path ?? fallback.path) : checkPath(path),
          matcher: codes === undefined ? (base.matcher ?? fallback.matcher) : checkMatcher(codes, group),
        }
      : {}),
    interval: number('HealthCheckIntervalSeconds', seeding ? 1 : 5, 300, base.interval),
    timeout: number('HealthCheckTimeoutSeconds', seeding ? 1 : 2, 120, base.timeout),
    healthyThreshold: number('HealthyThresholdCount', 2, 10, base.healthyThreshold),
    unhealthyThreshold: number('UnhealthyThresholdCount', 2, 10, base.unhealthyThreshold),
  };
  if (!made.enabled && group.targetType !== 'lambda') {
    throw invalidConfigurationV2(`Health checks cannot be disabled for target type '${group.targetType}'`);
  }
  const { interval, timeout } = made;
  if (timeout > interval) {
    // A short interval alone brings a timeout that fits.
    if (!parameters.get('HealthCheckTimeoutSeconds')) return { ...made, timeout: interval };
    throw validationError(
      seeding
        ? seededTooShort({ interval, timeout })
        : 'Health check interval must be greater than the timeout.',
    );
  }
  return made;
}
