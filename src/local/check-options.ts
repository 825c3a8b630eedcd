import { isIP } from 'node:net';
import { z } from 'zod';
import { firstIssue } from './first-issue.js';
import { isInstanceId } from './instance-ids.js';
import { LocalElbError } from './local-elb-error.js';
import type { LocalOptions } from './local-options.js';
import { isRegion } from './request-region.js';

const aFunction = z.custom((value) => typeof value === 'function', 'give a function');

// The contents of a seed and a certificate are checked where they are read.
const optionsSchema = z
  .object({
    port: z.int('give a whole number from 0 to 65535').min(0).max(65_535),
    // Signatures are not checked, so nothing but this machine may reach it.
    host: z.enum(['127.0.0.1', '::1'], 'give 127.0.0.1 or ::1: it listens on loopback only'),
    stateFile: z.string().min(1),
    seed: z.unknown(),
    latencyMs: z.number().min(0).max(2_147_483_647),
    region: z.string().refine(isRegion, 'give a region, such as eu-west-1'),
    accountId: z.string().regex(/^\d{12}$/, 'give twelve digits'),
    instances: z
      .record(
        z.string(),
        z.string().refine((text) => isIP(text) !== 0, 'give an IP address'),
      )
      .refine(
        (all) => Object.keys(all).every(isInstanceId),
        'give instance ids: i- and 8 or 17 hexadecimal digits',
      ),
    instanceShells: z.record(z.string(), z.array(z.string()).min(1)),
    clock: aFunction,
    onEvent: aFunction,
    dataPlane: z.boolean(),
    certificate: z.unknown(),
  } satisfies Record<keyof LocalOptions, z.ZodType>)
  .partial();

/**
 * Checks a service's options, for callers whose code is not type-checked.
 *
 * @throws {@link LocalElbError} naming the option, before anything is opened
 */
export function checkOptions(options: LocalOptions): void {
  const { error } = optionsSchema.safeParse(options, { reportInput: true });
  if (error === undefined) return;
  const [issue] = error.issues;
  const given = issue?.path.length ? ` (${JSON.stringify(issue.input)} was given)` : '';
  throw new LocalElbError('OptionInvalid', `An option cannot be used: ${firstIssue(error)}${given}.`, {
    cause: error,
  });
}
