import { describe, expect, it } from 'vitest';
import { type Intent, stepsFor } from '../../src/core/change.js';
import { drift } from '../../src/core/drift.js';
import { invertSteps } from '../../src/core/invert.js';
import { type LoadBalancer, policyNamesOn } from '../../src/core/model.js';
import { planChange } from '../../src/core/plan.js';
import { policyNamesOfKind, proxyPolicyKind } from '../../src/core/policy.js';
import { outOfScope } from '../../src/core/scope.js';
import { simulate } from '../../src/core/simulate.js';
import { instancePortStatus, instancePorts } from '../../src/core/status.js';
import type { ClassicStep } from '../../src/core/step.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { loadBalancerArbitrary, somePorts } from './arbitraries.js';

const intentArbitrary = (ports: readonly number[]): fc.Arbitrary<Intent> =>
  fc.oneof(
    fc.record({ action: fc.constant('enable' as const), instancePorts: somePorts(ports) }),
    fc.record({
      action: fc.constant('enable' as const),
      instancePorts: somePorts(ports),
      policyName: fc.constantFrom('mine', 'EnableProxyProtocol', 'other'),
    }),
    fc.record({
      action: fc.constant('disable' as const),
      instancePorts: somePorts(ports),
      deletePolicy: fc.boolean(),
    }),
  );

const scenario = loadBalancerArbitrary.chain((before) =>
  intentArbitrary(instancePorts(before)).map((intent) => ({ before, intent })),
);

/** Runs a property over every state and intent for which a plan can be made. */
function forEveryPlan(
  check: (planned: {
    before: LoadBalancer;
    intent: Intent;
    steps: readonly ClassicStep[];
    after: LoadBalancer;
  }) => void,
): void {
  let made = 0;
  fc.assert(
    fc.property(scenario, ({ before, intent }) => {
      const result = stepsFor(before, intent);
      if ('nameTaken' in result) return;
      made++;
      check({ before, intent, steps: result.steps, after: simulate(before, result.steps) });
    }),
    { numRuns: byBudget(500, 2000) },
  );
  expect(made).toBeGreaterThan(byBudget(250, 1000));
}

const attached = (loadBalancer: LoadBalancer) =>
  loadBalancer.backendServers.map(({ instancePort, policyNames }) => ({ instancePort, policyNames }));

describe('for every state and intent', () => {
  it('simulating the plan reaches the goal', () => {
    forEveryPlan(({ intent, after }) => {
      for (const port of intent.instancePorts) {
        expect(instancePortStatus(after, port).proxyProtocol).toBe(
          intent.action === 'enable' ? 'enabled' : 'disabled',
        );
      }
    });
  });

  it('every other policy stays on its port, in its order', () => {
    forEveryPlan(({ before, intent, after }) => {
      for (const port of intent.instancePorts) {
        const others = (loadBalancer: LoadBalancer) =>
          policyNamesOn(loadBalancer, port).filter((name) =>
            before.policies?.some((policy) => policy.name === name && proxyPolicyKind(policy) === 'other'),
          );
        expect(others(after)).toEqual(others(before));
      }
    });
  });

  it('enable takes nothing off but policies that say ProxyProtocol=false, and adds at most one, at the end', () => {
    forEveryPlan(({ before, intent, after }) => {
      if (intent.action !== 'enable') return;
      const off = policyNamesOfKind(before.policies, 'off');
      for (const port of intent.instancePorts) {
        const kept = policyNamesOn(before, port).filter((name) => !off.includes(name));
        const list = policyNamesOn(after, port);
        expect(list.slice(0, kept.length)).toEqual(kept);
        expect(list.length - kept.length).toBeLessThanOrEqual(1);
      }
    });
  });

  it('no other port changes', () => {
    forEveryPlan(({ before, intent, after }) => {
      const others = (loadBalancer: LoadBalancer) =>
        attached(loadBalancer).filter(({ instancePort }) => !intent.instancePorts.includes(instancePort));
      expect(others(after)).toEqual(others(before));
    });
  });

  it('simulating the inverse restores the start exactly', () => {
    forEveryPlan(({ before, steps, after }) => {
      const restored = simulate(after, invertSteps(steps));
      expect(attached(restored)).toEqual(attached(before));
      expect(restored.policies?.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
        before.policies?.toSorted((a, b) => a.name.localeCompare(b.name)),
      );
    });
  });

  it('planning again from the result has nothing to do', () => {
    forEveryPlan(({ intent, after }) => {
      const again = stepsFor(after, intent);
      // The name asked for may by now be that of the very policy that was made.
      expect(again).toEqual({ steps: [] });
    });
  });

  it('a plan fits the state that it was made from, and keeps to PROXY policies', () => {
    forEveryPlan(({ before, intent, steps }) => {
      const change = planChange(before, intent.instancePorts, steps, []);
      expect(drift(change, steps, before)).toEqual([]);
      expect(outOfScope(change, before)).toEqual([]);
    });
  });

  it('a policy that is on a port is never created, and one that is still on a port never deleted', () => {
    forEveryPlan(({ before, steps, after }) => {
      for (const step of steps) {
        if (step.call === 'CreateLoadBalancerPolicy')
          expect(before.policies?.map(({ name }) => name)).not.toContain(step.policyName);
        if (step.call === 'DeleteLoadBalancerPolicy')
          expect(attached(after).flatMap(({ policyNames }) => policyNames)).not.toContain(step.policyName);
      }
    });
  });
});

describe('when someone else writes between the plan and its steps', () => {
  it('any other list on a port that is to be written is seen', () => {
    fc.assert(
      fc.property(
        scenario,
        fc.shuffledSubarray(['foreign', 'auth-a', 'auth-b']),
        ({ before, intent }, foreign) => {
          const result = stepsFor(before, intent);
          if ('nameTaken' in result) return;
          const change = planChange(before, intent.instancePorts, result.steps, []);
          for (const step of result.steps) {
            if (
              step.call !== 'SetLoadBalancerPoliciesForBackendServer' ||
              JSON.stringify(foreign) === JSON.stringify(step.before)
            )
              continue;
            const moved = simulate(before, [{ ...step, after: foreign }]);
            expect(drift(change, result.steps, moved)).not.toEqual([]);
          }
        },
      ),
    );
  });
});
