import { validationError } from './service-error.js';

/** A load balancer name by the service's rules, in its own words where they are known. */
export function checkLoadBalancerName(name: string): string {
  // hashicorp/terraform-provider-aws#1754
  if (name.length > 32) throw validationError('LoadBalancer name cannot be longer than 32 characters');
  // jcowley/elb-instance-reboot#1
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
    );
  }
  if (name.startsWith('-')) throw validationError('LoadBalancer name cannot begin with a dash.');
  if (name.endsWith('-')) throw validationError('LoadBalancer name cannot end with a dash.');
  return name;
}
