import { setMaxListeners } from 'node:events';
import { closeSync, fstatSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProcessSight } from '../core/liveness.js';
import type { Holder } from '../core/record.js';
import { holderOf, processSight } from '../journal/processes.js';

/** A stream that results or messages go to. */
export interface Output {
  readonly isTerminal: boolean;
  /** The terminal's width; undefined without a terminal. */
  readonly columns: number | undefined;
  readonly stream: NodeJS.WritableStream;
}

/** The process, as the program sees it: the only door to it besides main. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: { readonly isTerminal: boolean; readonly stream: NodeJS.ReadableStream };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether both end in the same file or pipe (`2>&1`). */
  readonly sharesOutput?: boolean;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; a second SIGINT or SIGTERM ends the process. */
  readonly signal: AbortSignal;
  /** The pending output on stdout when a second signal ends the process at once; undefined if there is none. */
  lastWords?: (() => string | undefined) | undefined;
  /** Watches for the terminal's end (SIGHUP), or the return from Ctrl-Z (SIGCONT); gives what ends the watch. */
  readonly watch: (signal: 'SIGHUP' | 'SIGCONT', seen: () => void) => () => void;
  readonly holder: Holder;
  readonly look: (pid: number) => ProcessSight;
  /** From now on, a closed output stream does not stop the run: it continues to its end. */
  readonly outliveReaders: () => void;
  /** The command line that starts this program again, for the demo. */
  readonly self: readonly [string, ...string[]];
}

/** The real process, and its end. */
export interface ProcessIo extends Io {
  /** Waits until everything is out, then ends: no idle socket of a library keeps the user waiting. */
  readonly leave: (code: number) => Promise<never>;
}

/** The real process; stdin and stderr are made when they are first asked for, because that takes a while. */
export function processIo(launcher: string): ProcessIo {
  // The SDK prints seven lines about Node's version at its first use; the engines field says it once.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // Node leaves a file size limit to be an error of the write that meets it. A library that cleans up at the end of
  // the process (signal-exit) would make it the end of the process, in the middle of a change.
  process.on('SIGXFSZ', () => undefined);
  const ending: Ending = { outlivesReaders: false, terminalGone: false };
  const words: Pick<Io, 'lastWords'> = {};
  const stdout = output(process.stdout, 'stdout', ending);
  let stderr: Output | undefined;
  let holder: Holder | undefined;
  return {
    argv: process.argv.slice(2),
    env: process.env,
    stdin: {
      get isTerminal() {
        return process.stdin.isTTY;
      },
      get stream() {
        return process.stdin;
      },
    },
    stdout,
    get stderr() {
      return (stderr ??= output(process.stderr, 'stderr', ending));
    },
    get sharesOutput() {
      return outputIsShared();
    },
    signal: signalOf(() => words.lastWords?.()),
    set lastWords(say: Io['lastWords']) {
      words.lastWords = say;
    },
    watch: (signal, seen) => {
      process.on(signal, seen);
      return () => process.off(signal, seen);
    },
    get holder() {
      return (holder ??= holderOf(process.pid));
    },
    look: processSight,
    outliveReaders: () => {
      ending.outlivesReaders = true;
    },
    self: [process.execPath, fileURLToPath(launcher)],
    leave: async (code) => {
      await Promise.all(
        [stdout, ...(stderr === undefined ? [] : [stderr])].map(
          ({ stream }) => new Promise((resolve) => stream.write('', resolve)),
        ),
      );
      if (ending.terminalGone) letGoOfTerminal();
      process.exit(code);
    },
  };
}

/** The facts that decide how the process ends. */
interface Ending {
  /** A stream that can't be written any more ends nothing. */
  outlivesReaders: boolean;
  /** A terminal was closed under the program. */
  terminalGone: boolean;
}

/** Node would restore a closed terminal's mode at the end, fail, and abort (134 instead of the exit code). */
function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2]) if (fstatSync(fd).isCharacterDevice()) closeSync(fd);
}

/** Columns of a terminal that does not know its own: it says 0. */
const unknownWidth = 80;

function output(stream: NodeJS.WriteStream, name: 'stdout' | 'stderr', ending: Ending): Output {
  let warned = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The terminal was closed: the run continues to its end, with its own exit code.
    if (error.code === 'EIO') {
      ending.terminalGone = true;
      return;
    }
    // A reader that went away (`| head`) is not our error, and there is no one left to report it to.
    const gone = error.code === 'EPIPE';
    if (!gone && !warned && name === 'stdout')
      process.stderr.write(`elb-proxy: what should go to stdout could not be written: ${error.message}\n`);
    warned = true;
    if (!ending.outlivesReaders) process.exit(gone ? 0 : 1);
  });
  return {
    isTerminal: stream.isTTY,
    columns: stream.isTTY ? stream.columns || unknownWidth : undefined,
    stream,
  };
}

/** @param lastWords the pending output on stdout; no stream is awaited any more */
function signalOf(lastWords: () => string | undefined): AbortSignal {
  const controller = new AbortController();
  // Each of a hundred probes under way listens to it; Node.js warns on stderr of more than ten.
  setMaxListeners(0, controller.signal);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(name);
      writeAtOnce(1, lastWords());
      process.stderr.write(
        'elb-proxy: stopped at once; the journal has the call in flight: elb-proxy history\n',
      );
      return process.exit(130);
    });
  }
  // A dropped connection, or a closed terminal, which often says so twice. Node.js undoes what nohup has arranged, so
  // that without this a change would end in its middle.
  process.on('SIGHUP', () => controller.abort('SIGHUP'));
  return controller.signal;
}

/** Whether stdout and stderr are the same file or pipe. */
function outputIsShared(): boolean {
  try {
    const [a, b] = [fstatSync(1), fstatSync(2)];
    // Some systems number no pipes: then nothing is known of them.
    return a.ino !== 0 && a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}

function writeAtOnce(fd: number, text: string | undefined): void {
  if (text === undefined) return;
  try {
    writeSync(fd, text);
  } catch {
    // No one reads it any more.
  }
}
