import type { TargetGroup } from '../../network-load-balancer.js';
import { type HazardLevel, hazardsWith, type NetworkHazardQuestion } from '../hazard.js';
import { healthCheckLevels } from '../health-check.js';
import { checkKindOf, checkWords, healthCheckTable } from './health-check-table.js';

/** Hazards of a target group's health check, besides those that a Classic one has as well. */
export const groupHealthCheckLevels = {
  'plain-health-port': 'blocker',
} as const satisfies Record<string, HazardLevel>;

const { 'tcp-health-check': tcp, 'unknown-health-check': unknown } = healthCheckLevels;
const hazard = hazardsWith({
  ...groupHealthCheckLevels,
  'tcp-health-check': tcp,
  'unknown-health-check': unknown,
});

type GroupHealthCheckHazard = ReturnType<typeof hazard>;

/** How the health check treats a group with the header; only some of it matters to a group without. */
export function groupHealthCheckHazards(
  group: TargetGroup,
  { purpose }: Pick<NetworkHazardQuestion, 'purpose'>,
): readonly GroupHealthCheckHazard[] {
  const { name } = group;
  const kind = checkKindOf(group);
  if (kind === 'none') return [];
  if (kind === undefined) {
    if (purpose === 'off') return [];
    return [
      hazard(
        'unknown-health-check',
        name,
        `the service did not say what the health check of target group ${name} is, so it is not known whether it would break`,
        'find out what checks the targets before the change',
      ),
    ];
  }
  if (kind === 'tcp')
    return [
      hazard(
        'tcp-health-check',
        name,
        `the health check of target group ${name} (${checkWords(group)}) only connects: it passes while every request fails`,
        'check a real request through the load balancer after the change',
      ),
    ];
  if (purpose === 'off' || kind === 'http-on-traffic-port') return [];
  // However the targets handle the header, a separate health port fails.
  if (healthCheckTable.on.requires[kind] !== 'fails') return [];
  return [
    hazard(
      'plain-health-port',
      name,
      `the health check of target group ${name} (${checkWords(group)}) would get the header, too: a health port without the PROXY protocol fails it, and its targets turn unhealthy`,
      'check the traffic port instead, or let the health port accept the header first',
    ),
  ];
}
