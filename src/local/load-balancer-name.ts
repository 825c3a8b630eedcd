import { validationError } from './service-error.js';

/**
 * A load balancer name's characters, by the rule and in the words of the service (jcowley/elb-instance-reboot#1). It
 * holds for names that are only asked for, too: AWS's smoke tests of its SDKs ask for `fake_load_balancer`.
 */
export function checkNameCharacters(name: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      'LoadBalancer name cannot contain characters that are not letters, or digits or the dash.',
    );
  }
  return name;
}

/** A new load balancer's name by the service's rules, in its own words if they are known. */
export function checkLoadBalancerName(name: string): string {
  // hashicorp/terraform-provider-aws#1754
  if (name.length > 32) throw validationError('LoadBalancer name cannot be longer than 32 characters');
  checkNameCharacters(name);
  if (name.startsWith('-')) throw validationError('LoadBalancer name cannot begin with a dash.');
  if (name.endsWith('-')) throw validationError('LoadBalancer name cannot end with a dash.');
  return name;
}
