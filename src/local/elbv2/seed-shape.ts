/**
 * The part of a seed for ELBv2:
 *
 * - `targetGroups`: `name`, `protocol` and `port`, and optionally `region`, `targetType` (instance unless it says
 *   otherwise), `ipAddressType`, `healthCheck` (settings other than AWS's defaults), `targets` (an id, or an id with a
 *   port of its own), `attributes` and `tags` by key; with `listsDefaults: false`, DescribeTargetGroupAttributes leaves
 *   out attributes that were never set, as some emulators do;
 * - `loadBalancers`: `name` and `listeners`, and optionally `region`, `type` (network unless it says otherwise),
 *   `scheme`, `attributes` and `tags`; a listener has `protocol`, `port` and `targetGroups` (names, or names with
 *   weights), and optionally `certificateArn` (for TLS and HTTPS), `sslPolicy`, `alpnPolicy` and `tags`.
 *
 * All of it passes the same rules as API calls do, but for tags of AWS's own (`aws:`), and a health check's `interval`
 * and `timeout`, which may be as short as 1 second.
 */
export interface ElbV2Seed {
  readonly targetGroups?:
    | readonly {
        readonly name: string;
        readonly region?: string | undefined;
        readonly protocol?: string | undefined;
        readonly port?: number | undefined;
        readonly targetType?: 'instance' | 'ip' | 'lambda' | 'alb' | undefined;
        readonly ipAddressType?: 'ipv4' | 'ipv6' | undefined;
        readonly healthCheck?:
          | {
              readonly protocol?: string | undefined;
              readonly port?: string | number | undefined;
              readonly path?: string | undefined;
              readonly matcher?: string | undefined;
              readonly interval?: number | undefined;
              readonly timeout?: number | undefined;
              readonly healthyThreshold?: number | undefined;
              readonly unhealthyThreshold?: number | undefined;
            }
          | undefined;
        readonly targets?:
          | readonly (string | { readonly id: string; readonly port?: number | undefined })[]
          | undefined;
        readonly attributes?: Readonly<Record<string, string>> | undefined;
        readonly listsDefaults?: boolean | undefined;
        readonly tags?: Readonly<Record<string, string>> | undefined;
      }[]
    | undefined;
  readonly loadBalancers?:
    | readonly {
        readonly name: string;
        readonly region?: string | undefined;
        readonly type?: 'network' | 'application' | 'gateway' | undefined;
        readonly scheme?: 'internet-facing' | 'internal' | undefined;
        readonly listeners?:
          | readonly {
              readonly protocol: string;
              readonly port: number;
              readonly targetGroups: readonly (
                | string
                | { readonly name: string; readonly weight?: number | undefined }
              )[];
              readonly certificateArn?: string | undefined;
              readonly sslPolicy?: string | undefined;
              readonly alpnPolicy?: string | undefined;
              readonly tags?: Readonly<Record<string, string>> | undefined;
            }[]
          | undefined;
        readonly attributes?: Readonly<Record<string, string>> | undefined;
        readonly tags?: Readonly<Record<string, string>> | undefined;
      }[]
    | undefined;
}
