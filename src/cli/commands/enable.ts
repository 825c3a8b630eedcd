import { changeIam, portChangeOptions } from '../change/change-options.js';
import { command } from '../define.js';
import { planOutputs, policyNameOf, policyNameOption } from '../options.js';

/** `elb-proxy enable`. */
export const enable = command({
  name: 'enable',
  summary: 'add the PROXY policy to instance ports, keeping every other policy; or switch target groups on',
  positionals: { usage: '<name...>', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    ...portChangeOptions,
    ...policyNameOption,
  },
  examples: [
    { command: 'elb-proxy enable web --port 8443 --dry-run', what: 'show what would change' },
    { command: 'elb-proxy enable web --port 8443', what: 'show it, ask, do it' },
    {
      command: 'elb-proxy enable web --port 8443 --dry-run --out plan.json',
      what: 'a plan to review; carry it out with apply',
    },
    {
      command: 'elb-proxy enable edge --target-group blue --guard health',
      what: 'a target group of a Network Load Balancer',
    },
    {
      command: 'elb-proxy enable --tag team=edge --port 8443 --max-changes 20 --atomic',
      what: 'a fleet: all of it or nothing',
    },
  ],
  mutates: true,
  iam: changeIam,
  outputs: planOutputs,
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { runChange } = await import('../change/run-change.js');
    const policyName = policyNameOf(given.options);
    return runChange(given, (forced) => ({ action: 'enable', policyName, forced }), context);
  },
});
