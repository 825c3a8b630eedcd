import type { LoadBalancer, Tag } from '../model.js';
import { policyNamesOfKind } from '../policy.js';

/** A system that seems to own a load balancer, the evidence, and where to make the change instead. */
export interface Manager {
  readonly manager: string;
  readonly evidence: string;
  readonly where: string;
}

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

/** The marks of a system, and where to make the change in it. */
export interface ManagerSign<Where> {
  readonly manager: string;
  readonly where: Where;
  readonly tag: TagSign;
  /** Systems whose own load balancers carry these marks, too: if one of them is found, this one is not named as well. */
  readonly unless?: readonly string[];
}

interface Sign extends ManagerSign<(loadBalancer: LoadBalancer) => string> {
  readonly policyName?: RegExp;
}

const service = 'Kubernetes';
const clusterApi = 'Cluster API';
const beanstalk = 'Elastic Beanstalk';
/** The constant ProxyProtocolPolicyName of kubernetes/cloud-provider-aws. */
const servicePolicy = /^k8s-proxyprotocol-enabled$/;

const apiServer = 'kube-apiserver does not read the PROXY line, so leave it off in front of it';

/** The marks that each system leaves: tags that it sets itself, names of the policies that it makes. */
const signs: readonly Sign[] = [
  {
    manager: service,
    where: () =>
      'set the annotation service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*" on the Service instead',
    // Set on the load balancer of each Service of type LoadBalancer, by the cloud provider.
    tag: managerTags.service,
    policyName: servicePolicy,
  },
  {
    manager: clusterApi,
    where: () =>
      `it is described in spec.controlPlaneLoadBalancer of the AWSCluster, which has no field for the PROXY protocol; ${apiServer}`,
    tag: managerTags.clusterApi,
  },
  {
    manager: 'kops or another installer of a Kubernetes cluster',
    where: () =>
      `no Service made it: it is the cluster's own, most likely of its API, and no annotation reaches it; ${apiServer}`,
    tag: managerTags.installer,
    unless: [service, clusterApi],
  },
  {
    manager: beanstalk,
    where: () =>
      'set ProxyProtocol and InstancePorts in the namespace aws:elb:policies:NAME of an .ebextensions file instead',
    tag: managerTags.beanstalk,
  },
  {
    manager: 'CloudFormation',
    where: () =>
      'add the policy with its InstancePorts to Policies of the AWS::ElasticLoadBalancing::LoadBalancer in the stack instead',
    tag: managerTags.cloudFormation,
    // An environment's stack belongs to Beanstalk, which reverts changes to it.
    unless: [beanstalk],
  },
  {
    manager: 'Terraform',
    where: terraformResource,
    tag: managerTags.terraform,
    // The name that aws_proxy_protocol_policy gives its policy.
    policyName: /^TFEnableProxyProtocol$/,
  },
];

/** Who seems to manage a load balancer, from its tags and policy names (also those that are only attached). */
export function managersOf(loadBalancer: LoadBalancer): readonly Manager[] {
  return seenManagers(signs, (sign) => evidenceOf(sign, loadBalancer)).map(({ sign, evidence }) => ({
    manager: sign.manager,
    evidence,
    where: sign.where(loadBalancer),
  }));
}

/** The systems that gave themselves away, without those whose marks are explained by another of them. */
export function seenManagers<S extends ManagerSign<unknown>>(
  all: readonly S[],
  evidenceFor: (sign: S) => string | undefined,
): readonly { readonly sign: S; readonly evidence: string }[] {
  const found = all.flatMap((sign) => {
    const evidence = evidenceFor(sign);
    return evidence === undefined ? [] : [{ sign, evidence }];
  });
  const names = new Set(found.map(({ sign }) => sign.manager));
  return found.filter(({ sign: { unless = [] } }) => !unless.some((name) => names.has(name)));
}

function evidenceOf(
  { tag, policyName }: Sign,
  { tags = [], policies = [], backendServers }: LoadBalancer,
): string | undefined {
  const byTag = tags.find(({ key, value }: Tag) => tag(key.toLowerCase(), value.toLowerCase()));
  if (byTag !== undefined) return `tag ${byTag.key}`;
  const names = [
    ...policies.map(({ name }) => name),
    ...backendServers.flatMap((server) => server.policyNames),
  ];
  const byPolicy = names.find((name) => policyName?.test(name));
  return byPolicy === undefined ? undefined : `policy ${byPolicy}`;
}

/** On refresh, `aws_proxy_protocol_policy` counts every port with any policy as its own (proxy_protocol_policy.go). */
function terraformResource({ policies, backendServers }: LoadBalancer): string {
  const proxy = new Set(policyNamesOfKind(policies, 'on'));
  const others =
    policies !== undefined &&
    backendServers.some(({ policyNames }) => policyNames.some((name) => !proxy.has(name)));
  return others
    ? 'use aws_load_balancer_policy with aws_load_balancer_backend_server_policy instead: aws_proxy_protocol_policy would treat ports with other policies as its own'
    : 'use the resource aws_proxy_protocol_policy instead';
}
