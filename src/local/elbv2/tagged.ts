import { requiredStringList } from '../request-lists.js';
import type { Parameters } from '../request-parameters.js';
import { constraintError, validationError } from '../service-error.js';
import type { State } from '../shapes.js';
import { defaultRuleArn, kindOfArn } from './arn.js';
import { rulesNotFound } from './errors.js';
import {
  getListener,
  getLoadBalancerV2,
  getTargetGroup,
  replaceListener,
  replaceLoadBalancerV2,
  replaceTargetGroup,
} from './found.js';
import type { ListenerV2, Pair } from './shapes.js';

/** What has tags. */
interface Tagged {
  readonly tags: readonly Pair[];
  /** The state with these tags on it. */
  readonly withTags: (state: State, tags: readonly Pair[]) => State;
}

function getRule(state: State, region: string, arn: string): ListenerV2 {
  const listener = state.elbv2.listeners.find((one) => defaultRuleArn(one.arn) === arn);
  if (listener === undefined || arn.split(':')[3] !== region) throw rulesNotFound();
  return listener;
}

/** What an ARN of any kind names, which must be there. @throws ServiceError */
export function taggedAt(state: State, region: string, arn: string): Tagged {
  switch (kindOfArn(arn)) {
    case 'load balancer': {
      const one = getLoadBalancerV2(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceLoadBalancerV2(now, { ...one, tags }) };
    }
    case 'target group': {
      const one = getTargetGroup(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceTargetGroup(now, { ...one, tags }) };
    }
    case 'listener': {
      const one = getListener(state, region, arn);
      return { tags: one.tags, withTags: (now, tags) => replaceListener(now, { ...one, tags }) };
    }
    case 'rule': {
      const one = getRule(state, region, arn);
      return {
        tags: one.ruleTags,
        withTags: (now, ruleTags) => replaceListener(now, { ...one, ruleTags }),
      };
    }
    case undefined:
      throw validationError(`'${arn}' is not a valid resource ARN`);
  }
}

/** A request's `ResourceArns.member.N`: at most 20, of any kinds. */
export function resourceArns(parameters: Parameters): readonly string[] {
  const arns = requiredStringList(parameters, 'ResourceArns');
  const shown = `[${arns.join(', ')}]`;
  if (arns.length === 0)
    throw constraintError(shown, 'resourceArns', 'have length greater than or equal to 1');
  if (arns.length > 20) throw constraintError(shown, 'resourceArns', 'have length less than or equal to 20');
  return arns;
}
