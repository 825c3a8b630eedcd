import type { ReadAction } from '../../action.js';
import { optionalStringList } from '../../request-lists.js';
import { optionalString } from '../../request-parameters.js';
import { validationError } from '../../service-error.js';
import { members } from '../../xml.js';
import { describeListener } from '../describe.js';
import { getListener, getLoadBalancerV2, listenersOf } from '../found.js';
import { pageOf } from '../page.js';

/** `DescribeListeners`: those named, or a page of a load balancer's. */
export const describeListeners: ReadAction = {
  kind: 'read',
  name: 'DescribeListeners',
  run: (state, parameters, { region }) => {
    const of = optionalString(parameters, 'LoadBalancerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'ListenerArns'))];
    if ((of === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener ARNs or a load balancer ARN');
    }
    const asked =
      of === undefined
        ? arns.map((arn) => getListener(state, region, arn))
        : listenersOf(state, getLoadBalancerV2(state, region, of).arn);
    const { page, NextMarker } = pageOf(
      asked,
      ({ port, arn }) => `${String(port).padStart(5, '0')} ${arn}`,
      parameters,
    );
    return { Listeners: members(page.map(describeListener)), NextMarker };
  },
};
