import { z } from 'zod';

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

/** A seed that was checked, with its defaults filled in. */
export type CheckedSeed = z.output<typeof seedSchema>;
