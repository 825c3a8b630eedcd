import type { ReadAction } from '../../action.js';
import { optionalStringList } from '../../request-lists.js';
import { constraintError, validationError } from '../../service-error.js';
import { members } from '../../xml.js';
import { describeLoadBalancerV2 } from '../describe.js';
import { loadBalancersNotFound } from '../errors.js';
import { getLoadBalancerV2 } from '../found.js';
import { pageOf } from '../page.js';

const MOST_NAMED = 20;

/** `DescribeLoadBalancers`: those named by ARN or by name, or a page of all of them. */
export const describeLoadBalancers: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancers',
  run: (state, parameters, { region }) => {
    const arns = [...new Set(optionalStringList(parameters, 'LoadBalancerArns'))];
    const names = [...new Set(optionalStringList(parameters, 'Names'))];
    if (arns.length > 0 && names.length > 0) {
      throw validationError(
        'Load balancer names and load balancer ARNs cannot be specified at the same time',
      );
    }
    for (const [at, list] of [
      ['loadBalancerArns', arns],
      ['names', names],
    ] as const) {
      if (list.length > MOST_NAMED) {
        throw constraintError(`[${list.join(', ')}]`, at, `have length less than or equal to ${MOST_NAMED}`);
      }
    }
    const here = state.elbv2.loadBalancers.filter((one) => one.region === region);
    const named = [
      ...arns.map((arn) => getLoadBalancerV2(state, region, arn)),
      ...names.map((name) => {
        const found = here.find((one) => one.name === name);
        if (found === undefined) throw loadBalancersNotFound();
        return found;
      }),
    ];
    const { page, NextMarker } = pageOf(named.length > 0 ? named : here, ({ name }) => name, parameters);
    return { LoadBalancers: members(page.map(describeLoadBalancerV2)), NextMarker };
  },
};
