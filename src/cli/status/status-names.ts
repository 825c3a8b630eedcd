import type { LoadBalancerIdentity } from '../../core/model.js';
import type { Context } from '../context.js';

/** Gathers the names that a status shows, for the shell's completion. */
export interface StatusNames {
  readonly add: (loadBalancer: Pick<LoadBalancerIdentity, 'name' | 'region'>) => void;
  /** @param whole whether every load balancer of the regions was read */
  readonly remember: (whole: boolean) => Promise<void>;
}

/** None yet. */
export function statusNames(
  regions: readonly string[],
  endpoint: string | undefined,
  { io, clock }: Context,
): StatusNames {
  const names = new Map(regions.map((region) => [region, new Set<string>()]));
  return {
    add: ({ region, name }) => names.get(region)?.add(name),
    remember: async (whole) => {
      const { rememberNames } = await import('../completion/completion-names.js');
      const { stateDirectory } = await import('../../journal/state-directory.js');
      await rememberNames(
        stateDirectory(io.env),
        regions.map((region) => ({ region, endpoint, names: [...(names.get(region) ?? [])] })),
        { whole, now: clock.now().getTime() },
      );
    },
  };
}
