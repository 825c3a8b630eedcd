import { changeIam, portChangeOptions } from '../change/changing.js';
import { warnOfInterrupted } from '../change/warn-of-interrupted.js';
import type { Command } from '../define.js';
import { forcedOf, planOutputs } from '../options.js';

/** `elb-proxy disable`. */
export const disable: Command = {
  name: 'disable',
  summary: 'take the PROXY policy off, keeping every other policy',
  positionals: { usage: '<name...>', least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    ...portChangeOptions,
    'delete-policy': { type: 'flag', describe: 'also delete PROXY policies that no port uses any more' },
  },
  examples: [
    { command: 'elb-proxy disable web --port 8443 --dry-run', what: 'show what would change' },
    {
      command: 'elb-proxy disable web --all-ports --yes',
      what: 'every port behind a TCP or SSL listener, without being asked',
    },
    {
      command: 'elb-proxy disable --tag team=edge --port 8443 --max-changes 20 --atomic',
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
    await warnOfInterrupted(context);
    const planning = await requestedPlan(
      given,
      { action: 'disable', deletePolicy: given.flag('delete-policy'), forced },
      context,
    );
    return carryOut(planning, given, context, forced);
  },
};
