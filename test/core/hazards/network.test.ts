import { describe, expect, it } from 'vitest';
import { checkKindOf, healthCheckTable } from '../../../src/core/hazards/network/health-check-table.js';
import { networkHazards } from '../../../src/core/hazards/network/network-hazards.js';
import { groupManagersOf } from '../../../src/core/hazards/network/network-managers.js';
import { targetBackendHazards } from '../../../src/core/hazards/network/target-backends.js';
import type { NetworkHazardQuestion } from '../../../src/core/hazards.js';
import type { NetworkLoadBalancer, TargetGroup } from '../../../src/core/network-load-balancer.js';
import type { BackendResult, BackendVerdict } from '../../../src/core/verify-result.js';
import { loadBalancerArn, networkListener, nlb, targetGroup, withProxy } from '../network-builders.js';

type Purpose = NetworkHazardQuestion['purpose'];

function found(loadBalancer: NetworkLoadBalancer, purpose: Purpose = 'status', asked = true) {
  const groups = (loadBalancer.targetGroups ?? []).slice(0, 1).map(({ arn }) => arn);
  return networkHazards(loadBalancer, { purpose, targetGroups: groups, asked });
}

function of(group: Partial<TargetGroup>, more: Partial<NetworkLoadBalancer> = {}) {
  return nlb({ targetGroups: [targetGroup(group)], ...more });
}

const codes = (...asked: Parameters<typeof found>) => found(...asked).map(({ code }) => code);

const check = (protocol: string, port: string) => ({
  enabled: true,
  protocol,
  port,
  ...(protocol === 'TCP' ? {} : { path: '/health' }),
});

describe('an unremarkable target group', () => {
  it.each([
    ['status', []],
    ['on', ['long-connections']],
    ['off', ['long-connections']],
  ] as const)('has no hazards of its own for %s', (purpose, expected) => {
    expect(codes(nlb(), purpose)).toEqual(expected);
  });
});

describe('the table of health checks', () => {
  it.each([
    ['off', 'plain', 'passes', 'passes', 'passes'],
    ['on', 'plain', 'fails', 'fails', 'blind'],
    ['off', 'requires', 'fails', 'blind', 'blind'],
    ['on', 'requires', 'passes', 'fails', 'passes'],
  ] as const)('a group that is %s before targets of kind %s', (setting, kind, onTraffic, onAnother, tcp) => {
    expect(healthCheckTable[setting][kind]).toEqual({
      'http-on-traffic-port': onTraffic,
      'http-on-another-port': onAnother,
      tcp,
    });
  });

  it.each([
    ['HTTP', 'traffic-port', 'http-on-traffic-port'],
    ['HTTPS', 'traffic-port', 'http-on-traffic-port'],
    ['HTTP', '8443', 'http-on-traffic-port'],
    ['HTTP', '8080', 'http-on-another-port'],
    ['HTTPS', '8080', 'http-on-another-port'],
    ['TCP', 'traffic-port', 'tcp'],
    ['TCP', '8080', 'tcp'],
    ['QUIC', 'traffic-port', undefined],
  ])('a check %s on %s of port 8443 is of kind %s', (protocol, port, kind) => {
    expect(checkKindOf(targetGroup({ healthCheck: check(protocol, port) }))).toBe(kind);
  });

  it('goes by the ports of the targets, which override the group’s', () => {
    const kindOf = (...ports: readonly (number | undefined)[]) =>
      checkKindOf(
        targetGroup({
          healthCheck: check('HTTP', '9000'),
          targets: ports.map((port, nth) => ({ id: `i-${nth}`, port })),
        }),
      );
    expect(kindOf(9000, 9000)).toBe('http-on-traffic-port');
    expect(kindOf(9000, 9001)).toBe('http-on-another-port');
    expect(kindOf(undefined)).toBe('http-on-another-port');
    expect(checkKindOf(targetGroup({ healthCheck: { ...check('HTTP', '1'), enabled: false } }))).toBe('none');
  });
});

describe('the health check', () => {
  const another = of({ healthCheck: check('HTTP', '8080') });

  it('the health check on a port of its own is a blocker for switching on, with the port that tripped it', () => {
    for (const purpose of ['on', 'status'] as const) {
      const [hazard] = found(another, purpose);
      expect(hazard).toMatchObject({ code: 'plain-health-port', level: 'blocker', targetGroup: 'web-tls' });
      expect(hazard?.message).toContain('HTTP on port 8080, path /health');
    }
    expect(codes(another, 'off')).not.toContain('plain-health-port');
  });

  it('the health check of TCP is a note that it is blind, whatever its port', () => {
    for (const port of ['traffic-port', '8080'])
      expect(found(of({ healthCheck: check('TCP', port) }))).toMatchObject([
        { code: 'tcp-health-check', level: 'note', targetGroup: 'web-tls' },
      ]);
  });

  it.each([
    ['nothing of it', undefined],
    ['its protocol', { port: 'traffic-port' }],
    ['its port', { protocol: 'HTTP' }],
  ])('the health check of which the service does not say %s is not known', (_, healthCheck) => {
    expect(codes(of({ healthCheck }), 'on')).toContain('unknown-health-check');
    expect(codes(of({ healthCheck }), 'off')).not.toContain('unknown-health-check');
  });
});

describe('targets that were probed', () => {
  const result = (verdict: BackendVerdict, target = '10.0.0.1:8443'): BackendResult =>
    ({
      target,
      verdict,
      confidence: 'strong',
      reason: '',
      evidence: [],
      vantage: { kind: 'here' },
    }) as unknown as BackendResult;
  const where = { name: 'edge', region: 'us-east-1' };
  const hazardsOf = (
    purpose: 'on' | 'off',
    verdict: BackendVerdict,
    healthCheck = check('HTTP', 'traffic-port'),
  ) =>
    targetBackendHazards(purpose, targetGroup({ healthCheck }), [result(verdict)], where).map(
      ({ code }) => code,
    );

  it.each([
    ['on', 'no-proxy', ['backend-rejects-proxy', 'health-check-order']],
    ['on', 'requires-proxy-inside-tls', ['backend-rejects-proxy', 'health-check-order']],
    ['on', 'requires-proxy-v2', []],
    ['on', 'accepts-both', []],
    ['on', 'inconclusive', ['backend-inconclusive']],
    ['off', 'no-proxy', []],
    ['off', 'requires-proxy-v2', ['backend-requires-proxy', 'health-check-order']],
    ['off', 'requires-proxy', ['backend-requires-proxy', 'health-check-order']],
    ['off', 'accepts-both', []],
  ] as const)('switching %s before %s: %j', (purpose, verdict, expected) => {
    expect(hazardsOf(purpose, verdict)).toEqual(expected);
  });

  it.each([
    ['on', 'no-proxy', 'does not take a version 2 header', 'do not take a version 2 header'],
    ['off', 'requires-proxy-v2', 'requires the header', 'require the header'],
    ['on', 'inconclusive', 'did not show what it does with', 'did not show what they do with'],
  ] as const)('are spoken of as one or as several (%s, %s)', (purpose, verdict, one, several) => {
    const messageOf = (...targets: readonly string[]) =>
      targetBackendHazards(
        purpose,
        targetGroup({}),
        targets.map((target) => result(verdict, target)),
        where,
      )[0]?.message;
    expect(messageOf('a:1')).toContain(`a:1 (${verdict}) of target group web-tls ${one}`);
    expect(messageOf('a:1', 'b:2')).toContain(
      `a:1 (${verdict}), b:2 (${verdict}) of target group web-tls ${several}`,
    );
  });

  it('that did not show what they do are probed by the names of the load balancer and the group', () => {
    expect(targetBackendHazards('on', targetGroup({}), [result('inconclusive')], where)).toMatchObject([
      {
        advice:
          'check it with: elb-proxy verify backend --load-balancer edge --target-group web-tls --region us-east-1',
      },
    ]);
  });

  it('stay healthy under a check that only connects, or has a port of its own', () => {
    expect(hazardsOf('on', 'no-proxy', check('TCP', 'traffic-port'))).toEqual(['backend-rejects-proxy']);
    expect(hazardsOf('off', 'requires-proxy-v2', check('HTTP', '8080'))).toEqual(['backend-requires-proxy']);
    // Whatever they do themselves, the plain port fails: that is plain-health-port as well.
    expect(hazardsOf('on', 'no-proxy', check('HTTP', '8080'))).toContain('health-check-order');
  });
});

describe('a group that can’t have the header', () => {
  it.each([
    [{ targetType: 'alb' }, 'target type alb'],
    [{ targetType: 'lambda', protocol: '' }, 'target type lambda'],
    [{ protocol: 'HTTP' }, 'protocol HTTP'],
    [{ protocol: 'GENEVE' }, 'protocol GENEVE'],
  ])('%j is a blocker that says why', (group, why) => {
    const [hazard] = found(of(group), 'on');
    expect(hazard).toMatchObject({ code: 'target-group-unsupported', level: 'blocker' });
    expect(hazard?.message).toContain(why);
    expect(codes(of(group), 'off')).not.toContain('target-group-unsupported');
  });

  it.each(['TCP', 'TLS'])('is not one of %s', (protocol) => {
    expect(codes(of({ protocol }), 'on')).toEqual(['long-connections']);
  });

  it.each(['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'])(
    'is not one of %s, where few servers read it',
    (protocol) => {
      const hazards = found(of({ protocol }), 'on');
      expect(hazards).toContainEqual(expect.objectContaining({ code: 'udp-target-group', level: 'warning' }));
      expect(hazards.map(({ code }) => code)).not.toContain('target-group-unsupported');
    },
  );

  it('is not assumed where its protocol was left out', () => {
    const missing = [{ field: 'TargetGroups[].Protocol' }];
    expect(codes(of({ protocol: '', missing }), 'on')).toEqual(['unknown-target-group', 'long-connections']);
  });
});

describe('listeners', () => {
  it('that share a group are named', () => {
    const listeners = [networkListener(), networkListener({ protocol: 'TLS', port: 8444 })];
    for (const purpose of ['on', 'off', 'status'] as const) {
      const [hazard] = found(nlb({ listeners }), purpose);
      expect(hazard).toMatchObject({ code: 'shared-target-group', level: 'warning' });
      expect(hazard?.message).toContain('(TCP 443, TLS 8444)');
    }
  });

  it('that were not answered are not none', () => {
    expect(codes(nlb({ listeners: undefined }))).toEqual(['unknown-target-group']);
  });

  it('none on a group without a load balancer is a note, not an obstacle', () => {
    const loose = of({ loadBalancerArns: [] }, { listeners: [] });
    expect(found(loose)).toMatchObject([{ code: 'no-load-balancer', level: 'note' }]);
    expect(codes(of({ loadBalancerArns: undefined }))).not.toContain('no-load-balancer');
  });
});

describe('protocols whose server speaks first', () => {
  it.each([
    ['a listener', of({}, { listeners: [networkListener({ port: 3306 })] }), 'MySQL (listener TCP 3306)'],
    ['the group', of({ port: 25, targets: [] }), 'SMTP (target port 25)'],
    ['a target', of({ targets: [{ id: 'i-1', port: 22, state: 'healthy' }] }), 'SSH (target port 22)'],
    [
      'a listener that ends TLS',
      of({}, { listeners: [networkListener({ port: 993, protocol: 'TLS' })] }),
      'IMAP (listener TLS 993)',
    ],
  ])('are known by the port of %s', (_, loadBalancer, words) => {
    const hazard = found(loadBalancer).find(({ code }) => code === 'speaks-first');
    expect(hazard).toMatchObject({ level: 'warning' });
    expect(hazard?.message).toContain(words);
    expect(codes(loadBalancer, 'off')).not.toContain('speaks-first');
  });

  it('are not those whose client begins with TLS', () => {
    const through = of({}, { listeners: [networkListener({ port: 993 })] });
    expect(codes(through)).toEqual([]);
  });
});

describe('addresses of clients that are preserved', () => {
  it.each([
    ['by default of instances', { attributes: {} }, 'true by default'],
    ['as it is set', { targetType: 'ip', attributes: { 'preserve_client_ip.enabled': 'true' } }, 'is true'],
    ['by default of UDP', { targetType: 'ip', protocol: 'UDP', attributes: {} }, 'true by default'],
  ])('%s make the header useless, with the attribute that says so', (_, group, words) => {
    const hazard = found(of(group)).find(({ code }) => code === 'client-ip-preserved');
    expect(hazard).toMatchObject({ level: 'note' });
    expect(hazard?.message).toContain(words);
  });

  it.each([
    ['addresses with TCP', of({ targetType: 'ip', attributes: {} })],
    ['a group that says no', of({ attributes: { 'preserve_client_ip.enabled': 'false' } })],
    ['a group that was not read', of({ attributes: undefined })],
    ['clients of both families', of({ attributes: {} }, { ipAddressType: 'dualstack' })],
  ])('are not those of %s', (_, loadBalancer) => {
    expect(codes(loadBalancer)).not.toContain('client-ip-preserved');
  });
});

describe('a target in two groups', () => {
  const other = (value: string | undefined, port = 8443) =>
    targetGroup({
      name: 'other',
      targets: [{ id: 'i-1', port, state: 'healthy' }],
      ...(value === undefined ? { attributes: undefined } : { attributes: withProxy(value) }),
    });
  const two = (own: string, value: string | undefined, port?: number) =>
    nlb({
      listeners: [networkListener({}, 'web-tls'), networkListener({ port: 444 }, 'other')],
      targetGroups: [targetGroup({ attributes: withProxy(own) }), other(value, port)],
    });

  it('a target in two groups with the other setting is named with where it is', () => {
    const [hazard] = found(two('true', 'false'));
    expect(hazard).toMatchObject({ code: 'target-elsewhere', level: 'warning' });
    expect(hazard?.message).toContain('(i-1:8443 in other), where the header is off');
  });

  it.each([
    ['status', 'true', 'true', false],
    ['status', 'false', 'false', false],
    ['on', 'false', 'false', true],
    ['on', 'false', 'true', false],
    ['off', 'true', 'true', true],
    ['off', 'true', 'false', false],
  ] as const)('for %s of one that is %s beside %s: %s', (purpose, own, value, expected) => {
    expect(codes(two(own, value), purpose).includes('target-elsewhere')).toBe(expected);
  });

  it('is not a hazard if both change at once, the ports differ, or the other one is unknown or unused', () => {
    const both = two('false', 'false');
    const targetGroups = (both.targetGroups ?? []).map(({ arn }) => arn);
    const together = networkHazards(both, { purpose: 'on', targetGroups, asked: true });
    expect(together.map(({ code }) => code)).not.toContain('target-elsewhere');
    expect(codes(two('true', 'false', 8444))).not.toContain('target-elsewhere');
    expect(codes(two('true', undefined))).not.toContain('target-elsewhere');
    // Nothing forwards to the other one, so it sends nothing.
    const idle = { ...two('true', 'false'), listeners: [networkListener()] };
    expect(codes(idle)).not.toContain('target-elsewhere');
  });

  it('is found in groups of other load balancers, too; of which not all may be known', () => {
    const elsewhere = (port: number, notRead?: string) => ({
      targets: [{ id: 'i-1', port, targetGroup: 'far', proxyProtocol: 'enabled' as const }],
      notRead,
    });
    expect(found(of({ elsewhere: elsewhere(8443) }))[0]?.message).toContain('i-1:8443 in far');
    expect(codes(of({ elsewhere: elsewhere(9999) }))).toEqual([]);
    expect(codes(of({ elsewhere: elsewhere(9999, 'AccessDenied') }))).toEqual(['unknown-elsewhere']);
  });
});

describe('targets', () => {
  it('targets of which none is healthy, and those that could not be read, are said', () => {
    expect(codes(of({ targets: [{ id: 'i-1', state: 'unhealthy', reason: 'Target.Timeout' }] }))).toEqual([
      'no-healthy-instance',
    ]);
    expect(codes(of({ targets: undefined }))).toEqual(['unknown-instance-health']);
    expect(codes(of({ targets: undefined }), 'status', false)).toEqual([]);
  });
});

describe('a manager', () => {
  const by = (key: string, value = '') =>
    groupManagersOf({ name: 'web-tls', tags: [{ key, value }] }, {}).map(({ manager }) => manager);

  it.each([
    ['elbv2.k8s.aws/cluster', 'prod', 'the AWS Load Balancer Controller'],
    ['service.k8s.aws/stack', 'default/web', 'the AWS Load Balancer Controller'],
    ['service.k8s.aws/resource', 'default/web:443', 'the AWS Load Balancer Controller'],
    ['eks:eks-cluster-name', 'prod', 'EKS Auto Mode'],
    ['kubernetes.io/service-name', 'default/web', 'Kubernetes'],
    ['sigs.k8s.io/cluster-api-provider-aws/role', 'apiserver', 'Cluster API'],
    ['kubernetes.io/cluster/prod', 'owned', 'kops or another installer of a Kubernetes cluster'],
    ['aws:ecs:serviceName', 'web', 'Amazon ECS'],
    ['elasticbeanstalk:environment-name', 'prod', 'Elastic Beanstalk'],
    ['aws:cloudformation:stack-name', 'web', 'CloudFormation'],
    ['crossplane-name', 'web', 'Crossplane'],
    ['ManagedBy', 'Terraform', 'Terraform'],
  ])('is known by the tag %s=%s: %s', (key, value, manager) => {
    expect(by(key, value)).toEqual([manager]);
  });

  it.each([['Name'], ['k8s.aws/cluster'], ['elbv2.k8s.aws/clusters'], ['team']])(
    'is not known by %s',
    (key) => {
      expect(by(key)).toEqual([]);
    },
  );

  it('is the controller alone where it is one of several marks of a cluster', () => {
    const tags = ['elbv2.k8s.aws/cluster', 'kubernetes.io/cluster/prod', 'eks:eks-cluster-name'];
    const group = { name: 'web-tls', tags: tags.map((key) => ({ key, value: '' })) };
    expect(groupManagersOf(group, {})).toHaveLength(1);
  });

  it('is named by the tag of the group or of the load balancer, with what it does at a sync and where to go', () => {
    const tags = [{ key: 'elbv2.k8s.aws/cluster', value: 'prod' }];
    for (const [loadBalancer, whose] of [
      [of({ tags }), 'target group web-tls'],
      [of({}, { tags }), 'the load balancer'],
    ] as const) {
      const [hazard] = found(loadBalancer, 'on');
      expect(hazard).toMatchObject({ code: 'managed-elsewhere', level: 'warning', targetGroup: 'web-tls' });
      expect(hazard?.message).toContain(`tag elbv2.k8s.aws/cluster of ${whose}`);
      expect(hazard?.advice).toContain('at every sync');
      expect(hazard?.advice).toContain('service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*"');
    }
  });

  it('is not known where tags could not be read, which is said only where they were asked for', () => {
    expect(codes(of({ tags: undefined }))).toEqual(['unknown-tags']);
    expect(codes(nlb({ tags: undefined }))).toEqual(['unknown-tags']);
    expect(codes(of({ tags: undefined }), 'status', false)).toEqual([]);
  });
});

describe('hazards of several groups', () => {
  it('come worst first, then by group, and only for those that are asked about', () => {
    const listeners = [networkListener({}, 'a', 'b', 'c')];
    const group = (name: string, healthCheck: TargetGroup['healthCheck']) =>
      targetGroup({ name, healthCheck, loadBalancerArns: [loadBalancerArn('web')] });
    const loadBalancer = nlb({
      listeners,
      targetGroups: [
        group('b', check('HTTP', '1')),
        group('a', check('TCP', 'traffic-port')),
        group('c', check('HTTP', '1')),
      ],
    });
    const [b, a] = loadBalancer.targetGroups ?? [];
    const asked = [b?.arn ?? '', a?.arn ?? ''];
    const hazards = networkHazards(loadBalancer, { purpose: 'status', targetGroups: asked, asked: true });
    expect(hazards.map(({ code, targetGroup: name }) => [code, name])).toEqual([
      ['plain-health-port', 'b'],
      ['tcp-health-check', 'a'],
    ]);
  });
});
