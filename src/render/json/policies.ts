import {
  identityOf,
  type LoadBalancer,
  type LoadBalancerIdentity,
  type Policy,
  type PolicyAttribute,
} from '../../core/model.js';
import { type NotKnown, notKnownOf } from '../../core/status.js';
import { known } from './known.js';
import { documentFormatVersion } from './status.js';

/** Where a policy is attached: `port` is an instance port, or a listener's load balancer port. */
export interface Attachment {
  readonly kind: 'instance-port' | 'listener';
  readonly port: number;
}

/** One policy of `policies -o json`. */
export interface PolicyEntry {
  readonly name: string;
  readonly type: string;
  /**
   * Values by attribute name. The API allows several of one name (`PublicKeyPolicyName` of a backend authentication
   * policy): such an attribute is an array of its values, in the service's order; one that occurs once is a string.
   */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  /** Instance ports first, each kind ascending; empty where nothing uses the policy. */
  readonly attachedTo: readonly Attachment[];
}

/** What `policies -o json` prints. */
export interface PoliciesDocument {
  readonly formatVersion: typeof documentFormatVersion;
  readonly loadBalancer: LoadBalancerIdentity;
  readonly policies: readonly PolicyEntry[];
  /** What the service left out: where policies are attached is then not all known. */
  readonly notKnown?: NotKnown | undefined;
}

/** The policies document, in the service's order. */
export function policiesDocument(loadBalancer: LoadBalancer): PoliciesDocument {
  const notKnown = notKnownOf(loadBalancer);
  return {
    formatVersion: documentFormatVersion,
    loadBalancer: known(identityOf(loadBalancer)),
    policies: (loadBalancer.policies ?? []).map((policy) => policyEntry(policy, loadBalancer)),
    ...(notKnown === undefined ? {} : { notKnown }),
  };
}

function policyEntry({ name, type, attributes }: Policy, loadBalancer: LoadBalancer): PolicyEntry {
  const instancePorts = loadBalancer.backendServers
    .filter(({ policyNames }) => policyNames.includes(name))
    .map(({ instancePort }): Attachment => ({ kind: 'instance-port', port: instancePort }));
  const listeners = loadBalancer.listeners
    .filter(({ policyNames }) => policyNames.includes(name))
    .map(({ loadBalancerPort }): Attachment => ({ kind: 'listener', port: loadBalancerPort }));
  return {
    name,
    type,
    attributes: byName(attributes),
    attachedTo: [...instancePorts.toSorted(byPort), ...listeners.toSorted(byPort)],
  };
}

function byName(attributes: readonly PolicyAttribute[]): PolicyEntry['attributes'] {
  const values = new Map<string, string | readonly string[]>();
  for (const { name, value } of attributes) {
    const present = values.get(name);
    values.set(name, present === undefined ? value : [present, value].flat());
  }
  // fromEntries makes own properties of every name, also of `__proto__`.
  return Object.fromEntries(values);
}

function byPort(a: Attachment, b: Attachment): number {
  return a.port - b.port;
}
