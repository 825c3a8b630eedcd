import { cipherNames } from './ssl-policies.js';

/** An attribute that a policy type has, as DescribeLoadBalancerPolicyTypes reports it. */
export interface PolicyAttributeType {
  readonly name: string;
  readonly type: 'Boolean' | 'String' | 'Long' | 'PolicyName';
  readonly cardinality: 'ONE' | 'ZERO_OR_ONE' | 'ONE_OR_MORE';
  readonly defaultValue?: string;
}

/** Where policies of a type can be enabled. `nowhere` is a type that others only refer to. */
export type PolicyPlace = 'instance-port' | 'secure-listener' | 'http-listener' | 'nowhere';

/** A policy type. */
export interface PolicyType {
  readonly name: string;
  readonly description: string;
  readonly place: PolicyPlace;
  readonly attributes: readonly PolicyAttributeType[];
}

const one = (name: string, type: PolicyAttributeType['type']): PolicyAttributeType => ({
  name,
  type,
  cardinality: 'ONE',
});

const flag = (name: string, defaultValue: boolean): PolicyAttributeType => ({
  name,
  type: 'Boolean',
  cardinality: 'ZERO_OR_ONE',
  defaultValue: String(defaultValue),
});

/** The six policy types; names, descriptions and attributes are AWS's (API reference, CLI examples). */
export const policyTypes: readonly PolicyType[] = [
  {
    name: 'ProxyProtocolPolicyType',
    description:
      'Policy that controls whether to include the IP address and port of the originating request for TCP messages. This policy operates on TCP/SSL listeners only',
    place: 'instance-port',
    attributes: [one('ProxyProtocol', 'Boolean')],
  },
  {
    name: 'PublicKeyPolicyType',
    description:
      'Policy containing a list of public keys to accept when authenticating the back-end server(s). This policy cannot be applied directly to back-end servers or listeners but must be part of a BackendServerAuthenticationPolicyType.',
    place: 'nowhere',
    attributes: [one('PublicKey', 'String')],
  },
  {
    name: 'AppCookieStickinessPolicyType',
    description:
      'Stickiness policy with session lifetimes controlled by the lifetime of the application-generated cookie. This policy can be associated only with HTTP/HTTPS listeners.',
    place: 'http-listener',
    attributes: [one('CookieName', 'String')],
  },
  {
    name: 'LBCookieStickinessPolicyType',
    description:
      'Stickiness policy with session lifetimes controlled by the browser (user-agent) or a specified expiration period. This policy can be associated only with HTTP/HTTPS listeners.',
    place: 'http-listener',
    attributes: [{ name: 'CookieExpirationPeriod', type: 'Long', cardinality: 'ZERO_OR_ONE' }],
  },
  {
    name: 'SSLNegotiationPolicyType',
    description:
      'Listener policy that defines the ciphers and protocols that will be accepted by the load balancer. This policy can be associated only with HTTPS/SSL listeners.',
    place: 'secure-listener',
    attributes: [
      { name: 'Reference-Security-Policy', type: 'PolicyName', cardinality: 'ZERO_OR_ONE' },
      flag('Protocol-SSLv2', false),
      flag('Protocol-SSLv3', false),
      flag('Protocol-TLSv1', true),
      flag('Protocol-TLSv1.1', true),
      flag('Protocol-TLSv1.2', true),
      flag('Server-Defined-Cipher-Order', false),
      ...cipherNames.map((name) => flag(name, false)),
    ],
  },
  {
    name: 'BackendServerAuthenticationPolicyType',
    description:
      'Policy that controls authentication to back-end server(s) and contains one or more policies, such as an instance of a PublicKeyPolicyType. This policy can be associated only with back-end servers that are using HTTPS/SSL.',
    // The description asks for HTTPS/SSL back ends; whether the service enforces that is not known, and here
    // it is not: a TCP port may carry such a policy.
    place: 'instance-port',
    attributes: [{ name: 'PublicKeyPolicyName', type: 'PolicyName', cardinality: 'ONE_OR_MORE' }],
  },
];

const byName = new Map(policyTypes.map((type) => [type.name, type]));

/** A policy type by its name. */
export const findPolicyType = (name: string): PolicyType | undefined => byName.get(name);
