import type { ReadAction } from '../../action.js';
import { optionalStringList } from '../../request-lists.js';
import { optionalString } from '../../request-parameters.js';
import { validationError } from '../../service-error.js';
import { members } from '../../xml.js';
import { describeTargetGroup } from '../describe.js';
import { targetGroupsNotFound } from '../errors.js';
import { getLoadBalancerV2, getTargetGroup, loadBalancersOfGroup } from '../found.js';
import { pageOf } from '../page.js';

/** `DescribeTargetGroups`: those of a load balancer, those named by ARN or by name, or a page of all of them. */
export const describeTargetGroups: ReadAction = {
  kind: 'read',
  name: 'DescribeTargetGroups',
  run: (state, parameters, { region }) => {
    const of = optionalString(parameters, 'LoadBalancerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'TargetGroupArns'))];
    const names = [...new Set(optionalStringList(parameters, 'Names'))];
    if ([of !== undefined, arns.length > 0, names.length > 0].filter(Boolean).length > 1) {
      throw validationError(
        'Target group names, target group ARNs and a load balancer ARN cannot be specified at the same time',
      );
    }
    const here = state.elbv2.targetGroups.filter((one) => one.region === region);
    const asked = (): typeof here => {
      if (of !== undefined) {
        const { arn } = getLoadBalancerV2(state, region, of);
        return here.filter((one) => loadBalancersOfGroup(state, one.arn).includes(arn));
      }
      if (arns.length > 0) return arns.map((arn) => getTargetGroup(state, region, arn));
      if (names.length === 0) return here;
      const found = here.filter((one) => names.includes(one.name));
      if (found.length < names.length) throw targetGroupsNotFound();
      return found;
    };
    const { page, NextMarker } = pageOf(asked(), ({ name }) => name, parameters);
    return { TargetGroups: members(page.map((one) => describeTargetGroup(state, one))), NextMarker };
  },
};
