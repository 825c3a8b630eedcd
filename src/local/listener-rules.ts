import { isForwarding, isSecure } from '../core/status.js';
import { type Parameters, portBounds, requiredInteger, requiredString } from './request-parameters.js';
import { invalidConfiguration, ServiceError, validationError } from './service-error.js';
import type { Listener, LoadBalancer, Policy, Protocol } from './shapes.js';
import { DEFAULT_SECURITY_POLICY, defaultSecurityPolicy } from './ssl-policies.js';

const protocols: readonly string[] = ['HTTP', 'HTTPS', 'TCP', 'SSL'] satisfies Protocol[];
const layerOf = (protocol: Protocol): 4 | 7 => (isForwarding({ protocol }) ? 4 : 7);

function protocolOf(text: string): Protocol {
  const upper = text.toUpperCase();
  if (!protocols.includes(upper)) {
    throw new ServiceError('UnsupportedProtocol', `The protocol ${text} is not supported`);
  }
  return upper as Protocol;
}

/** `CertificateNotFound` unless the id looks like the ARN of an IAM or ACM certificate; no certificates are stored here. */
export function checkCertificate(id: string): string {
  if (!/^arn:aws[\w-]*:(iam|acm):[^:]*:\d{12}:(server-certificate|certificate)\/.+$/.test(id)) {
    throw new ServiceError('CertificateNotFound', `Server Certificate not found for the key: ${id}`);
  }
  return id;
}

/** A listener from a request's `Listeners.member.N`, by the rules that concern it alone. */
export function parseListener(parameters: Parameters, index: number): Listener {
  const at = `listeners.${index + 1}.member`;
  const protocol = protocolOf(requiredString(parameters, 'Protocol', `${at}.protocol`));
  const loadBalancerPort = requiredInteger(
    parameters,
    'LoadBalancerPort',
    portBounds,
    `${at}.loadBalancerPort`,
  );
  const instancePort = requiredInteger(parameters, 'InstancePort', portBounds, `${at}.instancePort`);
  const given = parameters.get('InstanceProtocol');
  // Left out, the back end is the plain protocol of the same layer.
  const instanceProtocol = given ? protocolOf(given) : layerOf(protocol) === 4 ? 'TCP' : 'HTTP';
  if (layerOf(protocol) !== layerOf(instanceProtocol)) {
    throw invalidConfiguration(
      `A listener with protocol ${protocol} cannot have instance protocol ${instanceProtocol}: both must be TCP or SSL, or both HTTP or HTTPS`,
    );
  }
  const certificate = parameters.get('SSLCertificateId');
  const listener = { protocol, loadBalancerPort, instanceProtocol, instancePort };
  // On a plain listener the service drops the certificate without a word (hashicorp/terraform#3887).
  if (!isSecure(protocol)) return { ...listener, policyNames: [] };
  if (!certificate) throw validationError('Secure Listeners need to specify a SSLCertificateId');
  return {
    ...listener,
    sslCertificateId: checkCertificate(certificate),
    policyNames: [DEFAULT_SECURITY_POLICY],
  };
}

/** Whether two listeners were asked for with the same properties; enabled policies do not count. */
export const sameListener = (a: Listener, b: Listener): boolean =>
  a.protocol === b.protocol &&
  a.loadBalancerPort === b.loadBalancerPort &&
  a.instanceProtocol === b.instanceProtocol &&
  a.instancePort === b.instancePort &&
  a.sslCertificateId === b.sslCertificateId;

/** The listeners with others added: the same again changes nothing, another on a taken port is refused. */
export function addListeners(
  loadBalancerName: string,
  present: readonly Listener[],
  added: readonly Listener[],
): readonly Listener[] {
  const all = [...present];
  for (const listener of added) {
    const taken = all.find((one) => one.loadBalancerPort === listener.loadBalancerPort);
    if (taken !== undefined) {
      if (sameListener(taken, listener)) continue;
      // The real service's text (hashicorp/terraform#3301).
      throw new ServiceError(
        'DuplicateListener',
        `A listener already exists for ${loadBalancerName} with LoadBalancerPort ${listener.loadBalancerPort}, but with a different InstancePort, Protocol, or SSLCertificateId`,
      );
    }
    const neighbour = all.find((one) => one.instancePort === listener.instancePort);
    if (neighbour && isSecure(neighbour.instanceProtocol) !== isSecure(listener.instanceProtocol)) {
      throw invalidConfiguration(
        `Instance port ${listener.instancePort} is used with instance protocol ${neighbour.instanceProtocol}: ${listener.instanceProtocol} cannot share it, both must be secure or neither`,
      );
    }
    all.push(listener);
  }
  return all;
}

/** The policies, with the default security policy as soon as a listener uses it. */
export function withDefaultSecurityPolicy(
  policies: readonly Policy[],
  listeners: readonly Listener[],
): LoadBalancer['policies'] {
  const used = listeners.some((one) => one.policyNames.includes(DEFAULT_SECURITY_POLICY));
  const there = policies.some((one) => one.policyName === DEFAULT_SECURITY_POLICY);
  return used && !there ? [...policies, defaultSecurityPolicy] : policies;
}
