import type { LoadBalancerIdentity } from '../../core/model.js';
import type { Parts } from '../completion/completion-names.js';
import type { Context } from '../context.js';

/** Gathers the names that a status shows, for the shell's completion. */
export interface StatusNames {
  readonly add: (loadBalancer: Pick<LoadBalancerIdentity, 'name' | 'region'>, parts: Parts) => void;
  /** @param whole whether every load balancer of the regions was read */
  readonly remember: (whole: boolean) => Promise<void>;
}

/** None yet. */
export function statusNames(
  regions: readonly string[],
  endpoint: string | undefined,
  { io, clock }: Context,
): StatusNames {
  const seen = new Map(regions.map((region) => [region, new Map<string, Parts>()]));
  return {
    // A Network Load Balancer may have the name of a Classic one.
    add: ({ region, name }, parts) =>
      void seen.get(region)?.set(name, { ...seen.get(region)?.get(name), ...parts }),
    remember: async (whole) => {
      const { rememberNames } = await import('../completion/completion-names.js');
      const { stateDirectory } = await import('../../journal/state-directory.js');
      await rememberNames(
        stateDirectory(io.env),
        regions.map((region) => {
          const here = seen.get(region) ?? new Map<string, Parts>();
          return { region, endpoint, names: [...here.keys()], parts: Object.fromEntries(here) };
        }),
        { whole, now: clock.now().getTime() },
      );
    },
  };
}
