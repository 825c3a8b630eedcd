import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import { makePlan } from '../../src/app/make-plan.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';
import { fakeLoadBalancing } from './fake-load-balancing.js';
import { dependenciesOf, planned } from './run.js';

const start = () =>
  web({
    listeners: [listener(), listener({ protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 })],
    policies: [auth('a')],
    backendServers: lists({ 8443: ['a'] }),
  });

describe('a plan that can’t be made', () => {
  it.each([
    [
      'a port that is none',
      { ports: [22] },
      '--port 22 is not an instance port of load balancer web (us-east-1): its instance ports are 8080, 8443',
      'see them with: elb-proxy status web --region us-east-1',
    ],
    [
      'a load balancer port',
      { ports: [443] },
      '--port 443 is a load balancer port of web (us-east-1), not an instance port: it forwards to instance port 8443',
      'use --port 8443',
    ],
    [
      'a policy name that another kind of policy has',
      { policyName: 'a' },
      'policy name a is taken on load balancer web (us-east-1) by a policy of type BackendServerAuthenticationPolicyType that does not enable the PROXY protocol',
      'choose another name with --policy-name',
    ],
  ])('a plan that can’t be made for %s says so, and what to do', async (_what, request, message, hint) => {
    const fake = fakeLoadBalancing(start());
    await expect(planned(fake, request)).rejects.toMatchObject({ code: 'usage', message, hint });
    expect(fake.writes()).toEqual([]);
  });

  it('a plan that can’t be made for all ports of a load balancer that has only HTTP listeners says why that selects none', async () => {
    const fake = fakeLoadBalancing(web({ listeners: [listener({ protocol: 'HTTP' })] }));
    await expect(planned(fake, { ports: 'all' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no TCP or SSL listener'),
    });
  });

  it('a plan that can’t be made for a port of a load balancer without any says that it has none', async () => {
    const fake = fakeLoadBalancing(web({ listeners: [] }));
    await expect(planned(fake)).rejects.toThrow('it has none');
  });

  it('a plan that can’t be made for a load balancer that is not there names it', async () => {
    await expect(planned(fakeLoadBalancing(start()), { names: ['nope'] })).rejects.toMatchObject({
      code: 'LoadBalancerNotFound',
    });
  });

  it('a plan that can’t be made for one of several load balancers means no plan for the others either', async () => {
    const fake = fakeLoadBalancing(start(), { ...start(), name: 'zoo', listeners: [], backendServers: [] });
    await expect(planned(fake, { names: ['web', 'zoo'] })).rejects.toThrow('zoo');
  });
});

describe('a plan', () => {
  it('is made from four reads, and writes nothing', async () => {
    const fake = fakeLoadBalancing(start());
    const { clock, emit } = dependenciesOf(fake);
    await makePlan(
      { action: 'enable', names: ['web'], ports: [8443], tool: 't' },
      { api: fake.api, clock, emit },
    );
    expect(fake.log.toSorted()).toEqual(['health web', 'policies web', 'read web', 'tags web']);
  });

  it('says what happens with which hazards, and where it was read', async () => {
    const fake = fakeLoadBalancing({ ...start(), healthCheck: { target: 'HTTP:8443/' } });
    const plan = await makePlan(
      {
        action: 'enable',
        names: ['web'],
        ports: [8443],
        tool: 'elb-proxy 1.2.3',
        forced: ['http-health-check', 'ssl-backend'],
      },
      { ...dependenciesOf(fake), api: { ...fake.api, endpoint: 'http://127.0.0.1:4580' } },
    );
    expect(plan).toMatchObject({
      action: 'enable',
      pending: true,
      tool: 'elb-proxy 1.2.3',
      endpoint: 'http://127.0.0.1:4580',
      createdAt: '2026-11-23T10:00:00.000Z',
      changes: [
        {
          forced: ['http-health-check'],
          affects: { instances: { inService: 1, total: 1 } },
          hazards: [{ code: 'http-health-check' }, { code: 'long-connections' }],
        },
      ],
    });
  });

  it('a plan of a disable carries the hazards of switching off, and takes no --force', async () => {
    const fake = fakeLoadBalancing({
      ...start(),
      healthCheck: { target: 'HTTP:8443/' },
      policies: [proxy('p')],
      backendServers: lists({ 8443: ['p'] }),
    });
    const plan = await planned(fake, { action: 'disable' });
    expect(plan.changes[0]).toMatchObject({ forced: [], hazards: [{ code: 'long-connections' }] });
  });

  it('can be made without the rights to read health and tags: that they are unknown is said', async () => {
    const fake = fakeLoadBalancing(start());
    fake.onCall = ({ action }) =>
      action === 'health' || action === 'tags' ? { error: 'AccessDenied' } : 'pass';
    const events: AppEvent[] = [];
    const plan = await makePlan(
      { action: 'enable', names: ['web'], ports: [8443], tool: 't' },
      { ...dependenciesOf(fake), api: fake.api, emit: (event) => events.push(event) },
    );
    expect(plan.changes[0]?.hazards.map(({ code }) => code)).toEqual([
      'long-connections',
      'unknown-instance-health',
      'unknown-tags',
    ]);
    expect(plan.changes[0]?.affects).not.toHaveProperty('instances');
    expect(events).toEqual([
      { code: 'warning', message: 'the service said AccessDenied' },
      { code: 'warning', message: 'the service said AccessDenied' },
    ]);
  });

  it('names each load balancer once, whatever was typed', async () => {
    const plan = await planned(fakeLoadBalancing(start()), { names: ['web', 'web'] });
    expect(plan.changes).toHaveLength(1);
  });
});
