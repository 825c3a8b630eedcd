import type { GuardOptions } from '../../app/guard.js';
import { usageError } from '../../errors.js';
import type { GuardTarget } from '../../probe/guard-probe.js';
import type { Given } from '../define.js';
import { milliseconds } from '../options.js';

/** `--guard` and what belongs to it; undefined where no guard is asked for. */
export async function guardOf(given: Given): Promise<GuardOptions | undefined> {
  const probe = given.text('guard');
  if (probe === undefined) {
    const stray = ['guard-target', 'guard-window', 'guard-hold', 'guard-all'].find(
      (option) => given.text(option) !== undefined,
    );
    if (stray !== undefined)
      throw usageError(`--${stray} goes with --guard`, 'say what to look at: --guard http:/path');
    return undefined;
  }
  const { guardProbe } = await import('../../probe/guard-probe.js');
  return {
    probe: guardProbe(probe, await targetOf(given.text('guard-target'))),
    windowMs: milliseconds('--guard-window', given.text('guard-window') ?? '30s'),
    holdMs: milliseconds('--guard-hold', given.text('guard-hold') ?? '10s'),
    all: given.flag('guard-all'),
  };
}

async function targetOf(text: string | undefined): Promise<GuardTarget | undefined> {
  if (text === undefined) return undefined;
  const { parseTarget, targetForm } = await import('../../probe/target.js');
  const target = parseTarget(text);
  if (target !== undefined) return target;
  throw usageError(`--guard-target ${text}: give it as HOST:PORT`, targetForm);
}
