import type { HazardCode } from '../../core/hazards.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { carryOut } from './carry-out.js';
import { type portChangeOptions, readChangeOptions } from './change-options.js';
import { readChangeRequest, requestedPlan } from './change-request.js';
import type { Particulars } from './requested.js';
import { warnOfInterrupted } from './warn-of-interrupted.js';

/** Runs `enable` or `disable`: reads what was asked, plans it, and carries the plan out or only shows it. */
export async function runChange(
  given: Given<typeof portChangeOptions>,
  particularsOf: (forced: readonly HazardCode[]) => Particulars,
  context: Context,
): Promise<ExitCode> {
  const options = await readChangeOptions(given.options, context);
  const request = readChangeRequest(given);
  await warnOfInterrupted(context);
  const planning = await requestedPlan(request, particularsOf(options.forced), options, context);
  return carryOut(planning, options, context);
}
