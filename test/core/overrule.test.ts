import { describe, expect, it } from 'vitest';
import { type HazardCode, hazards } from '../../src/core/hazards.js';
import { overrule } from '../../src/core/overrule.js';
import { plan, planChange } from '../../src/core/plan.js';
import { web } from './builders.js';

const origin = { tool: 'elb-proxy 1.2.3', createdAt: new Date(0) };
const checked = { healthCheck: { target: 'HTTP:8443/' } };

/** An `enable` of two load balancers, both with the health check as a blocker. */
function made(forced: readonly HazardCode[] = [], others: readonly HazardCode[] = forced) {
  const change = (name: string, codes: readonly HazardCode[]) => {
    const loadBalancer = web({ name, ...checked });
    const found = hazards(loadBalancer, { purpose: 'on', instancePorts: [8443], asked: true });
    return planChange(loadBalancer, [8443], [], found, codes);
  };
  return plan('enable', [change('api', forced), change('web', others)], origin);
}

describe('overruling blockers of a plan', () => {
  it('gives the plan that --force would have made, digest and all', () => {
    expect(overrule(made(), () => ['http-health-check'])).toEqual(made(['http-health-check']));
  });

  it('is for the load balancers that were named, and no other', () => {
    const codes = ({ loadBalancer }: { loadBalancer: { name: string } }): readonly HazardCode[] =>
      loadBalancer.name === 'web' ? ['http-health-check'] : [];
    expect(overrule(made(), codes)).toEqual(made([], ['http-health-check']));
  });

  it('leaves out what does not block it, and keeps what was overruled before', () => {
    expect(overrule(made(), () => ['ssl-backend', 'long-connections'])).toEqual(made());
    const before = made(['http-health-check']);
    expect(overrule(before, () => ['http-health-check', 'ssl-backend'])).toEqual(before);
  });
});
