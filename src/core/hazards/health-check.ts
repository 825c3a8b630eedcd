import type { LoadBalancer } from '../model.js';
import { type HazardLevel, type HazardQuestion, hazardsWith } from './hazard.js';

/** Hazards of the health check. */
export const healthCheckLevels = {
  'http-health-check': 'blocker',
  'ssl-health-check': 'warning',
  'unknown-health-check': 'warning',
  'tcp-health-check': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(healthCheckLevels);

type HealthCheckHazard = ReturnType<typeof hazard>;

/** How the health check treats a port with the line; only some of it matters to a port without. */
export function healthCheckHazards(
  { healthCheck }: LoadBalancer,
  { instancePorts, purpose }: HazardQuestion,
): readonly HealthCheckHazard[] {
  if (healthCheck !== undefined)
    return instancePorts.flatMap((port) => ofPort(healthCheck.target ?? '', port, purpose));
  if (purpose === 'off') return [];
  return [
    hazard(
      'unknown-health-check',
      undefined,
      'the service did not say what the health check is, so it is not known whether it would break',
      'find out what checks the instances before the change',
    ),
  ];
}

function ofPort(
  target: string,
  port: number,
  purpose: HazardQuestion['purpose'],
): readonly HealthCheckHazard[] {
  const [, protocol = '', targetPort] = /^([A-Za-z]+):(\d+)/.exec(target) ?? [];
  if (Number(targetPort) !== port) return [];
  switch (protocol.toUpperCase()) {
    case 'HTTP':
    case 'HTTPS':
      if (purpose === 'off') return [];
      return [
        hazard(
          'http-health-check',
          port,
          `the health check ${target} carries no PROXY line: a backend that requires one fails it and goes OutOfService (an Auto Scaling group with ELB health checks then replaces it)`,
          'point the health check at a port without the PROXY protocol, or use a TCP check, before the change',
        ),
      ];
    case 'SSL':
      if (purpose === 'off') return [];
      return [
        hazard(
          'ssl-health-check',
          port,
          `whether the health check ${target} carries a PROXY line is undocumented`,
          'watch the instances after the change, or point the health check at a port without the PROXY protocol',
        ),
      ];
    default:
      return [
        hazard(
          'tcp-health-check',
          port,
          `the health check ${target} stays healthy while every request fails`,
          'check a real request through the load balancer after the change',
        ),
      ];
  }
}
