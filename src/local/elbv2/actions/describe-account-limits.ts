import type { ReadAction } from '../../action.js';
import { members } from '../../xml.js';
import { pageOf } from '../page.js';

// AWS's default quotas. They are reported, not enforced: a test may need a thousand load balancers.
const limits = [
  { Name: 'application-load-balancers', Max: '50' },
  { Name: 'listeners-per-network-load-balancer', Max: '50' },
  { Name: 'network-load-balancers', Max: '50' },
  { Name: 'target-groups', Max: '3000' },
  { Name: 'target-groups-per-action-on-network-load-balancer', Max: '5' },
  { Name: 'target-id-registrations-per-application-load-balancer', Max: '1000' },
  { Name: 'targets-per-availability-zone-per-network-load-balancer', Max: '500' },
  { Name: 'targets-per-network-load-balancer', Max: '3000' },
];

/** `DescribeAccountLimits`: the default quotas, in pages. */
export const describeAccountLimits: ReadAction = {
  kind: 'read',
  name: 'DescribeAccountLimits',
  run: (_state, parameters) => {
    const { page, NextMarker } = pageOf(limits, ({ Name }) => Name, parameters);
    return { Limits: members(page), NextMarker };
  },
};
