import type { ElasticLoadBalancing } from '../app/ports.js';
import type { LoadBalancer } from '../core/model.js';
import { stateDirectory } from '../journal/state-directory.js';
import { rememberNames } from './completion-names.js';
import type { Context } from './context.js';

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
    remember: (whole) =>
      rememberNames(
        stateDirectory(io.env),
        apis.map(({ region, endpoint }) => ({ region, endpoint, names: [...(names.get(region) ?? [])] })),
        { whole, now: clock.now().getTime() },
      ),
  };
}
