import type { Tag } from '../../model.js';
import type { TargetGroup } from '../../network-load-balancer.js';
import { type Manager, type ManagerSign, managerTags, seenManagers } from '../managers.js';

const controller = 'the AWS Load Balancer Controller';
const service = 'Kubernetes';
const autoMode = 'EKS Auto Mode';
const clusterApi = 'Cluster API';
const beanstalk = 'Elastic Beanstalk';
const annotation = 'service.beta.kubernetes.io/aws-load-balancer';
const apiServer = 'kube-apiserver does not read the header, so leave it off in front of it';

/** The marks that each system leaves on load balancers and groups, and what it does with the attribute. */
const signs: readonly ManagerSign<string>[] = [
  {
    manager: controller,
    where: `it sets the attribute back at every sync (to false where the Service does not say): set the annotation ${annotation}-proxy-protocol: "*" or ${annotation}-target-group-attributes: proxy_protocol_v2.enabled=true on the Service instead, or take it off there`,
    tag: (key) =>
      /^(?:elbv2\.k8s\.aws\/cluster|(?:service|ingress|gateway)\.k8s\.aws\/(?:stack|resource))$/.test(key),
  },
  {
    manager: autoMode,
    where: `it sets the attribute back at every sync, and has been seen not to apply the annotation ${annotation}-proxy-protocol: "*" of the Service, so look at the target group afterwards`,
    tag: (key) => key === 'eks:eks-cluster-name',
    unless: [controller],
  },
  {
    manager: service,
    where: `its cloud provider may set the attribute back at a sync: set the annotation ${annotation}-proxy-protocol: "*" on the Service instead, or take it off there`,
    tag: managerTags.service,
    unless: [controller, autoMode],
  },
  {
    manager: clusterApi,
    where: `it is described in spec.controlPlaneLoadBalancer of the AWSCluster, which has no field for the PROXY protocol; ${apiServer}`,
    tag: managerTags.clusterApi,
  },
  {
    manager: 'kops or another installer of a Kubernetes cluster',
    where: `no Service made it: it is the cluster's own, most likely of its API, and no annotation reaches it; ${apiServer}`,
    tag: managerTags.installer,
    unless: [controller, autoMode, service, clusterApi],
  },
  {
    manager: 'Amazon ECS',
    where:
      'it registers and takes away targets by itself, and has no setting for the PROXY protocol: the targets may be different ones after the change',
    tag: (key) => key.startsWith('aws:ecs:') || key === 'amazonecsmanaged',
  },
  {
    manager: beanstalk,
    where:
      'no option of an environment is known for it: override TargetGroupAttributes of AWSEBV2LoadBalancerTargetGroup under Resources in an .ebextensions file',
    tag: managerTags.beanstalk,
  },
  {
    manager: 'CloudFormation',
    where:
      'set proxy_protocol_v2.enabled in TargetGroupAttributes of the AWS::ElasticLoadBalancingV2::TargetGroup in the stack instead (proxyProtocolV2 in the CDK)',
    tag: managerTags.cloudFormation,
    unless: [beanstalk],
  },
  {
    manager: 'Crossplane',
    where: 'set it in the managed resource if that has a field for it; otherwise a sync may set it back',
    tag: (key) => /^crossplane-(?:kind|name|providerconfig)$/.test(key),
  },
  {
    manager: 'Terraform',
    where:
      'set proxy_protocol_v2 on the aws_lb_target_group instead: an apply sets it to false where the configuration does not say',
    tag: managerTags.terraform,
  },
];

/** Who seems to manage a target group, from its own tags and those of its load balancer. */
export function groupManagersOf(
  group: Pick<TargetGroup, 'name' | 'tags'>,
  loadBalancer: { readonly tags?: readonly Tag[] | undefined },
): readonly Manager[] {
  const tags = [
    ...(group.tags ?? []).map((tag) => ({ ...tag, of: `target group ${group.name}` })),
    ...(loadBalancer.tags ?? []).map((tag) => ({ ...tag, of: 'the load balancer' })),
  ];
  return seenManagers(signs, (sign) => {
    const tag = tags.find(({ key, value }) => sign.tag(key.toLowerCase(), value.toLowerCase()));
    return tag && `tag ${tag.key} of ${tag.of}`;
  }).map(({ sign: { manager, where }, evidence }) => ({ manager, evidence, where }));
}
