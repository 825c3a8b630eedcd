import { awsCommand } from '../core/aws-command.js';
import { showList } from '../core/drift.js';
import { invertStep } from '../core/invert.js';
import { groupNameOf, showValue } from '../core/network/modify-step.js';
import { nextCommand, statusCommand } from '../core/next-command.js';
import type { Leftover } from '../core/report.js';
import type { StandingWrite } from './switched.js';
import type { WriteContext } from './write-context.js';

/**
 * The rest of a step that is, or may be, in effect, with one command to check it and one to take it back.
 * @param tried whether taking it back was tried: a policy that stays because a port uses it must not be deleted by hand
 */
export function leftover(
  { switched, loadBalancer, step, seen }: StandingWrite,
  { changeId }: Pick<WriteContext, 'changeId'>,
  why: string,
  { tried, harmless }: { readonly tried: boolean; readonly harmless: boolean },
): Leftover {
  const { name, region } = loadBalancer;
  const base = {
    loadBalancer: name,
    region,
    harmless,
    look: statusCommand({ name, region }),
  };
  const undo = nextCommand('undo', [changeId]);
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return {
        ...base,
        message: `policy ${step.policyName} ${seen ? 'is' : 'may be'} still on the load balancer (${why})`,
        ...(!harmless
          ? { command: undo }
          : tried
            ? { command: awsCommand(loadBalancer, invertStep(step), switched.endpoint) }
            : {}),
      };
    case 'DeleteLoadBalancerPolicy':
      return {
        ...base,
        message: `policy ${step.policyName} ${seen ? 'is' : 'may be'} still deleted (${why})`,
        command: undo,
      };
    case 'SetLoadBalancerPoliciesForBackendServer':
      return {
        ...base,
        message: `instance port ${step.instancePort} may still have the list of this run, ${showList(step.after)}, instead of ${showList(step.before)} (${why})`,
        command: undo,
      };
    case 'ModifyTargetGroupAttributes':
      return {
        ...base,
        message: `target group ${groupNameOf(step.targetGroupArn)} may still have ${step.key}=${step.after}, which this run wrote, instead of ${showValue(step.before)} (${why})`,
        command: undo,
      };
  }
}
