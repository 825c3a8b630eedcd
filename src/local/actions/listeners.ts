import { isSecure } from '../../core/status.js';
import { type Action, write } from '../action.js';
import {
  addListeners,
  checkCertificate,
  parseListener,
  withDefaultSecurityPolicy,
} from '../listener-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStringList, requiredStructureList } from '../request-lists.js';
import { requiredInteger, requiredString } from '../request-parameters.js';
import { constraintError, invalidConfiguration, listenerNotFound } from '../service-error.js';

/** The actions about listeners. */
export const listenerActions: Readonly<Record<string, Action>> = {
  /** Creates all of the listeners, or none. */
  CreateLoadBalancerListeners: write((state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const added = requiredStructureList(parameters, 'Listeners').map(parseListener);
    const loadBalancer = getLoadBalancer(state, region, name);
    const listeners = addListeners(name, loadBalancer.listeners, added);
    const policies = withDefaultSecurityPolicy(loadBalancer.policies, listeners);
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners, policies }), result: {} };
  }),
  /** Another certificate for an HTTPS or SSL listener. */
  SetLoadBalancerListenerSSLCertificate: write((state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const port = requiredInteger(parameters, 'LoadBalancerPort');
    const certificate = requiredString(parameters, 'SSLCertificateId', 'sSLCertificateId');
    const loadBalancer = getLoadBalancer(state, region, name);
    const listener = loadBalancer.listeners.find((one) => one.loadBalancerPort === port);
    if (listener === undefined) throw listenerNotFound(name, port);
    if (!isSecure(listener.protocol)) {
      throw invalidConfiguration(
        `The listener on port ${port} is ${listener.protocol} and takes no certificate`,
      );
    }
    const changed = { ...listener, sslCertificateId: checkCertificate(certificate) };
    const listeners = loadBalancer.listeners.map((one) => (one === listener ? changed : one));
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners }), result: {} };
  }),
  /**
   * A port without a listener is not an error.
   * Policies on the instance port stay as they are, even when no listener is left for it.
   */
  DeleteLoadBalancerListeners: write((state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const ports = requiredStringList(parameters, 'LoadBalancerPorts').map((text, index) => {
      if (!/^\d{1,9}$/.test(text)) {
        throw constraintError(text, `loadBalancerPorts.${index + 1}.member`, 'be an integer');
      }
      return Number(text);
    });
    const loadBalancer = getLoadBalancer(state, region, name);
    const listeners = loadBalancer.listeners.filter((one) => !ports.includes(one.loadBalancerPort));
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners }), result: {} };
  }),
};
