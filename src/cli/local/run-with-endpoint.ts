import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { codeOf, ElbProxyError, messageOf } from '../../errors.js';
import type { ExitCode } from '../exit-codes.js';
import type { Io } from '../io.js';
import { environmentFor } from './local-environment.js';

/** Runs a command line against a local endpoint, on this terminal; gives its exit code (128 + N where signal N ended it). */
export async function runWithEndpoint(
  commandLine: readonly string[],
  endpoint: string,
  region: string,
  io: Io,
): Promise<ExitCode> {
  const [command = '', ...args] = commandLine;
  const child = spawn(command, args, { stdio: 'inherit', env: environmentFor(io.env, endpoint, region) });
  // A terminal sends Ctrl-C to both; a signal to this process alone is passed on.
  io.signal.addEventListener('abort', () =>
    child.kill(io.signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'),
  );
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // The command's own code is the program's, even one that is not listed.
    return (code ?? 128 + (signal === null ? 0 : constants.signals[signal])) as ExitCode;
  } catch (cause) {
    const why = codeOf(cause) === 'ENOENT' ? 'command not found' : messageOf(cause);
    throw new ElbProxyError(`can't run ${command}: ${why}`, {
      code: 'command-not-run',
      fault: 'user',
      cause,
    });
  }
}
