import { ElbProxyError } from '../../errors.js';

const others: Readonly<Record<string, string>> = {
  application: 'an Application Load Balancer, which adds X-Forwarded-For and has no PROXY protocol',
  gateway: 'a Gateway Load Balancer, which has no PROXY protocol',
};

/** A load balancer that was asked for by name and is of another type. */
export function otherType(name: string, type: string, region: string): ElbProxyError {
  return new ElbProxyError(`${name} in ${region} is ${others[type] ?? `a load balancer of type ${type}`}`, {
    code: 'not-a-network-load-balancer',
    fault: 'user',
    hint: 'give a Classic or a Network Load Balancer',
  });
}
