import { restartChecks } from '../../data-plane/check-again.js';
import {
  createInstanceConnections,
  type InstanceConnections,
} from '../../data-plane/instance-connections.js';
import { afterCheck } from '../../data-plane/instance-health.js';
import { type InstanceAddresses, instanceAddress } from '../../instance-address.js';
import { groupAttributes, PROXY_PROTOCOL_V2 } from '../default-attributes.js';
import type { TargetGroupV2, TargetV2 } from '../shapes.js';
import type { TargetState } from '../target-state.js';
import { type CheckResult, checkTarget } from './check-target.js';
import { newTarget, type TargetHealth, targetState } from './target-health.js';

/** A target that a connection can go to. */
export interface Destination {
  readonly key: string;
  readonly address: string;
  readonly port: number;
}

/** A target group that a load balancer forwards to. */
export interface RunningTargetGroup {
  /** Starts and stops checks to match the registrations; a changed check starts at once. */
  readonly follow: (group: TargetGroupV2) => void;
  /** The group as it is now. */
  readonly current: () => TargetGroupV2;
  /** The target whose turn it is; undefined if none is registered. */
  readonly next: () => Destination | undefined;
  /** The open connections to targets, by {@link Destination.key}. */
  readonly connections: InstanceConnections;
  readonly stateOf: (target: TargetV2) => TargetState;
  /** The targets that were deregistered and still have connections. */
  readonly draining: () => readonly TargetV2[];
  /** Ends all checks but no connection: no listener forwards to the group any more. */
  readonly rest: () => void;
  /** Ends all checks and connections. */
  readonly close: () => void;
}

interface Watched {
  readonly target: TargetV2;
  state: TargetHealth;
  checks: AbortController;
}

const keyOf = ({ id, port }: TargetV2): string => `${id} ${port ?? ''}`;

// The longest time that a timer takes, in seconds: some three weeks.
const NEVER = 2_147_483;

const sameChecks = (a: TargetGroupV2, b: TargetGroupV2): boolean =>
  JSON.stringify(a.healthCheck) === JSON.stringify(b.healthCheck);

/** Runs a group, with checks that come from an address; nothing is checked before {@link RunningTargetGroup.follow}. */
export function runTargetGroup(
  addresses: InstanceAddresses,
  loadBalancerAddress: string,
): RunningTargetGroup {
  const targets = new Map<string, Watched>();
  const gone = new Map<string, TargetV2>();
  const connections = createInstanceConnections();
  let current: TargetGroupV2;
  let turn = 0;

  /** Where a target is; an Application Load Balancer carries no traffic here. */
  function addressOf({ id }: TargetV2): string | undefined {
    if (current.targetType === 'ip') return id;
    return current.targetType === 'instance' ? instanceAddress(addresses, id) : undefined;
  }

  const isOn = (attribute: string): boolean => groupAttributes(current).get(attribute) === 'true';

  async function check({ target }: Watched, signal: AbortSignal): Promise<CheckResult> {
    const address = addressOf(target);
    const { healthCheck } = current;
    if (address === undefined) {
      const description = 'Load balancers of this type carry no traffic here';
      return { passed: false, reason: 'Target.FailedHealthChecks', description };
    }
    return checkTarget({
      settings: healthCheck,
      address,
      port: healthCheck.port === 'traffic-port' ? (target.port ?? 0) : Number(healthCheck.port),
      localAddress: address.startsWith('127.') ? loadBalancerAddress : undefined,
      proxy: isOn(PROXY_PROTOCOL_V2),
      signal,
    });
  }

  function take(watched: Watched, result: CheckResult): void {
    const was = watched.state.health.kind === 'in-service';
    const health = afterCheck(watched.state.health, result.passed, current.healthCheck);
    watched.state = { health, failure: result.passed ? undefined : result };
    const is = health.kind === 'in-service';
    if (is === was) return;
    const key = keyOf(watched.target);
    if (is) connections.comeBack(key);
    else if (isOn('target_health_state.unhealthy.connection_termination.enabled')) {
      connections.leave(key, { enabled: false, timeout: 0 });
    }
  }

  function begin(watched: Watched): void {
    restartChecks(watched, {
      check: (signal) => check(watched, signal),
      onResult: (result) => take(watched, result),
      intervalMs: () => current.healthCheck.interval * 1000,
    });
  }

  function leave(key: string, { target, checks }: Watched): void {
    checks.abort();
    targets.delete(key);
    gone.set(key, target);
    const delay = Number(groupAttributes(current).get('deregistration_delay.timeout_seconds') ?? 300);
    const ends = isOn('deregistration_delay.connection_termination.enabled');
    connections.leave(key, { enabled: true, timeout: ends ? delay : NEVER });
  }

  /** The targets that new connections go to: the healthy ones, or all where they are too few (fail open). */
  function ready(): readonly Watched[] {
    const all = [...targets.values()];
    const healthy = all.filter(({ state }) => state.health.kind === 'in-service');
    const attributes = groupAttributes(current);
    const least = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';
    const count = Number(attributes.get(`${least}.count`) ?? 1);
    const percentage = attributes.get(`${least}.percentage`) ?? 'off';
    const tooFew =
      healthy.length < count ||
      (percentage !== 'off' && healthy.length * 100 < Number(percentage) * all.length);
    return tooFew ? all : healthy;
  }

  function rest(): void {
    for (const { checks } of targets.values()) checks.abort();
    targets.clear();
  }

  return {
    follow: (group) => {
      const changed = targets.size > 0 && !sameChecks(current, group);
      current = group;
      const wanted = new Map(group.targets.map((target) => [keyOf(target), target]));
      for (const [key, watched] of targets) {
        if (!wanted.has(key)) leave(key, watched);
        else if (changed) {
          const { health, failure } = watched.state;
          watched.state = { health: { ...health, streak: 0 }, failure };
          begin(watched);
        }
      }
      for (const [key, target] of wanted) {
        if (targets.has(key)) continue;
        const watched = { target, state: newTarget, checks: new AbortController() };
        targets.set(key, watched);
        gone.delete(key);
        connections.comeBack(key);
        begin(watched);
      }
    },
    current: () => current,
    next: () => {
      const all = ready();
      const chosen = all[turn++ % all.length];
      if (chosen === undefined) return undefined;
      const address = addressOf(chosen.target);
      const { port } = chosen.target;
      if (address === undefined || port === undefined) return undefined;
      return { key: keyOf(chosen.target), address, port };
    },
    connections,
    stateOf: (target) => targetState(targets.get(keyOf(target))?.state ?? newTarget),
    draining: () => connections.draining().flatMap((key) => gone.get(key) ?? []),
    rest,
    close: () => {
      rest();
      connections.close();
    },
  };
}
