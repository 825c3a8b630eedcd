/** The services that this tool asks, by the names that AWS's own tools give them in a `services` section. */
export type AwsService =
  | 'cloudwatch'
  | 'ec2'
  | 'elastic_load_balancing'
  | 'elastic_load_balancing_v2'
  | 'ssm'
  | 'sso'
  | 'sso_oidc'
  | 'sts';
