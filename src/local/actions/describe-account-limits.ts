import type { ReadAction } from '../action.js';
import { decodeMarker, encodeMarker } from '../marker.js';
import { optionalInteger, optionalString } from '../request-parameters.js';
import { members } from '../xml.js';

// AWS's default quotas. They are reported, not enforced: a test may need a thousand load balancers.
const limits = [
  { Name: 'classic-load-balancers', Max: '20' },
  { Name: 'classic-listeners', Max: '100' },
  { Name: 'classic-registered-instances', Max: '1000' },
];

/** `DescribeAccountLimits`: the default quotas, in pages. */
export const describeAccountLimits: ReadAction = {
  kind: 'read',
  name: 'DescribeAccountLimits',
  run: (_state, parameters) => {
    const pageSize = optionalInteger(parameters, 'PageSize', { min: 1, max: 400 }) ?? 400;
    const after = decodeMarker(optionalString(parameters, 'Marker'));
    const start = limits.findIndex(({ Name }) => Name === after) + 1;
    const page = limits.slice(start, start + pageSize);
    return {
      Limits: members(page),
      NextMarker: start + page.length < limits.length ? encodeMarker(page.at(-1)?.Name ?? '') : undefined,
    };
  },
};
