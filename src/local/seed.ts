import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ActionContext } from './action.js';
import { actions } from './actions/index.js';
import { demoSeed } from './demo-seed.js';
import { getLoadBalancer, replaceLoadBalancer } from './load-balancers.js';
import { LocalElbError } from './local-elb-error.js';
import { encodeParameters } from './request-lists.js';
import { ServiceError } from './service-error.js';
import type { State } from './state.js';
import { firstIssue } from './state-file.js';

const attributeValue = z.union([z.string(), z.array(z.string()).readonly()]);

/** The shape of a seed; see {@link Seed}. */
export const seedSchema = z.strictObject({
  loadBalancers: z
    .array(
      z.strictObject({
        name: z.string(),
        region: z.string().optional(),
        scheme: z.enum(['internet-facing', 'internal']).optional(),
        listeners: z
          .array(
            z.strictObject({
              protocol: z.string(),
              loadBalancerPort: z.int(),
              instanceProtocol: z.string().optional(),
              instancePort: z.int(),
              sslCertificateId: z.string().optional(),
              policyNames: z.array(z.string()).readonly().optional(),
            }),
          )
          .min(1)
          .readonly(),
        policies: z
          .array(
            z.strictObject({
              policyName: z.string(),
              policyTypeName: z.string(),
              attributes: z.record(z.string(), attributeValue).optional(),
            }),
          )
          .readonly()
          .optional(),
        backendPolicies: z
          .array(z.strictObject({ instancePort: z.int(), policyNames: z.array(z.string()).readonly() }))
          .readonly()
          .optional(),
        instances: z.array(z.string()).readonly().optional(),
        healthCheck: z
          .strictObject({
            target: z.string(),
            interval: z.int().default(30),
            timeout: z.int().default(5),
            unhealthyThreshold: z.int().default(2),
            healthyThreshold: z.int().default(10),
          })
          .optional(),
        tags: z.record(z.string(), z.string()).optional(),
      }),
    )
    .readonly(),
});

/**
 * What a service starts with: `{ "loadBalancers": [ … ] }`, each with
 *
 * - `name`, and optionally `region` and `scheme`;
 * - `listeners`: `protocol`, `loadBalancerPort`, `instancePort`, and optionally `instanceProtocol`,
 *   `sslCertificateId` (for HTTPS and SSL) and `policyNames` (enabled on the listener);
 * - `policies`: `policyName`, `policyTypeName` and `attributes` by name, a list for one that stands several
 *   times; a policy comes after those that it refers to;
 * - `backendPolicies`: `instancePort` and `policyNames`, in their order;
 * - `instances`: ids; `healthCheck`: `target`, and what differs from AWS's defaults; `tags` by key, where
 *   `aws:` keys are allowed, so that a load balancer can look as if CloudFormation managed it.
 *
 * All of it passes the same rules as API calls do.
 */
export type Seed = z.input<typeof seedSchema>;

const invalid = (what: string, cause?: unknown): LocalElbError =>
  new LocalElbError('SeedInvalid', `The seed is not valid: ${what}.`, { cause });

/** A seed from its name (`demo`), a JSON file's path, or as it is. */
export async function readSeed(seed: string | Seed): Promise<z.output<typeof seedSchema>> {
  let value: unknown = seed;
  if (seed === 'demo') value = demoSeed;
  else if (typeof seed === 'string') {
    try {
      value = JSON.parse(await readFile(seed, 'utf8'));
    } catch (error) {
      throw invalid(`${seed} cannot be read as JSON`, error);
    }
  }
  const result = seedSchema.safeParse(value);
  if (!result.success) throw invalid(firstIssue(result.error), result.error);
  return result.data;
}

type SeedLoadBalancer = z.output<typeof seedSchema>['loadBalancers'][number];

function* calls(one: SeedLoadBalancer, region: string): Generator<readonly [action: string, input: object]> {
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
  for (const { policyName, policyTypeName, attributes = {} } of one.policies ?? []) {
    const PolicyAttributes = Object.entries(attributes).flatMap(([AttributeName, values]) =>
      [values].flat().map((AttributeValue) => ({ AttributeName, AttributeValue })),
    );
    yield [
      'CreateLoadBalancerPolicy',
      { LoadBalancerName, PolicyName: policyName, PolicyTypeName: policyTypeName, PolicyAttributes },
    ];
  }
  for (const { loadBalancerPort, policyNames } of one.listeners) {
    if (policyNames === undefined) continue;
    yield [
      'SetLoadBalancerPoliciesOfListener',
      { LoadBalancerName, LoadBalancerPort: loadBalancerPort, PolicyNames: policyNames },
    ];
  }
  for (const { instancePort, policyNames } of one.backendPolicies ?? []) {
    yield [
      'SetLoadBalancerPoliciesForBackendServer',
      { LoadBalancerName, InstancePort: instancePort, PolicyNames: policyNames },
    ];
  }
  if (one.instances?.length) {
    const Instances = one.instances.map((InstanceId) => ({ InstanceId }));
    yield ['RegisterInstancesWithLoadBalancer', { LoadBalancerName, Instances }];
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
    ];
  }
}

/** The state with a seed's load balancers added. @throws LocalElbError naming the load balancer at fault */
export function applySeed(state: State, seed: z.output<typeof seedSchema>, context: ActionContext): State {
  let result = state;
  for (const one of seed.loadBalancers) {
    const region = one.region ?? context.region;
    try {
      for (const [name, input] of calls(one, region)) {
        const action = actions.get(name);
        if (action?.kind === 'write') {
          result = action.run(result, encodeParameters(input), { ...context, region }).state;
        }
      }
    } catch (error) {
      if (error instanceof ServiceError) throw invalid(`load balancer ${one.name}: ${error.message}`, error);
      throw error;
    }
    const tags = Object.entries(one.tags ?? {}).map(([key, value]) => ({ key, value }));
    result = replaceLoadBalancer(result, { ...getLoadBalancer(result, region, one.name), tags });
  }
  return result;
}
