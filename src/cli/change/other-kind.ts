import { inspect } from '../../app/inspect.js';
import { inspectNetworkNamed } from '../../app/inspect-network.js';
import { nameSome } from '../../core/name-some.js';
import { groupsInWords } from '../../core/network/choose-groups.js';
import { statusCommand } from '../../core/next-command.js';
import { instancePorts } from '../../core/status.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Context } from '../context.js';

// A name that is not found may belong to the other kind of load balancer: then the option is wrong. This is checked only
// after the name was not found; if the check itself fails, the error stays as it was.

/** The use of the names: `status` shows both kinds, and its options narrow the expectation. */
type Asked = 'change' | 'status';

const options: Readonly<Record<Asked, string>> = {
  change: '--target-group, --listener and --all-target-groups are',
  status: '--target-group is',
};

const quiet = { emit: () => undefined };

/** The error that fits if a name without instance ports is another kind of load balancer's; else the error as it is. */
export async function asNetworkLoadBalancer(
  error: unknown,
  names: readonly string[],
  region: string,
  context: Context,
  asked: Asked = 'change',
): Promise<unknown> {
  if (!isNotFound(error)) return error;
  try {
    const missing = await missingOf(names, region, context);
    const { found, failures } = await inspectNetworkNamed(await context.networkApi(region), {
      names: missing,
      detail: 'groups',
      ...quiet,
    });
    const [loadBalancer] = found;
    if (loadBalancer === undefined)
      return [...failures.values()].find(({ code }) => code === 'not-a-network-load-balancer') ?? error;
    const { name } = loadBalancer;
    const groups = groupsInWords(loadBalancer);
    return usageError(
      `${name} (${region}) is a Network Load Balancer, which has target groups instead of instance ports: --port is for Classic load balancers`,
      groups.length === 0
        ? `it has no target group; see it with: ${statusCommand({ name, region })}`
        : asked === 'status'
          ? `ask about its target groups on their own, with --target-group: it has ${nameSome(groups)}`
          : `choose target groups with --target-group NAME or --listener N: it has ${nameSome(groups)}`,
    );
  } catch {
    return error;
  }
}

/** The same if target groups are wanted, but the name is a Classic load balancer's. */
export async function asClassicLoadBalancer(
  error: unknown,
  names: readonly string[],
  region: string,
  context: Context,
  asked: Asked = 'change',
): Promise<unknown> {
  if (!isNotFound(error)) return error;
  try {
    const api = await context.networkApi(region);
    // The keys may be a clone's: AWS is not asked with them.
    if (api.endpoint !== undefined && (await context.api(region)).endpoint === undefined) return error;
    const { failures } = await inspectNetworkNamed(api, { names, detail: 'groups', ...quiet });
    for (const name of failures.keys()) {
      const [found] = await classicOf(name, region, context);
      if (found === undefined) continue;
      const ports = instancePorts(found);
      return usageError(
        `${found.name} (${region}) is a Classic load balancer, which has instance ports instead of target groups: ${options[asked]} for Network Load Balancers`,
        ports.length === 0
          ? `see it with: ${statusCommand({ name, region })}`
          : asked === 'status'
            ? `ask about its instance ports on their own, with --port: it has ${ports.join(', ')}`
            : `choose instance ports with --port: it has ${ports.join(', ')}`,
      );
    }
    return error;
  } catch {
    return error;
  }
}

/** The names that no Classic load balancer has. */
async function missingOf(
  names: readonly string[],
  region: string,
  context: Context,
): Promise<readonly string[]> {
  const found = await Promise.all(
    names.map(async (name) => ((await classicOf(name, region, context)).length === 0 ? [name] : [])),
  );
  return found.flat();
}

async function classicOf(name: string, region: string, context: Context) {
  try {
    return await inspect(await context.api(region), { names: [name], detail: 'lists', ...quiet });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound';
}
