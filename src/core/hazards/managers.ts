import type { LoadBalancer } from '../model.js';

/** A system that seems to own a load balancer, what gave it away, and where to make the change instead. */
export interface Manager {
  readonly manager: string;
  readonly evidence: string;
  readonly where: string;
}

interface Sign {
  readonly manager: string;
  readonly where: string;
  readonly tag: (key: string, value: string) => boolean;
  readonly policyName: RegExp;
}

const nothing = /(?!)/;

/** The marks that each system leaves: tags that it sets itself, names of the policies that it makes. */
const signs: readonly Sign[] = [
  {
    manager: 'Kubernetes',
    where:
      'set the annotation service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*" on the Service instead',
    tag: (key) => key.startsWith('kubernetes.io/') || key === 'kubernetescluster',
    // The constant ProxyProtocolPolicyName of kubernetes/cloud-provider-aws.
    policyName: /^k8s-proxyprotocol-enabled$/,
  },
  {
    manager: 'Elastic Beanstalk',
    where:
      'set ProxyProtocol and InstancePorts in the namespace aws:elb:policies:NAME of an .ebextensions file instead',
    tag: (key) => key.startsWith('elasticbeanstalk:'),
    policyName: nothing,
  },
  {
    manager: 'CloudFormation',
    where:
      'add the policy with its InstancePorts to Policies of the AWS::ElasticLoadBalancing::LoadBalancer in the stack instead',
    tag: (key) => key.startsWith('aws:cloudformation:'),
    policyName: nothing,
  },
  {
    manager: 'Terraform',
    where: 'use the resource aws_proxy_protocol_policy instead',
    // Terraform sets no tag of its own; these are the customs of its users.
    tag: (key, value) =>
      (key === 'terraform' && value !== 'false') ||
      (/^(managed[-_ ]?by|provisioner|created[-_ ]?by)$/.test(key) && value.includes('terraform')),
    // What aws_proxy_protocol_policy names the policy that it makes.
    policyName: /^TFEnableProxyProtocol$/,
  },
];

/** Who seems to manage a load balancer, from its tags and policy names (also those that are only attached). */
export function managersOf(loadBalancer: LoadBalancer): readonly Manager[] {
  const policyNames = new Set([
    ...(loadBalancer.policies ?? []).map(({ name }) => name),
    ...loadBalancer.backendServers.flatMap((server) => server.policyNames),
  ]);
  return signs.flatMap(({ manager, where, tag, policyName }) => {
    const byTag = (loadBalancer.tags ?? []).find(({ key, value }) =>
      tag(key.toLowerCase(), value.toLowerCase()),
    );
    const byPolicy = [...policyNames].find((name) => policyName.test(name));
    if (byTag !== undefined) return [{ manager, where, evidence: `tag ${byTag.key}` }];
    return byPolicy === undefined ? [] : [{ manager, where, evidence: `policy ${byPolicy}` }];
  });
}
