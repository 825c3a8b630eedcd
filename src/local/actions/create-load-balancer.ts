import type { WriteAction } from '../action.js';
import { defaultAttributes } from '../attribute-rules.js';
import { defaultHealthCheck } from '../health-check-rules.js';
import { addListeners, parseListener, sameListener, withDefaultSecurityPolicy } from '../listener-rules.js';
import { checkLoadBalancerName } from '../load-balancer-name.js';
import { findLoadBalancer } from '../load-balancers.js';
import { loopbackAddress } from '../loopback-address.js';
import { parsePlacement } from '../placement.js';
import { requiredStructureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { ServiceError } from '../service-error.js';
import type { LoadBalancer } from '../shapes.js';
import { mergeTags, parseTags } from '../tag-rules.js';

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());

const tagTexts = (one: LoadBalancer): readonly string[] =>
  one.tags.map(({ key, value }) => JSON.stringify([key, value]));

/** What makes a repeated CreateLoadBalancer another one, or undefined when it is the same again. */
function difference(present: LoadBalancer, asked: LoadBalancer): 'tags' | 'parameters' | undefined {
  const sameParameters =
    present.scheme === asked.scheme &&
    sameList(present.subnets, asked.subnets) &&
    sameList(present.securityGroups, asked.securityGroups) &&
    present.listeners.length === asked.listeners.length &&
    asked.listeners.every((one) => present.listeners.some((other) => sameListener(one, other)));
  if (!sameParameters) return 'parameters';
  return sameList(tagTexts(present), tagTexts(asked)) ? undefined : 'tags';
}

/** `CreateLoadBalancer`: answers with its DNS name, here an address. The same again changes nothing. */
export const createLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'CreateLoadBalancer',
  run: (state, parameters, { region, accountId, now }) => {
    const name = checkLoadBalancerName(requiredString(parameters, 'LoadBalancerName'));
    const asked = requiredStructureList(parameters, 'Listeners').map(parseListener);
    const listeners = addListeners(name, [], asked);
    const created: LoadBalancer = {
      region,
      loadBalancerName: name,
      dnsName: loopbackAddress(state.addressesUsed),
      createdTime: now().toISOString(),
      ...parsePlacement(parameters, { region, accountId }),
      listeners,
      policies: withDefaultSecurityPolicy([], listeners),
      backendPolicies: [],
      instances: [],
      healthCheck: defaultHealthCheck(listeners[0]?.instancePort ?? 80),
      tags: mergeTags([], parseTags(parameters)),
      attributes: defaultAttributes,
    };
    const present = findLoadBalancer(state, region, name);
    if (present === undefined) {
      return {
        state: {
          ...state,
          addressesUsed: state.addressesUsed + 1,
          loadBalancers: [...state.loadBalancers, created],
        },
        result: { DNSName: created.dnsName },
      };
    }
    const what = difference(present, created);
    if (what === undefined) return { state, result: { DNSName: present.dnsName } };
    // The real service's text, seen for tags (ansible/ansible#29965).
    throw new ServiceError(
      'DuplicateLoadBalancerName',
      400,
      `Load Balancer named ${name} already exists and it is configured with different ${what}.`,
    );
  },
};
