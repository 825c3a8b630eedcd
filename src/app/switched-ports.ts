import { writtenPorts } from '../core/change-facts.js';
import { drift, movedIdentity, movedListeners, movedWritten, showList } from '../core/drift.js';
import { hazards } from '../core/hazards.js';
import { invertStep } from '../core/invert.js';
import { type LoadBalancer, policyNamesOn } from '../core/model.js';
import type { ClassicChange } from '../core/plan.js';
import { againstAction, outOfScope } from '../core/scope.js';
import { sightOf } from '../core/sight.js';
import { simulateStep } from '../core/simulate.js';
import { type ClassicStep, policyOf, switchesOn } from '../core/step.js';
import { objectionToChange } from './objection-to-change.js';
import { objectionToWayBack } from './objection-to-way-back.js';
import type { ElasticLoadBalancing, MaySend, Written } from './ports.js';
import { readLoadBalancer } from './read.js';
import type { Switched } from './switched.js';

/** The instance ports of a Classic load balancer, each with its ordered list of policies. */
export function switchedPorts(
  change: ClassicChange,
  api: ElasticLoadBalancing,
): Switched<ClassicStep, LoadBalancer> {
  const { loadBalancer } = change;
  const { name, region } = loadBalancer;
  const { readyToWrite } = api;
  return {
    loadBalancer,
    endpoint: api.endpoint,
    maxAttempts: api.maxAttempts,
    readyToWrite: readyToWrite && (() => readyToWrite.call(api)),
    effectOf: (error) => api.effectOf(error),
    read: (clock, order) => readLoadBalancer(api, name, clock, order),
    movedFrom: (fresh) => movedIdentity(loadBalancer, fresh),
    sightOf,
    // A list that is in another order a second call would change.
    without: (step, fresh) =>
      sightOf(step, fresh).reordered === true ? fresh : simulateStep(fresh, invertStep(step)),
    call: (step, maySend) => call(api, name, step, maySend),
    objection: (fresh, progress) => {
      const { remaining, done, action } = progress;
      return objectionToChange(change, fresh, progress, {
        moved: () => drift(change, remaining, fresh),
        undone: (found) => movedWritten(done, remaining, found),
        touched: (found) => movedListeners(change, found),
        beyond: (found) => outOfScope(change, found, remaining),
        against: (found) => againstAction(action, change, found, remaining),
        // Whatever the plan calls itself: what can go wrong follows from what it does.
        hazards: (found) =>
          switchesOn(change.steps)
            ? hazards(found, { purpose: 'on', instancePorts: writtenPorts(change.steps), asked: false })
            : [],
        only: 'this tool only puts PROXY policies on and takes them off',
        option: '--port N',
      });
    },
    objectionBack: objectionToWayBack,
    shownAs: (step, fresh) => {
      if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return undefined;
      const list = policyNamesOn(fresh, step.instancePort);
      const message = `the service lists the policies of instance port ${step.instancePort} of ${name} (${region}) in a different order than was written: ${showList(list)} instead of ${showList(step.after)}`;
      return { list, message };
    },
  };
}

function call(
  api: ElasticLoadBalancing,
  name: string,
  step: ClassicStep,
  maySend: MaySend,
): Promise<Written> {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return api.createLoadBalancerPolicy(name, policyOf(step), maySend);
    case 'DeleteLoadBalancerPolicy':
      return api.deleteLoadBalancerPolicy(name, step.policyName, maySend);
    case 'SetLoadBalancerPoliciesForBackendServer':
      return api.setLoadBalancerPoliciesForBackendServer(name, step.instancePort, step.after, maySend);
  }
}
