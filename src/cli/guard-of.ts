import type { GuardOptions } from '../app/guard.js';
import { usageError } from '../errors.js';
import type { Given } from './define.js';
import { milliseconds, portNumber } from './options.js';

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
  const { guardProbe } = await import('../probe/guard-probe.js');
  return {
    probe: guardProbe(probe, targetOf(given.text('guard-target'))),
    windowMs: milliseconds('--guard-window', given.text('guard-window') ?? '30s'),
    holdMs: milliseconds('--guard-hold', given.text('guard-hold') ?? '10s'),
    all: given.flag('guard-all'),
  };
}

function targetOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw usageError(`--guard-target ${text}: give it as host:port`);
  return { host, port: portNumber('--guard-target', port) };
}
