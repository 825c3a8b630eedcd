import { usageError } from '../../errors.js';
import { changeIam, portChangeOptions } from '../change/change-options.js';
import { command } from '../define.js';
import { planOutputs } from '../options.js';

/** `elb-proxy enable`. */
export const enable = command({
  name: 'enable',
  positionals: { usage: '<name...>', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    ...portChangeOptions,
    'policy-name': {
      type: 'text',
      value: 'NAME',
      describe: 'name for a new policy (default: ProxyProtocol-enabled)',
    },
  },
  examples: {
    'elb-proxy enable web --port 8443 --dry-run': 'show what would change',
    'elb-proxy enable web --port 8443': 'show it, ask, do it',
    'elb-proxy enable web --port 8443 --dry-run --out plan.json': 'a plan to review; carry it out with apply',
    'elb-proxy enable edge --target-group blue --guard health': 'a target group of a Network Load Balancer',
    'elb-proxy enable --tag team=edge --port 8443 --max-changes 20 --atomic': 'a fleet: all of it or nothing',
  },
  mutates: true,
  iam: changeIam,
  outputs: planOutputs,
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { runChange } = await import('../change/change-request.js');
    const policyName = policyNameOf(given.options['policy-name']);
    return runChange(given, (forced) => ({ action: 'enable', policyName, forced }), context);
  },
});

/** A policy name that the service would take. */
export function policyNameOf(name: string | undefined): string | undefined {
  if (name === undefined || /^[A-Za-z0-9-]+$/.test(name)) return name;
  throw usageError(
    `--policy-name ${JSON.stringify(name)}: a policy name has letters, digits and dashes only`,
  );
}
