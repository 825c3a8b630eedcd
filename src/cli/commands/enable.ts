import { changeIam, portChangeOptions } from '../change/changing.js';
import { warnOfInterrupted } from '../change/warn-of-interrupted.js';
import type { Command } from '../define.js';
import { forcedOf, planOutputs, policyNameOf } from '../options.js';

/** `elb-proxy enable`. */
export const enable: Command = {
  name: 'enable',
  summary: 'add the PROXY policy to instance ports, keeping every other policy',
  positionals: { usage: '<name...>', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    ...portChangeOptions,
    'policy-name': {
      type: 'text',
      value: 'NAME',
      describe: 'name of a policy that has to be made (default: ProxyProtocol-enabled)',
    },
  },
  examples: [
    { command: 'elb-proxy enable web --port 8443 --dry-run', what: 'show what would change' },
    { command: 'elb-proxy enable web --port 8443', what: 'show it, ask, do it' },
    {
      command: 'elb-proxy enable web --port 8443 --dry-run --out plan.json',
      what: 'a plan to review; carry it out with apply',
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
    const { carryOut, checkOptions } = await import('../change/carry-out.js');
    const { requestedPlan } = await import('../change/change-request.js');
    await checkOptions(given);
    const forced = forcedOf(given);
    const policyName = policyNameOf(given);
    await warnOfInterrupted(context);
    const planning = await requestedPlan(given, { action: 'enable', policyName, forced }, context);
    return carryOut(planning, given, context, forced);
  },
};
