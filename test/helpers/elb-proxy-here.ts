import { setMaxListeners } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Io, Output } from '../../src/cli/io.js';
import { holderOf, processSight } from '../../src/journal/processes.js';
import { run } from '../../src/main.js';
import { bin, documentOf, environmentOf, type Ran, type RunOptions } from './elb-proxy.js';

/**
 * Runs the program as `elbProxy` of elb-proxy.ts does, within the process of the test: for tests of what it reads,
 * writes and prints, which take a tenth of the time so, and whose lines are counted. What is about processes (signals, locks,
 * what is installed, a pipe that breaks) is tested with real ones.
 */
export async function elbProxyHere(
  argv: readonly string[],
  options: Pick<RunOptions, 'env' | 'endpoint' | 'stateDirectory'> = {},
): Promise<Ran> {
  const [stdout, stderr] = [outputOf(), outputOf()];
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const io: Io = {
    argv,
    env: await environmentOf(options),
    stdin: { isTerminal: false, stream: Readable.from([]) },
    stdout,
    stderr,
    signal,
    watch: () => () => undefined,
    holder: holderOf(),
    look: processSight,
    outliveReaders: () => undefined,
    self: [process.execPath, bin],
  };
  const code = await run(io);
  const [printed, said] = await Promise.all([stdout, stderr].map(({ stream }) => text(stream.end())));
  return {
    code,
    signal: null,
    stdout: printed ?? '',
    stderr: said ?? '',
    json: () => documentOf(argv, printed ?? ''),
  };
}

/** A stream that is not a terminal and keeps everything written to it. */
function outputOf(): Output & { readonly stream: PassThrough } {
  return {
    isTerminal: false,
    columns: undefined,
    stream: new PassThrough({ highWaterMark: Number.MAX_SAFE_INTEGER }),
  };
}
