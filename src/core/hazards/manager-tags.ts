/** Whether a tag gives a manager away: key and value in lower case. */
type TagSign = (key: string, value: string) => boolean;

/** The tags by which managers of load balancers of any kind are known. */
export const managerTags = {
  /** Set by a Kubernetes cloud provider on what it makes for a Service of type LoadBalancer. */
  service: (key) => key === 'kubernetes.io/service-name',
  clusterApi: (key) => key.startsWith('sigs.k8s.io/cluster-api-provider-aws/'),
  installer: (key) =>
    key.startsWith('kubernetes.io/cluster/') || key === 'kubernetescluster' || key.startsWith('kops.k8s.io/'),
  beanstalk: (key) => key.startsWith('elasticbeanstalk:'),
  cloudFormation: (key) => key.startsWith('aws:cloudformation:'),
  // Terraform sets no tag of its own; these are the customs of its users.
  terraform: (key, value) =>
    (key === 'terraform' && value !== 'false') ||
    (/^(managed[-_ ]?by|provisioner|created[-_ ]?by)$/.test(key) && value.includes('terraform')),
} as const satisfies Record<string, TagSign>;
