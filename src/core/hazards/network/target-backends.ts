import { nameSome } from '../../name-some.js';
import type { NetworkLoadBalancer, TargetGroup } from '../../network-load-balancer.js';
import { nextCommand } from '../../next-command.js';
import type { BackendResult, BackendVerdict } from '../../verify-result.js';
import { backendLevels } from '../backends.js';
import { type HazardLevel, hazardsWith } from '../hazard.js';
import { groupTrafficLevels, speaksFirstAdvice } from './group-traffic.js';
import { checkKindOf, checkWords, healthCheckTable, type TargetKind } from './health-check-table.js';

/** Hazards that registered targets show when they are probed, besides those of Classic instances. */
export const targetBackendLevels = {
  'health-check-order': 'blocker',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith({
  ...targetBackendLevels,
  ...backendLevels,
  'speaks-first': groupTrafficLevels['speaks-first'],
});

type TargetBackendHazard = ReturnType<typeof hazard>;

/** How a target reacts to a version 2 header; undefined if it takes both, or that is unknown. */
const kinds: Readonly<Record<BackendVerdict, TargetKind | undefined>> = {
  'no-proxy': 'plain',
  // The load balancer does not send version 2 inside TLS.
  'requires-proxy-inside-tls': 'plain',
  'requires-proxy': 'requires',
  'requires-proxy-v2': 'requires',
  'accepts-both': undefined,
  inconclusive: undefined,
};

/** The greetings of SMTP, FTP, IMAP, POP3 and SSH servers, which come before anything that a client sends. */
const greeting = /^(?:220[ -]|\* OK|\+OK|SSH-\d)/;

/** Whether a target was seen to speak before it was asked for anything. */
function greets({ evidence }: BackendResult): boolean {
  return evidence.some(
    ({ sent, received }) => received.bytes > 0 && (sent.bytes === 0 || greeting.test(received.text)),
  );
}

/** Targets as a message names them. */
interface Targets {
  readonly words: string;
  readonly several: boolean;
}

/** The targets' objections to a switch of their group, found by probing them: one hazard a kind, naming the targets. */
export function targetBackendHazards(
  purpose: 'on' | 'off',
  group: TargetGroup,
  results: readonly BackendResult[],
  loadBalancer: Pick<NetworkLoadBalancer, 'name' | 'region'>,
): readonly TargetBackendHazard[] {
  const { name } = group;
  const targetsWhere = (matches: (result: BackendResult) => boolean): Targets => {
    const found = results.filter(matches);
    return {
      words: nameSome(found.map(({ target, verdict }) => `${target} (${verdict})`)),
      several: found.length > 1,
    };
  };
  const wrong = purpose === 'on' ? 'plain' : 'requires';
  const against = targetsWhere(({ verdict }) => kinds[verdict] === wrong);
  const inconclusive = targetsWhere(({ verdict }) => verdict === 'inconclusive');
  const first = targetsWhere((result) => purpose === 'on' && greets(result));
  const found: TargetBackendHazard[] = [];
  if (against.words !== '') {
    found.push(
      purpose === 'on'
        ? hazard(
            'backend-rejects-proxy',
            name,
            `${against.words} of target group ${name} ${against.several ? 'do' : 'does'} not take a version 2 header: every connection would fail`,
            'make the targets read a version 2 header, in front of everything, first',
          )
        : hazard(
            'backend-requires-proxy',
            name,
            `${against.words} of target group ${name} ${against.several ? 'require' : 'requires'} the header: every connection without it would fail`,
            'let the targets take connections without the header first',
          ),
    );
    const kind = checkKindOf(group);
    if (kind !== undefined && kind !== 'none' && healthCheckTable[purpose][wrong][kind] === 'fails')
      found.push(
        hazard(
          'health-check-order',
          name,
          `the health check of target group ${name} (${checkWords(group)}) would turn ${against.words} unhealthy: open connections to them are cut, and where none is healthy traffic goes to all of them`,
          `change the targets first, to take connections with and without the header; then switch${purpose === 'on' ? '; then let them require it' : ''}`,
        ),
      );
  }
  if (first.words !== '')
    found.push(
      hazard(
        'speaks-first',
        name,
        `${first.words} of target group ${name} ${first.several ? 'were' : 'was'} seen to speak first: by default the header comes with the client's first bytes, so both sides would wait for each other`,
        speaksFirstAdvice,
      ),
    );
  if (inconclusive.words !== '')
    found.push(
      hazard(
        'backend-inconclusive',
        name,
        `${inconclusive.words} of target group ${name} did not show what ${inconclusive.several ? 'they do' : 'it does'} with the header`,
        `check it with: ${nextCommand('verify backend', [], { 'load-balancer': loadBalancer.name, 'target-group': name, region: loadBalancer.region })}`,
      ),
    );
  return found;
}
