import { z } from 'zod';
import type { ElbV2State } from './shapes.js';

export const port = z.int().min(1).max(65535);
export const pairs = z.array(z.strictObject({ key: z.string(), value: z.string() }).readonly()).readonly();
const protocol = z.enum(['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE', 'QUIC', 'TCP_QUIC']);

const loadBalancer = z.strictObject({
  arn: z.string(),
  region: z.string(),
  name: z.string(),
  type: z.enum(['application', 'network', 'gateway']),
  dnsName: z.string(),
  createdTime: z.iso.datetime(),
  scheme: z.enum(['internet-facing', 'internal']),
  vpcId: z.string(),
  zones: z.array(z.strictObject({ zoneName: z.string(), subnetId: z.string() }).readonly()).readonly(),
  securityGroups: z.array(z.string()).readonly(),
  ipAddressType: z.enum(['ipv4', 'dualstack', 'dualstack-without-public-ipv4']),
  attributes: pairs,
  tags: pairs,
});

const healthCheck = z.strictObject({
  enabled: z.boolean(),
  protocol,
  port: z.string(),
  path: z.string().optional(),
  matcher: z.string().optional(),
  interval: z.int(),
  timeout: z.int(),
  healthyThreshold: z.int(),
  unhealthyThreshold: z.int(),
});

const target = z.strictObject({
  id: z.string(),
  port: port.optional(),
  availabilityZone: z.string().optional(),
});

const targetGroup = z.strictObject({
  arn: z.string(),
  region: z.string(),
  name: z.string(),
  protocol: protocol.optional(),
  port: port.optional(),
  protocolVersion: z.string().optional(),
  vpcId: z.string().optional(),
  targetType: z.enum(['instance', 'ip', 'lambda', 'alb']),
  ipAddressType: z.enum(['ipv4', 'ipv6']),
  healthCheck: healthCheck.readonly(),
  targets: z.array(target.readonly()).readonly(),
  attributes: pairs,
  listsDefaults: z.boolean(),
  tags: pairs,
});

const listener = z.strictObject({
  arn: z.string(),
  loadBalancerArn: z.string(),
  protocol,
  port,
  certificateArn: z.string().optional(),
  sslPolicy: z.string().optional(),
  alpnPolicy: z.string().optional(),
  targetGroups: z
    .array(z.strictObject({ arn: z.string(), weight: z.int().min(0) }).readonly())
    .min(1)
    .readonly(),
  attributes: pairs,
  tags: pairs,
  ruleTags: pairs,
});

/** A service without an ELBv2 load balancer. */
export const emptyElbV2: ElbV2State = { idsUsed: 0, loadBalancers: [], targetGroups: [], listeners: [] };

/** The shape of a state file's part for ELBv2. */
export const elbV2StateSchema: z.ZodType<ElbV2State> = z
  .strictObject({
    idsUsed: z.int().min(0),
    loadBalancers: z.array(loadBalancer.readonly()).readonly(),
    targetGroups: z.array(targetGroup.readonly()).readonly(),
    listeners: z.array(listener.readonly()).readonly(),
  })
  .readonly();
