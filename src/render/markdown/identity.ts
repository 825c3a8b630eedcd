import type { LoadBalancerIdentity } from '../../core/model.js';
import { timestamp } from '../text/timestamp.js';
import { codeSpan } from './code-span.js';

/** Which load balancer this is: name and region. */
export function nameAndRegion({ name, region }: Pick<LoadBalancerIdentity, 'name' | 'region'>): string {
  return `${codeSpan(name)} (${codeSpan(region)})`;
}

/** What tells it from another that took its name. */
export function identityFacts({ accountId, dnsName, createdTime }: LoadBalancerIdentity): readonly string[] {
  return [
    ...(dnsName === undefined ? [] : [codeSpan(dnsName)]),
    ...(accountId === undefined ? [] : [`account ${codeSpan(accountId)}`]),
    ...(createdTime === undefined ? [] : [`created ${codeSpan(timestamp(createdTime))}`]),
  ];
}
