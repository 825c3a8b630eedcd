import { changeIam, portChangeOptions } from '../change/change-options.js';
import { command } from '../define.js';
import { planOutputs } from '../options.js';

/** `elb-proxy disable`. */
export const disable = command({
  name: 'disable',
  positionals: { usage: '<name...>', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    ...portChangeOptions,
    'delete-policy': { type: 'flag', describe: 'also delete PROXY policies that no port uses any more' },
  },
  examples: {
    'elb-proxy disable web --port 8443 --dry-run': 'show what would change',
    'elb-proxy disable web --all-ports --yes': 'every port behind a TCP or SSL listener, without being asked',
    'elb-proxy disable edge --target-group blue --guard health': 'a target group of a Network Load Balancer',
    'elb-proxy disable --tag team=edge --port 8443 --max-changes 20 --atomic':
      'a fleet: all of it or nothing',
  },
  mutates: true,
  iam: changeIam,
  outputs: planOutputs,
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { runChange } = await import('../change/change-request.js');
    const deletePolicy = given.options['delete-policy'];
    return runChange(given, (forced) => ({ action: 'disable', deletePolicy, forced }), context);
  },
});
