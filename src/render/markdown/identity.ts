import type { Place } from '../../core/caller.js';
import type { LoadBalancerIdentity } from '../../core/model.js';
import { timestamp } from '../text/timestamp.js';
import { codeSpan } from './code-span.js';

/** A load balancer's name and region. */
export function nameAndRegion({ name, region }: Pick<LoadBalancerIdentity, 'name' | 'region'>): string {
  return `${codeSpan(name)} (${codeSpan(region)})`;
}

/** Facts that distinguish it from another that took its name. */
export function identityFacts({ accountId, dnsName, createdTime }: LoadBalancerIdentity): readonly string[] {
  return [
    ...(dnsName === undefined ? [] : [codeSpan(dnsName)]),
    ...(accountId === undefined ? [] : [`account ${codeSpan(accountId)}`]),
    ...(createdTime === undefined ? [] : [`created ${codeSpan(timestamp(createdTime))}`]),
  ];
}

/** As whom, and at which custom endpoint, something is planned or was done. */
export function placeFacts({ caller, endpoint }: Place): readonly string[] {
  return [
    caller === undefined
      ? 'the account it acts on is unknown'
      : `as ${codeSpan(caller.arn)} on account ${codeSpan(caller.accountId)}`,
    ...(endpoint === undefined ? [] : [`endpoint ${codeSpan(endpoint)}`]),
  ];
}
