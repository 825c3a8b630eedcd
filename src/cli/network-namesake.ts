import { inspectNetworkNamed } from '../app/inspect-network.js';
import { isUnavailable } from '../app/network-unavailable.js';
import type { ElasticLoadBalancingV2 } from '../app/ports.js';
import { noSuchLoadBalancer } from '../app/wrong-name.js';
import type { NetworkLoadBalancer } from '../core/network-load-balancer.js';
import { ElbProxyError } from '../errors.js';
import type { Context } from './context.js';

/**
 * The Network Load Balancer of a name that no Classic one has; with targets and tags where `detail` asks for them.
 * Rejects with the first error, with one that says of which other type the name is, or that neither kind has it.
 *
 * @param error what looking for a Classic one came to
 */
export async function networkNamesake(
  error: unknown,
  name: string,
  detail: 'groups' | 'all',
  region: string,
  context: Context,
): Promise<NetworkLoadBalancer> {
  if (!(error instanceof ElbProxyError) || error.code !== 'LoadBalancerNotFound') throw error;
  const { emit } = context;
  const looked = await (async () => {
    try {
      const api = await context.networkApi(region);
      return await inspectNetworkNamed(api, { names: [name], detail, emit });
    } catch (unasked) {
      // An endpoint without them has nothing of that name; otherwise that is unknown.
      if (unasked instanceof ElbProxyError && unasked.code === 'no-network-endpoint') throw error;
      throw noSuchLoadBalancer({ name, region }, { requestId: error.requestId, unasked });
    }
  })();
  const [found] = looked.found;
  if (found !== undefined) return found;
  const [failure] = looked.failures.values();
  if (failure?.code === 'LoadBalancerNotFound')
    throw noSuchLoadBalancer({ name, region }, { kinds: 'Classic or Network', requestId: error.requestId });
  if (failure?.code === 'not-a-network-load-balancer') throw failure;
  throw failure === undefined
    ? error
    : noSuchLoadBalancer({ name, region }, { requestId: error.requestId, unasked: failure });
}

/** The Network Load Balancers that have the names of Classic ones, where they can be read. Rejects if that is not known. */
export async function networkNamesakes(
  names: readonly string[],
  region: string | undefined,
  context: Context,
): Promise<readonly NetworkLoadBalancer[]> {
  return whereReadable(
    async (api) => (await inspectNetworkNamed(api, { names, detail: 'groups', emit: context.emit })).found,
    region,
    context,
  );
}

/**
 * Reads Network Load Balancers. None if the caller has no right to read them, or at an endpoint without them:
 * an account with Classic ones only may have neither.
 */
export async function whereReadable<T>(
  read: (api: ElasticLoadBalancingV2) => Promise<readonly T[]>,
  region: string | undefined,
  context: Context,
): Promise<readonly T[]> {
  const { endpoint } = await context.api(region);
  try {
    return await read(await context.networkApi(region));
  } catch (error) {
    if (isUnavailable(error, endpoint !== undefined)) return [];
    throw error;
  }
}
