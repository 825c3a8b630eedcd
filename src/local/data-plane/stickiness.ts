import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Policy } from '../shapes.js';
import { type Instance, listenerPolicies, type Route } from './route.js';

/** The effect of a listener's stickiness policy on one request. */
export interface Stickiness {
  /** The instance that the request is bound to, if it is InService. */
  readonly bound: Instance | undefined;
  /** The cookie that binds the client to an instance, for its answer; undefined if none is needed. */
  readonly cookieFor: (instance: Instance, answer: IncomingMessage) => string | undefined;
}

const none: Stickiness = { bound: undefined, cookieFor: () => undefined };

const attribute = (policy: Policy, name: string): string =>
  policy.attributes.find((one) => one.name === name)?.value ?? '';

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * Reads the stickiness policy of an HTTP or HTTPS listener, as it is now.
 *
 * By duration (LBCookieStickinessPolicyType) the cookie AWSELB is set when the client has none for this instance, and
 * lasts for the period. By application cookie (AppCookieStickinessPolicyType) it goes along with that cookie: set
 * when the answer sets it, and followed while the client sends both (guide, "Configure sticky sessions").
 */
export function stickinessOf(route: Route, request: IncomingMessage): Stickiness {
  const policy = listenerPolicies(route).find(({ policyTypeName }) =>
    ['LBCookieStickinessPolicyType', 'AppCookieStickinessPolicyType'].includes(policyTypeName),
  );
  if (policy === undefined) return none;
  const valueOf = ({ id }: Instance): string =>
    createHash('sha256').update(`${route.loadBalancer().dnsName}/${id}`).digest('hex').toUpperCase();
  const sent = cookieOf(request, 'AWSELB');
  const find = (): Instance | undefined => route.inService().find((one) => valueOf(one) === sent);

  if (policy.policyTypeName === 'LBCookieStickinessPolicyType') {
    const period = Number(attribute(policy, 'CookieExpirationPeriod'));
    const age = period > 0 ? `;MAX-AGE=${period}` : '';
    return {
      bound: sent === undefined ? undefined : find(),
      cookieFor: (instance) =>
        valueOf(instance) === sent ? undefined : `AWSELB=${valueOf(instance)};PATH=/${age}`,
    };
  }
  const name = attribute(policy, 'CookieName');
  return {
    bound: sent === undefined || cookieOf(request, name) === undefined ? undefined : find(),
    cookieFor: (instance, answer) => {
      const set = answer.headers['set-cookie']?.find((one) => one.startsWith(`${name}=`));
      if (set === undefined) return undefined;
      const life = set.match(/;\s*(?:max-age|expires)=[^;]*/gi) ?? [];
      return `AWSELB=${valueOf(instance)};PATH=/${life.join('')}`;
    },
  };
}
