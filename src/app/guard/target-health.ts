import type { Target } from '../../core/network-load-balancer.js';
import { findIn } from '../pages.js';
import type { Clock, ElasticLoadBalancingV2 } from '../ports.js';
import { type Blind, type HealthCheckPace, type HealthWords, healthWatcher } from './health-watcher.js';
import type { GuardProbe, GuardWatcher } from './watcher.js';

type Api = Pick<ElasticLoadBalancingV2, 'describeTargetGroups' | 'describeTargetHealth'>;

const words: HealthWords = {
  member: 'target',
  up: 'healthy',
  counted: 'healthy',
  down: 'are not healthy',
  registered: 'in',
};

/** The `health` guard of a target group: each target that was healthy before must stay healthy. */
export function targetHealthGuard(api: (region: string) => Promise<Api>, clock: Clock): GuardProbe {
  const watchers = new Map<string, GuardWatcher>();
  return {
    name: 'health',
    watcherOf: ({ loadBalancer: { region }, targetGroup }) => {
      const { arn = '', name = '' } = targetGroup ?? {};
      const readMembers = async () => (await (await api(region)).describeTargetHealth(arn)).map(memberOf);
      const readCheck = async () => checkOf(await api(region), arn);
      const watcher = watchers.get(arn) ?? healthWatcher({ name, readMembers, readCheck, words }, clock);
      watchers.set(arn, watcher);
      return watcher;
    },
  };
}

async function checkOf(api: Api, arn: string): Promise<HealthCheckPace | Blind> {
  const found = await findIn(api.describeTargetGroups({ arns: [arn] }), (group) => group.arn === arn);
  if (found?.healthCheck?.enabled === false)
    return {
      seen: 'its health check is switched off, so nothing could be noticed',
      hint: 'switch its health check on, or watch with another guard, such as --guard http:/path',
    };
  return found?.healthCheck ?? {};
}

/** An id may be registered several times, with other ports. */
function memberOf({ id, port, state, reason, description }: Target) {
  const name = port === undefined ? id : `${id}:${port}`;
  const why = [reason, description?.replace(/\.$/, '')].filter((part) => part !== undefined).join(', ');
  return {
    name,
    isUp: state === 'healthy',
    state: `${name} is ${state ?? 'in an unknown state'}${why === '' ? '' : `: ${why}`}`,
  };
}
