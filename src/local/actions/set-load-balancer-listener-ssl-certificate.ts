import { isSecure } from '../../core/status.js';
import type { WriteAction } from '../action.js';
import { checkCertificate } from '../listener-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredInteger, requiredString } from '../request-parameters.js';
import { invalidConfiguration, listenerNotFound } from '../service-error.js';

/** `SetLoadBalancerListenerSSLCertificate`: another certificate for an HTTPS or SSL listener. */
export const setLoadBalancerListenerSslCertificate: WriteAction = {
  kind: 'write',
  name: 'SetLoadBalancerListenerSSLCertificate',
  run: (state, parameters, { region }) => {
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
  },
};
