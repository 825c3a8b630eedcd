import type { InstanceState } from '../../core/model.js';
import { findIn } from '../pages.js';
import type { Clock, ElasticLoadBalancing } from '../ports.js';
import { type Blind, type HealthCheckPace, type HealthWords, healthWatcher } from './health-watcher.js';
import type { GuardProbe, GuardWatcher } from './watcher.js';

type Api = Pick<ElasticLoadBalancing, 'describeLoadBalancers' | 'describeInstanceHealth'>;

const words: HealthWords = {
  member: 'instance',
  up: 'in service',
  counted: 'InService',
  down: 'are out',
  registered: 'with',
};

/** The `health` guard of a Classic load balancer: each instance that was in service before must stay in service. */
export function healthGuard(api: (region: string) => Promise<Api>, clock: Clock): GuardProbe {
  const watchers = new Map<string, GuardWatcher>();
  return {
    name: 'health',
    watcherOf: ({ loadBalancer: { name, region } }) => {
      const key = `${region}/${name}`;
      const readMembers = async () => (await (await api(region)).describeInstanceHealth(name)).map(memberOf);
      const readCheck = async () => checkOf(await api(region), name);
      const watcher = watchers.get(key) ?? healthWatcher({ name, readMembers, readCheck, words }, clock);
      watchers.set(key, watcher);
      return watcher;
    },
  };
}

async function checkOf(api: Api, name: string): Promise<HealthCheckPace | Blind> {
  const found = await findIn(api.describeLoadBalancers([name]), () => true);
  if (found?.healthCheck !== undefined) return found.healthCheck;
  return {
    seen: 'it has no health check that could notice anything',
    hint: 'configure its health check, or watch with another guard, such as --guard http:/path',
  };
}

function memberOf({ instanceId, state, description }: InstanceState) {
  const why = description === undefined || description === 'N/A' ? '' : `: ${description.replace(/\.$/, '')}`;
  return { name: instanceId, isUp: state === 'InService', state: `${instanceId} is ${state}${why}` };
}
