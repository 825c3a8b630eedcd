import type { Action } from '../../action.js';
import { addTags } from './add-tags.js';
import { createListener } from './create-listener.js';
import { createLoadBalancer } from './create-load-balancer.js';
import { createTargetGroup } from './create-target-group.js';
import { deleteListener } from './delete-listener.js';
import { deleteLoadBalancer } from './delete-load-balancer.js';
import { deleteTargetGroup } from './delete-target-group.js';
import { deregisterTargets } from './deregister-targets.js';
import { describeAccountLimits } from './describe-account-limits.js';
import { describeListenerAttributes } from './describe-listener-attributes.js';
import { describeListeners } from './describe-listeners.js';
import { describeLoadBalancerAttributes } from './describe-load-balancer-attributes.js';
import { describeLoadBalancers } from './describe-load-balancers.js';
import { describeRules } from './describe-rules.js';
import { describeTags } from './describe-tags.js';
import { describeTargetGroupAttributes } from './describe-target-group-attributes.js';
import { describeTargetGroups } from './describe-target-groups.js';
import { describeTargetHealth } from './describe-target-health.js';
import { modifyListener } from './modify-listener.js';
import { modifyListenerAttributes } from './modify-listener-attributes.js';
import { modifyLoadBalancerAttributes } from './modify-load-balancer-attributes.js';
import { modifyTargetGroup } from './modify-target-group.js';
import { modifyTargetGroupAttributes } from './modify-target-group-attributes.js';
import { registerTargets } from './register-targets.js';
import { removeTags } from './remove-tags.js';

/** The actions of ELBv2 that are served, by name. */
export const actionsV2: ReadonlyMap<string, Action> = new Map(
  [
    addTags,
    createListener,
    createLoadBalancer,
    createTargetGroup,
    deleteListener,
    deleteLoadBalancer,
    deleteTargetGroup,
    deregisterTargets,
    describeAccountLimits,
    describeListenerAttributes,
    describeListeners,
    describeLoadBalancerAttributes,
    describeLoadBalancers,
    describeRules,
    describeTags,
    describeTargetGroupAttributes,
    describeTargetGroups,
    describeTargetHealth,
    modifyListener,
    modifyListenerAttributes,
    modifyLoadBalancerAttributes,
    modifyTargetGroup,
    modifyTargetGroupAttributes,
    registerTargets,
    removeTags,
  ].map((action: Action) => [action.name, action]),
);
