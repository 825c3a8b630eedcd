import { z } from 'zod';
import { elbV2StateSchema, emptyElbV2, pairs, port } from './elbv2/state.js';
import { managedInstanceSchema } from './seed.js';
import type { State } from './shapes.js';

const names = z.array(z.string()).readonly();

const listener = z.strictObject({
  protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'SSL']),
  loadBalancerPort: port,
  instanceProtocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'SSL']),
  instancePort: port,
  sslCertificateId: z.string().optional(),
  policyNames: names,
});

const policy = z.strictObject({
  policyName: z.string(),
  policyTypeName: z.string(),
  attributes: z.array(z.strictObject({ name: z.string(), value: z.string() }).readonly()).readonly(),
});

const backendPolicy = z.strictObject({
  instancePort: z.int(),
  policyNames: z.array(z.string()).min(1).readonly(),
});

const healthCheck = z.strictObject({
  target: z.string(),
  interval: z.int(),
  timeout: z.int(),
  unhealthyThreshold: z.int(),
  healthyThreshold: z.int(),
});

const attributes = z.strictObject({
  crossZone: z.boolean(),
  accessLog: z.strictObject({
    enabled: z.boolean(),
    s3BucketName: z.string().optional(),
    emitInterval: z.int().optional(),
    s3BucketPrefix: z.string().optional(),
  }),
  connectionDraining: z.strictObject({ enabled: z.boolean(), timeout: z.int() }),
  idleTimeout: z.int(),
  additional: pairs,
});

const loadBalancer = z.strictObject({
  region: z.string(),
  loadBalancerName: z.string(),
  /** The load balancer's own loopback address, where its listeners are opened. */
  dnsName: z.string(),
  createdTime: z.iso.datetime(),
  scheme: z.enum(['internet-facing', 'internal']),
  vpcId: z.string(),
  subnets: names,
  availabilityZones: names,
  securityGroups: names,
  sourceSecurityGroup: z.strictObject({ ownerAlias: z.string(), groupName: z.string() }).readonly(),
  listeners: z.array(listener.readonly()).readonly(),
  policies: z.array(policy.readonly()).readonly(),
  /** Only ports with at least one policy, sorted by port; a port may outlive its listener. */
  backendPolicies: z.array(backendPolicy.readonly()).readonly(),
  instances: names,
  healthCheck: healthCheck.readonly(),
  tags: pairs,
  attributes: attributes.readonly(),
});

const alarm = z.strictObject({
  region: z.string(),
  name: z.string(),
  description: z.string().optional(),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  transitionedAt: z.iso.datetime(),
  rule: z.string().optional(),
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).readonly(),
  period: z.int(),
  evaluationPeriods: z.int(),
});

/** The shape of a state file, and of all that the local service knows. */
export const stateSchema: z.ZodType<State> = z
  .strictObject({
    formatVersion: z.literal(1),
    /** How many addresses were ever given out; an address is never given out twice. */
    addressesUsed: z.int().min(0),
    loadBalancers: z.array(loadBalancer.readonly()).readonly(),
    /** Files from before it was served have none. */
    elbv2: elbV2StateSchema.default(emptyElbV2),
    /** Files from before there were alarms have none. */
    alarms: z.array(alarm.readonly()).readonly().default([]),
    managedInstances: z.array(managedInstanceSchema.readonly()).readonly().optional(),
  })
  .readonly();

/** A service without a load balancer. */
export const emptyState: State = {
  formatVersion: 1,
  addressesUsed: 0,
  loadBalancers: [],
  elbv2: emptyElbV2,
  alarms: [],
};
