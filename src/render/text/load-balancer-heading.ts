import type { LoadBalancerIdentity } from '../../core/model.js';
import type { Style } from '../style.js';
import { facts, paragraph } from './paragraph.js';
import { timestamp } from './timestamp.js';

/** An identity with further facts for its heading. */
export interface HeadingDetails extends LoadBalancerIdentity {
  readonly scheme?: string | undefined;
  readonly vpcId?: string | undefined;
}

/** A load balancer's name and region, then facts that distinguish it from another that took its name. */
export function loadBalancerHeading(loadBalancer: HeadingDetails, style: Style): readonly string[] {
  const { name, region, scheme, dnsName, accountId, vpcId, createdTime } = loadBalancer;
  const where = [region, scheme].filter((part) => part !== undefined).join(', ');
  const identity = [
    accountId === undefined ? undefined : `account ${accountId}`,
    vpcId,
    createdTime === undefined ? undefined : `created ${timestamp(createdTime)}`,
  ].filter((part) => part !== undefined);
  return [
    ...paragraph(`${style.colour.bold(name)} (${where})`, style, { hanging: 2 }),
    ...(dnsName === undefined ? [] : [`  ${dnsName}`]),
    ...facts(identity, style),
  ];
}
