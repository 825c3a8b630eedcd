import { describe, expect, it } from 'vitest';
import { managersOf } from '../../../src/core/hazards/managers.js';
import { auth, lists, proxy, web } from '../builders.js';

const byTag = (key: string, value = '') =>
  managersOf(web({ tags: [{ key, value }] })).map(({ manager }) => manager);
const byPolicy = (name: string) => managersOf(web({ policies: [proxy(name)] })).map(({ manager }) => manager);

const cluster = 'kops or another installer of a Kubernetes cluster';

describe('a tag gives its setter away', () => {
  it.each([
    ['kubernetes.io/cluster/prod', 'owned', cluster],
    ['kubernetes.io/service-name', 'default/web', 'Kubernetes'],
    ['KubernetesCluster', 'prod', cluster],
    ['kops.k8s.io/instancegroup', 'x', cluster],
    ['sigs.k8s.io/cluster-api-provider-aws/role', 'apiserver', 'Cluster API'],
    ['sigs.k8s.io/cluster-api-provider-aws/cluster/prod', 'owned', 'Cluster API'],
    ['elasticbeanstalk:environment-name', 'prod', 'Elastic Beanstalk'],
    ['aws:cloudformation:stack-id', 'arn:…', 'CloudFormation'],
    ['Terraform', 'true', 'Terraform'],
    ['terraform', '', 'Terraform'],
    ['ManagedBy', 'Terraform', 'Terraform'],
    ['managed-by', 'terraform 1.9', 'Terraform'],
    ['managed_by', 'terraform', 'Terraform'],
    ['created by', 'terraform', 'Terraform'],
    ['Provisioner', 'terraform', 'Terraform'],
    ['CreatedBy', 'terraform', 'Terraform'],
  ])('%s=%s: %s', (key, value, manager) => {
    expect(byTag(key, value)).toEqual([manager]);
  });

  it.each([
    ['Name', 'kubernetes.io/cluster'],
    ['my.kubernetes.io/cluster', 'x'],
    ['kubernetesclusters', 'x'],
    ['k8s', 'kubernetes'],
    ['beanstalk', 'elasticbeanstalk:'],
    ['cloudformation:stack-name', 'x'],
    ['terraform', 'false'],
    ['Terraform', 'False'],
    ['managed-by', 'pulumi'],
    ['team', 'terraform'],
    ['not-managed-by', 'terraform'],
  ])('%s=%s is a near miss', (key, value) => {
    expect(byTag(key, value)).toEqual([]);
  });
});

describe('a policy name gives its maker away', () => {
  it.each([
    ['k8s-proxyprotocol-enabled', 'Kubernetes'],
    ['TFEnableProxyProtocol', 'Terraform'],
  ])('%s: %s', (name, manager) => {
    expect(byPolicy(name)).toEqual([manager]);
  });

  it.each([
    'my-k8s-proxyprotocol-enabled',
    'k8s-proxyprotocol-enabled-2',
    'tfenableproxyprotocol',
    'EnableProxyProtocol',
  ])('%s is a near miss', (name) => {
    expect(byPolicy(name)).toEqual([]);
  });

  it('a policy name gives its maker away also where it is only attached, the policies themselves not having been read', () => {
    const loadBalancer = web({
      policies: undefined,
      backendServers: lists({ 8443: ['TFEnableProxyProtocol'] }),
    });
    expect(managersOf(loadBalancer).map(({ evidence }) => evidence)).toEqual([
      'policy TFEnableProxyProtocol',
    ]);
  });
});

describe('the way to change it', () => {
  const tagged = (...keys: readonly string[]) =>
    managersOf(web({ tags: keys.map((key) => ({ key, value: 'x' })) }));

  it('the way to change the load balancer of a Service is its annotation, and its cluster is not named besides', () => {
    const found = tagged('KubernetesCluster', 'kubernetes.io/cluster/prod', 'kubernetes.io/service-name');
    expect(found).toMatchObject([{ manager: 'Kubernetes', where: expect.stringContaining('annotation') }]);
  });

  it('the way to change the load balancer of a cluster’s API, as kops creates it, has no Service annotation', () => {
    const [only, ...more] = tagged('KubernetesCluster', 'Name');
    expect(only?.where).toMatch(/no Service made it.*kube-apiserver does not read the PROXY line/);
    expect(more).toEqual([]);
  });

  it('the way to change the load balancer of Cluster API is the AWSCluster', () => {
    const [only, ...more] = tagged('sigs.k8s.io/cluster-api-provider-aws/role', 'kubernetes.io/cluster/prod');
    expect(only?.where).toContain('spec.controlPlaneLoadBalancer');
    expect(more).toEqual([]);
  });

  it('the way to change it with Terraform depends on other policies: its resource would take their ports for its own', () => {
    const tags = [{ key: 'terraform', value: 'true' }];
    const alone = web({ tags, policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) });
    const beside = web({
      tags,
      policies: [proxy('p'), auth('a')],
      backendServers: lists({ 8443: ['p'], 9000: ['a'] }),
    });
    expect(managersOf(alone)[0]?.where).toBe('use the resource aws_proxy_protocol_policy instead');
    expect(managersOf(beside)[0]?.where).toMatch(
      /^use aws_load_balancer_policy with aws_load_balancer_backend_server_policy instead/,
    );
  });
});

describe('evidence', () => {
  it('is the tag, as it is written, where tag and policy speak', () => {
    const found = managersOf(
      web({
        policies: [proxy('k8s-proxyprotocol-enabled')],
        tags: [{ key: 'kubernetes.io/service-name', value: 'x' }],
      }),
    );
    expect(found).toMatchObject([{ manager: 'Kubernetes', evidence: 'tag kubernetes.io/service-name' }]);
  });

  it('the evidence of several systems names each, in the same order whatever the order of the tags', () => {
    const tags = [
      { key: 'terraform', value: 'true' },
      { key: 'aws:cloudformation:stack-name', value: 'x' },
      { key: 'elasticbeanstalk:environment-id', value: 'x' },
      { key: 'kubernetes.io/cluster/x', value: 'owned' },
    ];
    const expected = [cluster, 'Elastic Beanstalk', 'Terraform'];
    for (const order of [tags, tags.toReversed()]) {
      expect(managersOf(web({ tags: order })).map(({ manager }) => manager)).toEqual(expected);
    }
  });

  it('no system is named without evidence, whether tags are unread or someone else’s', () => {
    expect(managersOf(web({ tags: undefined, policies: [auth('a')] }))).toEqual([]);
  });
});
