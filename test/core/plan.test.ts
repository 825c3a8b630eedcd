import { describe, expect, it } from 'vitest';
import type { Hazard } from '../../src/core/hazards.js';
import { instanceCount, plan, planChange, standingBlockers } from '../../src/core/plan.js';
import { listener, web } from './builders.js';

const origin = { tool: 'elb-proxy 1.2.3', createdAt: new Date('2026-11-23T10:00:00.5Z') };
const step = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
} as const;
const hazard = (code: Hazard['code'], level: Hazard['level']): Hazard => ({
  code,
  level,
  message: 'm',
  advice: 'a',
});
const named = (name: string, region: string) => planChange(web({ name, region }), [8443], [], []);

describe('a plan', () => {
  it('is sorted by region, then by name, so that it is the same each time', () => {
    const changes = [named('b', 'us-east-1'), named('a', 'us-east-1'), named('z', 'eu-west-1')];
    expect(
      plan('enable', changes, origin).changes.map(({ loadBalancer: { name, region } }) => [region, name]),
    ).toEqual([
      ['eu-west-1', 'z'],
      ['us-east-1', 'a'],
      ['us-east-1', 'b'],
    ]);
  });

  it('is pending where any of its load balancers has a step', () => {
    expect(plan('enable', [named('a', 'r'), named('b', 'r')], origin).pending).toBe(false);
    const change = planChange(web(), [8443], [step], []);
    expect(plan('enable', [named('a', 'r'), change], origin).pending).toBe(true);
    expect(plan('enable', [], origin).pending).toBe(false);
  });

  it('says when and by what it was made; endpoint and undoes only if there is one', () => {
    const made = plan('disable', [], origin);
    expect(made).toMatchObject({
      formatVersion: 1,
      action: 'disable',
      tool: 'elb-proxy 1.2.3',
      createdAt: '2026-11-23T10:00:00.500Z',
    });
    expect(Object.keys(made)).not.toContain('endpoint');
    expect(plan('undo', [], { ...origin, endpoint: 'http://h', undoes: 'c' })).toMatchObject({
      endpoint: 'http://h',
      undoes: 'c',
    });
  });
});

describe('a change', () => {
  it('is pinned to the identity alone', () => {
    expect(planChange(web(), [8443], [], []).loadBalancer).toEqual({
      kind: 'classic',
      name: 'web',
      region: 'us-east-1',
      accountId: '123456789012',
      dnsName: 'web-1.us-east-1.elb.amazonaws.com',
      createdTime: '2026-11-23T10:00:00.000Z',
    });
  });

  it('shows the listeners in front of its ports, by instance port and load balancer port, and no others', () => {
    const loadBalancer = web({
      listeners: [
        listener({ loadBalancerPort: 500, instancePort: 9443 }),
        listener({ loadBalancerPort: 444, instancePort: 8443 }),
        listener({ loadBalancerPort: 443, instancePort: 8443 }),
        listener({ loadBalancerPort: 80, instancePort: 80 }),
      ],
    });
    const { affects } = planChange(loadBalancer, [9443, 8443], [], []);
    expect(affects.instancePorts).toEqual([8443, 9443]);
    expect(affects.listeners.map(({ loadBalancerPort }) => loadBalancerPort)).toEqual([443, 444, 500]);
    expect(affects.listeners[0]).not.toHaveProperty('policyNames');
  });

  it('counts instances where their health is known, and says nothing where it is not', () => {
    const instanceStates = ['InService', 'OutOfService', 'InService'].map((state, index) => ({
      instanceId: `i-${index}`,
      state,
    }));
    expect(instanceCount(web({ instanceStates }))).toEqual({ inService: 2, total: 3 });
    expect(instanceCount(web({ instanceStates: [] }))).toEqual({ inService: 0, total: 0 });
    expect(planChange(web({ instanceStates: undefined }), [8443], [], []).affects).not.toHaveProperty(
      'instances',
    );
  });

  it('keeps of what was forced only the blockers that it has, sorted', () => {
    const hazards = [
      hazard('ssl-backend', 'blocker'),
      hazard('http-listener', 'blocker'),
      hazard('shared-instance-port', 'warning'),
    ];
    const change = planChange(web(), [8443], [], hazards, [
      'ssl-backend',
      'mixed-listeners',
      'shared-instance-port',
      'http-listener',
    ]);
    expect(change.forced).toEqual(['http-listener', 'ssl-backend']);
  });

  it('is blocked by the blockers that were not overruled, and by nothing else', () => {
    const hazards = [
      hazard('ssl-backend', 'blocker'),
      hazard('http-listener', 'blocker'),
      hazard('managed-elsewhere', 'warning'),
      hazard('long-connections', 'note'),
    ];
    expect(standingBlockers(planChange(web(), [8443], [], hazards, ['ssl-backend']))).toEqual([hazards[1]]);
  });
});
