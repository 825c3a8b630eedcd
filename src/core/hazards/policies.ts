import type { LoadBalancer } from '../model.js';
import { nameSome } from '../name-some.js';
import { policyNamesOfKind } from '../policy.js';
import { areListenersKnown, instancePortStatus } from '../status.js';
import { type HazardLevel, type HazardQuestion, hazardsWith } from './hazard.js';

/** Hazards of the policies on a port. */
export const policyLevels = {
  'stale-port': 'note',
  'several-proxy-policies': 'note',
  'contradicting-policy': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(policyLevels);

type PolicyHazard = ReturnType<typeof hazard>;

/** Oddities of the policies on the ports in question. */
export function policyHazards(
  loadBalancer: LoadBalancer,
  { instancePorts }: HazardQuestion,
): readonly PolicyHazard[] {
  return instancePorts.flatMap((port) => ofPort(loadBalancer, port));
}

function ofPort(loadBalancer: LoadBalancer, port: number): readonly PolicyHazard[] {
  const status = instancePortStatus(loadBalancer, port);
  const off = policyNamesOfKind(loadBalancer.policies, 'off').filter((name) =>
    status.policyNames.includes(name),
  );
  const found: PolicyHazard[] = [];
  if (
    status.policyNames.length > 0 &&
    areListenersKnown(loadBalancer) &&
    !loadBalancer.listeners.some(({ instancePort }) => instancePort === port)
  ) {
    found.push(
      hazard(
        'stale-port',
        port,
        `instance port ${port} has policies but no listener: a future listener on it would start with them`,
        `remove the policies if nothing is planned for the port`,
      ),
    );
  }
  if (status.proxyPolicyNames.length > 1) {
    found.push(
      hazard(
        'several-proxy-policies',
        port,
        `instance port ${port} has more than one PROXY policy: ${nameSome(status.proxyPolicyNames)}`,
        'one is enough: disable takes all of them off, enable puts one back',
      ),
    );
  }
  if (off.length > 0) {
    found.push(
      hazard(
        'contradicting-policy',
        port,
        `instance port ${port} has a policy that says ProxyProtocol=false: ${nameSome(off)}`,
        'enable takes it off the port; the policy itself stays on the load balancer',
      ),
    );
  }
  return found;
}
