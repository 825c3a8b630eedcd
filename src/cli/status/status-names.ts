import type { ElasticLoadBalancing } from '../../app/ports.js';
import type { LoadBalancer } from '../../core/model.js';
import type { Context } from '../context.js';

/** Gathers the names that a status shows, for the shell's completion. */
export interface StatusNames {
  readonly add: (loadBalancer: LoadBalancer) => void;
  /** @param whole whether every load balancer of the regions was read */
  readonly remember: (whole: boolean) => Promise<void>;
}

/** None yet. */
export function statusNames(apis: readonly ElasticLoadBalancing[], { io, clock }: Context): StatusNames {
  const names = new Map(apis.map(({ region }) => [region, new Set<string>()]));
  return {
    add: ({ region, name }) => names.get(region)?.add(name),
    remember: async (whole) => {
      const { rememberNames } = await import('../completion/completion-names.js');
      const { stateDirectory } = await import('../../journal/state-directory.js');
      await rememberNames(
        stateDirectory(io.env),
        apis.map(({ region, endpoint }) => ({ region, endpoint, names: [...(names.get(region) ?? [])] })),
        { whole, now: clock.now().getTime() },
      );
    },
  };
}
