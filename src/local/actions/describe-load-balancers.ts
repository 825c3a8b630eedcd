import type { ReadAction } from '../action.js';
import { describeLoadBalancer } from '../describe-load-balancer.js';
import { getLoadBalancer, inRegion } from '../load-balancers.js';
import { decodeMarker, encodeMarker } from '../marker.js';
import { optionalStringList } from '../request-lists.js';
import { optionalInteger, optionalString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `DescribeLoadBalancers`: those named, or a page of all of them. */
export const describeLoadBalancers: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancers',
  run: (state, parameters, { region }) => {
    const names = optionalStringList(parameters, 'LoadBalancerNames') ?? [];
    const pageSize = optionalInteger(parameters, 'PageSize', { min: 1, max: 400 }) ?? 400;
    const after = decodeMarker(optionalString(parameters, 'Marker'));
    const all =
      names.length > 0
        ? [...new Set(names)].map((name) => getLoadBalancer(state, region, name))
        : inRegion(state, region);
    const rest = after === undefined ? all : all.filter((one) => one.loadBalancerName > after);
    const page = rest.slice(0, pageSize);
    return {
      LoadBalancerDescriptions: members(page.map(describeLoadBalancer)),
      NextMarker: rest.length > page.length ? encodeMarker(page.at(-1)?.loadBalancerName ?? '') : undefined,
    };
  },
};
