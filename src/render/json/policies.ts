import { identityOf, type LoadBalancer, type Policy, type PolicyAttribute } from '../../core/model.js';
import { notKnownOf } from '../../core/status.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import type { policiesSchema } from './policies-schema.js';

/** The document of `policies -o json`. */
export type PoliciesDocument = DocumentOf<typeof policiesSchema>;

/** One policy of it. */
export type PolicyEntry = PoliciesDocument['policies'][number];

/** A port that has a policy. */
export type Attachment = PolicyEntry['attachedTo'][number];

/** The policies document, in the service's order. */
export function policiesDocument(loadBalancer: LoadBalancer): PoliciesDocument {
  const notKnown = notKnownOf(loadBalancer);
  return {
    formatVersion: documentFormatVersion,
    loadBalancer: withoutUndefined(identityOf(loadBalancer)),
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
