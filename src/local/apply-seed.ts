import type { ActionContext } from './action.js';
import { actions } from './actions/index.js';
import { seededAlarms } from './cloudwatch/seeded-alarms.js';
import { applyElbV2Seed } from './elbv2/apply-seed.js';
import { getLoadBalancer } from './load-balancers.js';
import { pairsOf } from './pairs.js';
import { invalidSeed } from './read-seed.js';
import { encodeParameters } from './request-lists.js';
import type { CheckedSeed } from './seed.js';
import { ServiceError } from './service-error.js';
import type { LoadBalancer, State } from './shapes.js';

type SeedLoadBalancer = NonNullable<CheckedSeed['loadBalancers']>[number];

/** The calls that make a load balancer, and which part of the seed each is for. */
function* calls(
  one: SeedLoadBalancer,
  region: string,
): Generator<readonly [action: string, input: object, part?: string]> {
  const LoadBalancerName = one.name;
  yield [
    'CreateLoadBalancer',
    {
      LoadBalancerName,
      AvailabilityZones: [`${region}a`, `${region}b`],
      Scheme: one.scheme,
      Listeners: one.listeners.map((listener) => ({
        Protocol: listener.protocol,
        LoadBalancerPort: listener.loadBalancerPort,
        InstanceProtocol: listener.instanceProtocol,
        InstancePort: listener.instancePort,
        SSLCertificateId: listener.sslCertificateId,
      })),
    },
  ];
  for (const [index, { policyName, policyTypeName, attributes = {} }] of (one.policies ?? []).entries()) {
    const PolicyAttributes = Object.entries(attributes).flatMap(([AttributeName, values]) =>
      [values].flat().map((AttributeValue) => ({ AttributeName, AttributeValue })),
    );
    yield [
      'CreateLoadBalancerPolicy',
      { LoadBalancerName, PolicyName: policyName, PolicyTypeName: policyTypeName, PolicyAttributes },
      `policies[${index}]`,
    ];
  }
  for (const [index, { loadBalancerPort, policyNames }] of one.listeners.entries()) {
    if (policyNames === undefined) continue;
    yield [
      'SetLoadBalancerPoliciesOfListener',
      { LoadBalancerName, LoadBalancerPort: loadBalancerPort, PolicyNames: policyNames },
      `listeners[${index}].policyNames`,
    ];
  }
  for (const [index, { instancePort, policyNames }] of (one.backendPolicies ?? []).entries()) {
    yield [
      'SetLoadBalancerPoliciesForBackendServer',
      { LoadBalancerName, InstancePort: instancePort, PolicyNames: policyNames },
      `backendPolicies[${index}]`,
    ];
  }
  if (one.instances?.length) {
    const Instances = one.instances.map((InstanceId) => ({ InstanceId }));
    yield ['RegisterInstancesWithLoadBalancer', { LoadBalancerName, Instances }, 'instances'];
  }
  if (one.healthCheck) {
    const { target, interval, timeout, unhealthyThreshold, healthyThreshold } = one.healthCheck;
    yield [
      'ConfigureHealthCheck',
      {
        LoadBalancerName,
        HealthCheck: {
          Target: target,
          Interval: interval,
          Timeout: timeout,
          UnhealthyThreshold: unhealthyThreshold,
          HealthyThreshold: healthyThreshold,
        },
      },
      'healthCheck',
    ];
  }
}

const keyOf = (region: string, name: string): string => `${region}/${name}`;

/** The state with a seed's load balancers added. @throws LocalElbError naming the load balancer at fault */
export function applySeed(state: State, seed: CheckedSeed, context: ActionContext): State {
  const seeded = new Map<string, LoadBalancer>(
    state.loadBalancers.map((one) => [keyOf(one.region, one.loadBalancerName), one]),
  );
  let { addressesUsed } = state;
  for (const one of seed.loadBalancers ?? []) {
    const region = one.region ?? context.region;
    const present = seeded.get(keyOf(region, one.name));
    // Each on its own: no call is about two, and looking through thousands for each one takes longer and longer.
    let result: State = { ...state, addressesUsed, loadBalancers: present === undefined ? [] : [present] };
    let at = '';
    try {
      for (const [name, input, part] of calls(one, region)) {
        at = part === undefined ? '' : `, ${part}`;
        const action = actions.get(name);
        if (action?.kind === 'write') {
          result = action.run(result, encodeParameters(input), { ...context, region, seeding: true }).state;
        }
      }
    } catch (error) {
      if (error instanceof ServiceError)
        throw invalidSeed(`load balancer ${one.name}${at}: ${error.message}`, error);
      throw error;
    }
    const tags = pairsOf(Object.entries(one.tags ?? {}));
    seeded.set(keyOf(region, one.name), { ...getLoadBalancer(result, region, one.name), tags });
    addressesUsed = result.addressesUsed;
  }
  const withClassic = { ...state, addressesUsed, loadBalancers: [...seeded.values()] };
  return {
    ...(seed.elbv2 === undefined ? withClassic : applyElbV2Seed(withClassic, seed.elbv2, context)),
    alarms: [...state.alarms, ...seededAlarms(seed, context)],
    managedInstances: seed.managedInstances ?? state.managedInstances,
  };
}
