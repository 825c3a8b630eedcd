import type { LoadBalancer } from '../model.js';
import { nameSome } from '../name-some.js';
import { nextCommand } from '../next-command.js';
import type { BackendResult } from '../verify-result.js';
import { type HazardLevel, hazardsWith } from './hazard.js';

/** Hazards found by probing the registered instances. */
export const backendLevels = {
  'backend-rejects-proxy': 'blocker',
  'backend-requires-proxy': 'blocker',
  'backend-inconclusive': 'warning',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(backendLevels);

type BackendHazard = ReturnType<typeof hazard>;

/** The instances' objections to a switch of their port, found by probing them: one hazard a kind, naming the instances. */
export function backendHazards(
  purpose: 'on' | 'off',
  instancePort: number,
  results: readonly BackendResult[],
  { name, region }: Pick<LoadBalancer, 'name' | 'region'>,
): readonly BackendHazard[] {
  const of = (...verdicts: readonly BackendResult['verdict'][]): string =>
    nameSome(
      results
        .filter(({ verdict }) => verdicts.includes(verdict))
        .map(({ target, instanceId, verdict }) => `${instanceId ?? target} (${verdict})`),
    );
  const found: BackendHazard[] = [];
  const add = (code: BackendHazard['code'], instances: string, message: string, advice: string): void => {
    if (instances !== '')
      found.push(
        hazard(code, instancePort, `instance port ${instancePort} of ${instances} ${message}`, advice),
      );
  };
  if (purpose === 'on') {
    add(
      'backend-rejects-proxy',
      of('no-proxy', 'requires-proxy-v2', 'requires-proxy-inside-tls'),
      'does not accept the line that a Classic ELB sends: every connection would fail',
      'make the backend read the PROXY line (version 1, in front of everything) first',
    );
  } else {
    add(
      'backend-requires-proxy',
      of('requires-proxy', 'requires-proxy-inside-tls'),
      'requires the line: every connection without it would fail',
      'let the backend accept connections without the line first',
    );
  }
  add(
    'backend-inconclusive',
    of('inconclusive'),
    'did not show how it handles the line',
    `check it with: ${nextCommand('verify backend', [], { 'load-balancer': name, port: String(instancePort), region })}`,
  );
  return found;
}
