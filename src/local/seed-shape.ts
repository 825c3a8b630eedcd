import type { ElbV2Seed } from './elbv2/seed-shape.js';

/**
 * The load balancers that a service starts with, Classic, Network (`elbv2`), or both. `loadBalancers`, each with
 *
 * - `name`, and optionally `region` and `scheme`;
 * - `listeners`: `protocol`, `loadBalancerPort`, `instancePort`, and optionally `instanceProtocol`,
 *   `sslCertificateId` (for HTTPS and SSL) and `policyNames` (enabled on the listener);
 * - `policies`: `policyName`, `policyTypeName` and `attributes` by name, a list for one that is several
 *   times; a policy comes after those that it refers to;
 * - `backendPolicies`: `instancePort` and `policyNames`, in their order;
 * - `instances`: ids; `healthCheck`: `target`, and any settings other than AWS's defaults; `tags` by key, where
 *   `aws:` keys are allowed, so that a load balancer can look as if CloudFormation managed it.
 *
 * and `elbv2` for Network Load Balancers and their target groups, see {@link ElbV2Seed};
 *
 * and `alarms` of CloudWatch: `name`, and optionally `state` (OK unless it says otherwise), the metric that each is said
 * to watch, or a composite alarm's `rule`, which it then follows.
 *
 * and `managedInstances` of Systems Manager: `id`, and how it differs from an instance that is Online and runs Linux
 * (`ping`, where `none` means that it is not known there; `platform`).
 *
 * All of it passes the same rules as API calls do, but for the health check's `interval` and `timeout`, which may be as
 * short as 1 second, so that a rehearsal does not take minutes.
 */
export interface Seed {
  readonly loadBalancers?:
    | readonly {
        readonly name: string;
        readonly region?: string | undefined;
        readonly scheme?: 'internet-facing' | 'internal' | undefined;
        readonly listeners: readonly {
          readonly protocol: string;
          readonly loadBalancerPort: number;
          readonly instanceProtocol?: string | undefined;
          readonly instancePort: number;
          readonly sslCertificateId?: string | undefined;
          readonly policyNames?: readonly string[] | undefined;
        }[];
        readonly policies?:
          | readonly {
              readonly policyName: string;
              readonly policyTypeName: string;
              readonly attributes?: Readonly<Record<string, string | readonly string[]>> | undefined;
            }[]
          | undefined;
        readonly backendPolicies?:
          | readonly { readonly instancePort: number; readonly policyNames: readonly string[] }[]
          | undefined;
        readonly instances?: readonly string[] | undefined;
        readonly healthCheck?:
          | {
              readonly target: string;
              readonly interval?: number | undefined;
              readonly timeout?: number | undefined;
              readonly unhealthyThreshold?: number | undefined;
              readonly healthyThreshold?: number | undefined;
            }
          | undefined;
        readonly tags?: Readonly<Record<string, string>> | undefined;
      }[]
    | undefined;
  readonly elbv2?: ElbV2Seed | undefined;
  readonly alarms?:
    | readonly {
        readonly name: string;
        readonly region?: string | undefined;
        readonly description?: string | undefined;
        readonly state?: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined;
        readonly rule?: string | undefined;
        readonly namespace?: string | undefined;
        readonly metricName?: string | undefined;
        readonly dimensions?: Readonly<Record<string, string>> | undefined;
        readonly period?: number | undefined;
        readonly evaluationPeriods?: number | undefined;
      }[]
    | undefined;
  readonly managedInstances?:
    | readonly {
        readonly id: string;
        readonly ping?: 'Online' | 'ConnectionLost' | 'Inactive' | 'none' | undefined;
        readonly platform?: 'Linux' | 'Windows' | 'MacOS' | undefined;
      }[]
    | undefined;
}
