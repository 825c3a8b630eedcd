import type { Hazard, HazardCode } from './hazards.js';
import type { InstancePortStatus } from './status.js';

/** Hazards of switching the line on: while it is off they are how things are meant to be. */
const onlyWhileOn: ReadonlySet<HazardCode> = new Set([
  'http-listener',
  'mixed-listeners',
  'ssl-backend',
  'http-health-check',
  'ssl-health-check',
  'unknown-health-check',
  'shared-instance-port',
]);

/** Notes that point at leftovers or contradictions. */
const notable: ReadonlySet<HazardCode> = new Set([
  'stale-port',
  'several-proxy-policies',
  'contradicting-policy',
]);

/**
 * The codes of what is worth a look about one instance port as it is now, in the order of the hazards: blockers and
 * warnings that are in effect, and leftovers. What would only matter to a port that is switched on is left out while
 * it is off.
 *
 * @param hazards the load balancer's, as `hazards` finds them for `status`
 */
export function attention(
  { instancePort, proxyProtocol }: InstancePortStatus,
  hazards: readonly Hazard[],
): readonly HazardCode[] {
  const found = hazards
    .filter((hazard) => hazard.instancePort === undefined || hazard.instancePort === instancePort)
    .filter(({ code, level }) => level !== 'note' || notable.has(code))
    .filter(({ code }) => proxyProtocol !== 'disabled' || !onlyWhileOn.has(code))
    .map(({ code }) => code);
  return [...new Set(found)];
}
