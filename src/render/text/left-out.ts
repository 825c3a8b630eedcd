import { nameSome } from '../../core/name-some.js';
import type { NetworkNotKnown } from '../../core/network/network-status.js';
import { proxyProtocolV2Key } from '../../core/network-load-balancer.js';
import type { Style } from '../style.js';
import { paragraph } from './paragraph.js';

/** Fields that the service left out about a load balancer of either kind. */
export type LeftOut = Pick<NetworkNotKnown, 'fields' | 'values'>;

/** The unknown facts of a load balancer, in sentences without full stops. */
export function leftOutWords({ fields, values = [] }: LeftOut): readonly string[] {
  return [
    ...(fields.length === 0 ? [] : [`the service left ${nameSome(fields)} out of its answers`]),
    ...values.map(
      ({ targetGroup, value }) =>
        `${proxyProtocolV2Key} of target group ${targetGroup} is "${value}", which is neither true nor false`,
    ),
  ];
}

/** The same under an empty line; nothing where the service answered everything. */
export function leftOut(notKnown: LeftOut | undefined, style: Style): readonly string[] {
  if (notKnown === undefined) return [];
  return [
    '',
    ...leftOutWords(notKnown).flatMap((words) =>
      paragraph(`Not known: ${words}`, style, { indent: 2, hanging: 2 }),
    ),
  ];
}
