import type { LoadBalancer, MissingField } from '../../src/core/model.js';
import { fc } from '../helpers/fast-check.js';
import { apiError, type FakeLoadBalancing } from './fake-load-balancing.js';

/** What the replica that answers one read shows: a state so many writes old, or a gap. */
export type View = number | 'gone' | 'without-lists' | 'without-a-list' | 'without-policies';

/** What the reads of a run meet, one after the other, and what they meet from then on. */
export interface Views {
  readonly first: readonly View[];
  readonly afterwards: View;
}

const view = fc.oneof(
  { weight: 5, arbitrary: fc.constant<View>(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<View>('gone', 'without-lists', 'without-a-list', 'without-policies'),
  },
);

/** Replicas that mostly recover in the end. */
export const views: fc.Arbitrary<Views> = fc.record({
  first: fc.array(view, { maxLength: 40 }),
  afterwards: fc.oneof({ weight: 3, arbitrary: fc.constant<View>(0) }, { weight: 1, arbitrary: view }),
});

/** A service whose reads are answered by replicas that are behind, each by itself. */
export interface Replicated {
  readonly fake: FakeLoadBalancing;
  /** What the newest answer with the lists of a load balancer showed; undefined if the answer was incomplete. */
  readonly lastShown: (name: string) => LoadBalancer | undefined;
  /** Says that a load balancer has changed, so that replicas may show what it was. */
  readonly changed: (name: string, was?: LoadBalancer) => void;
  /** From now on every read is answered by the service itself. */
  readonly heal: () => void;
}

/**
 * Puts replicas in front of a fake service's reads.
 * @param onAnswer sees each answer with lists leave the service
 */
export function replicated(
  fake: FakeLoadBalancing,
  { first, afterwards }: Views,
  onAnswer: () => void = () => undefined,
): Replicated {
  const pasts = new Map<string, LoadBalancer[]>();
  const shown = new Map<string, LoadBalancer | undefined>();
  let reads = 0;
  let healed = false;

  const past = (name: string): LoadBalancer[] => {
    const known = pasts.get(name) ?? [fake.state(name)];
    pasts.set(name, known);
    return known;
  };
  const next = (): View => (healed ? 0 : (first[reads++] ?? afterwards));
  const stateFor = (name: string, by: View): LoadBalancer => {
    if (by === 'gone') throw apiError('LoadBalancerNotFound');
    const known = past(name);
    return (
      (typeof by === 'number' ? known.at(Math.max(-known.length, -1 - by)) : known.at(-1)) ?? fake.state(name)
    );
  };

  const api: FakeLoadBalancing['api'] = {
    ...fake.api,
    async *describeLoadBalancers(names) {
      const by = next();
      for (const name of names ?? []) shown.set(name, undefined);
      for await (const page of fake.api.describeLoadBalancers(names)) {
        const answer = page.map(({ name }) => {
          const state = stateFor(name, by);
          const { policies: _policies, instanceStates: _states, tags: _tags, ...listed } = state;
          const left = gap(listed, by);
          if (left.missing === undefined) shown.set(name, state);
          return { ...listed, ...left };
        });
        onAnswer();
        yield answer;
      }
    },
    describeLoadBalancerPolicies: async (name) => {
      const by = next();
      await fake.api.describeLoadBalancerPolicies(name);
      const policies = stateFor(name, by).policies ?? [];
      return by === 'without-policies'
        ? policies.map((one) => ({ ...one, missing: 'PolicyTypeName' }))
        : policies;
    },
  };
  return {
    fake: { ...fake, api },
    lastShown: (name) => shown.get(name),
    changed: (name, was) => {
      if (was !== undefined) past(name).unshift(was);
      past(name).push(fake.state(name));
    },
    heal: () => {
      healed = true;
    },
  };
}

/** What an answer leaves out, as the API's adapter would say it. */
function gap(
  { backendServers }: Pick<LoadBalancer, 'backendServers'>,
  by: View,
): { readonly backendServers?: LoadBalancer['backendServers']; readonly missing?: readonly MissingField[] } {
  if (by === 'without-lists')
    return { backendServers: [], missing: [{ field: 'BackendServerDescriptions' }] };
  const [one, ...others] = backendServers;
  if (by !== 'without-a-list' || one === undefined) return {};
  const field = `BackendServerDescriptions[${one.instancePort}].PolicyNames`;
  return { backendServers: others, missing: [{ field, instancePort: one.instancePort }] };
}
