import { inspect } from '../app/inspect.js';
import type { ElasticLoadBalancing } from '../app/ports.js';
import type { LoadBalancer } from '../core/model.js';
import { instancePortStatuses } from '../core/status.js';
import { ElbProxyError, usageError } from '../errors.js';
import type { Context } from './context.js';
import type { Prompter } from './prompter.js';

/** Asks which load balancer. */
export async function chooseNames(
  api: ElasticLoadBalancing,
  prompter: Prompter,
  { emit }: Context,
): Promise<readonly string[]> {
  const found = await inspect(api, { detail: 'lists', emit });
  if (found.length === 0)
    throw usageError(`there is no Classic Load Balancer in ${api.region}`, 'give another --region');
  const name = await prompter.pick(
    'Which load balancer?',
    found.map((loadBalancer) => ({
      name: `${loadBalancer.name}  ${summary(loadBalancer)}`,
      value: loadBalancer.name,
    })),
  );
  return name === undefined ? declined() : [name];
}

/** Asks which instance ports; of several load balancers those that any has. */
export async function choosePortsOf(
  api: ElasticLoadBalancing,
  names: readonly string[],
  prompter: Prompter,
  { emit }: Context,
): Promise<readonly number[]> {
  const found = await inspect(api, { names, detail: 'lists', emit });
  const choices = new Map<number, string>();
  for (const loadBalancer of found) {
    for (const { instancePort, proxyProtocol } of instancePortStatuses(loadBalancer)) {
      const listeners = loadBalancer.listeners
        .filter((listener) => listener.instancePort === instancePort)
        .map(({ protocol, loadBalancerPort }) => `${protocol} ${loadBalancerPort}`);
      choices.set(
        instancePort,
        `${instancePort}  ${listeners.join(', ') || 'no listener'}  PROXY ${proxyProtocol}`,
      );
    }
  }
  const ports = await prompter.tick(
    'Which instance ports?',
    [...choices].map(([value, name]) => ({ name, value })),
  );
  return ports === undefined ? declined() : ports;
}

function summary(loadBalancer: LoadBalancer): string {
  const on = instancePortStatuses(loadBalancer).filter(({ proxyProtocol }) => proxyProtocol !== 'disabled');
  return on.length === 0
    ? 'PROXY on no port'
    : `PROXY on ${on.map(({ instancePort }) => instancePort).join(', ')}`;
}

function declined(): never {
  throw new ElbProxyError('not confirmed: nothing was changed', { code: 'not-confirmed', fault: 'world' });
}
