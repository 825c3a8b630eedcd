import { spawn } from 'node:child_process';
import { type ProbeParameters, scriptWith } from '../../core/instance-probe/parameters.js';

/** The result of a script. */
export interface Finished {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly output: string;
  readonly errors: string;
}

/** A script that is running. */
export interface Running {
  readonly finished: Promise<Finished>;
  readonly stop: () => void;
}

/** Begins a script on an instance. */
export type RunOnInstance = () => Running;

/** How much of the output is kept, in characters: as much as GetCommandInvocation returns. */
const mostOutput = 24_000;

/**
 * Runs this tool's own probe, and can run nothing else: it is built here, from checked parameters, for one address.
 * `shell` is the command that starts a shell on this machine, which plays the instance.
 */
export function runProbe(
  parameters: ProbeParameters,
  {
    shell,
    path,
    seconds,
  }: { readonly shell: readonly string[]; readonly path: string; readonly seconds: number },
): RunOnInstance {
  const text = scriptWith(parameters);
  return () => {
    // It ends the whole group of the script's processes, when the time is over or when it is asked to.
    const child = spawn('timeout', ['-k', '2', String(seconds), ...shell, '-c', text], {
      env: { PATH: path, ELB_PROXY_LOCAL: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => (output = kept(output, chunk)));
    child.stderr.setEncoding('latin1').on('data', (chunk: string) => (errors = kept(errors, chunk)));
    const stop = (): void => void child.kill('SIGTERM');
    const finished = new Promise<Finished>((resolve) => {
      child.once('error', (error) =>
        resolve({ code: 1, timedOut: false, output: '', errors: error.message }),
      );
      child.once('close', (code) =>
        resolve({ code, timedOut: code === 124 || code === 137, output, errors }),
      );
    });
    return { finished, stop };
  };
}

function kept(text: string, chunk: string): string {
  return text.length >= mostOutput ? text : (text + chunk).slice(0, mostOutput);
}
