import type { Hazard, HazardCode } from './hazards.js';
import type { GroupProxyState } from './network/group-status.js';
import type { InstancePortStatus, ProxyProtocolState } from './status.js';

/** Hazards of switching the line on: while it is off, they describe normal operation. */
const onlyWhileOn: ReadonlySet<HazardCode> = new Set([
  'http-listener',
  'mixed-listeners',
  'ssl-backend',
  'http-health-check',
  'ssl-health-check',
  'unknown-health-check',
  'shared-instance-port',
  'target-group-unsupported',
  'plain-health-port',
  'shared-target-group',
  'speaks-first',
  'udp-target-group',
]);

/** Notes that point at leftovers or contradictions. */
const notable: ReadonlySet<HazardCode> = new Set([
  'stale-port',
  'several-proxy-policies',
  'contradicting-policy',
]);

/**
 * The codes of an instance port's blockers, warnings and leftovers that are in effect, from the hazards for `status`. While
 * it is off, hazards that only matter to a port with the line are left out.
 */
export function attention(
  { instancePort, proxyProtocol }: InstancePortStatus,
  hazards: readonly Hazard[],
): readonly HazardCode[] {
  return inEffect(
    proxyProtocol,
    hazards.filter((hazard) => hazard.instancePort === undefined || hazard.instancePort === instancePort),
  );
}

/** The same about one target group. */
export function groupAttention(
  { name, proxyProtocol }: { readonly name: string; readonly proxyProtocol: GroupProxyState },
  hazards: readonly Hazard[],
): readonly HazardCode[] {
  return inEffect(
    proxyProtocol,
    hazards.filter(({ targetGroup }) => targetGroup === undefined || targetGroup === name),
  );
}

function inEffect(state: ProxyProtocolState, hazards: readonly Hazard[]): readonly HazardCode[] {
  const found = hazards
    .filter(({ code, level }) => level !== 'note' || notable.has(code))
    .filter(({ code }) => state !== 'disabled' || !onlyWhileOn.has(code))
    .map(({ code }) => code);
  return [...new Set(found)];
}
