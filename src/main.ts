import { commandMeant } from './cli/borrowed-words.js';
import { type CommandLine, readCommandLine } from './cli/command-line.js';
import type { Command, Given } from './cli/define.js';
import { type ExitCode, exitCodeOfError } from './cli/exit-codes.js';
import { type Io, processIo } from './cli/io.js';
import { makeContext } from './cli/make-context.js';
import { type RunSettings, runSettingsOf } from './cli/options.js';
import { makePrinter, type Printer } from './cli/printer.js';
import { registry } from './cli/registry.js';
import { suggestName } from './cli/suggest-name.js';
import { helpColumns } from './cli/terminal-style.js';
import { didYouMean } from './core/did-you-mean.js';
import { goOnWith, type RunOptions } from './core/next-command.js';
import { ElbProxyError, usageError } from './errors.js';
import { version } from './version.js';

/** Runs the program as a process; the launcher's one call. */
export async function main(launcher: string): Promise<never> {
  const io = processIo(launcher);
  // Should everything come to a standstill before the end, that is not a success.
  process.exitCode = 1;
  return io.leave(await run(io));
}

/** What a second signal leaves of a run under `--output json`. */
const endedAtOnce = `${JSON.stringify(
  {
    formatVersion: 1,
    error: {
      code: 'interrupted',
      message: 'ended at once by a second signal; what was in flight is in the journal, and may be in effect',
      hint: 'look at it with: elb-proxy history',
    },
  },
  null,
  2,
)}\n`;

/** Runs one command line and gives its exit code. The one place that catches everything. */
export async function run(io: Io): Promise<ExitCode> {
  const line = readCommandLine(io.argv);
  const printer = makePrinter(io, line);
  // With JSON, stdout holds a document whatever happens.
  io.lastWords = () => (line.output === 'json' && !printer.hasPrinted() ? endedAtOnce : undefined);
  try {
    return await dispatch(io, line, printer);
  } catch (error) {
    return await failed(error, line, printer);
  } finally {
    await printer.settled();
  }
}

async function dispatch(io: Io, line: CommandLine, printer: Printer): Promise<ExitCode> {
  // Text goes out at once: it has no colours to wait for.
  const answer = async (document: object, text: string): Promise<void> => {
    if (line.output === 'json') await printer.print({ formatVersion: 1, ...document }, () => text);
    else io.stdout.stream.write(text);
  };
  if (line.version) {
    await answer({ version }, `${version}\n`);
    return 0;
  }
  if (line.verb === undefined) {
    if (!line.help && io.argv.length > 0) throw usageError('no command is given', 'see: elb-proxy --help');
    const { programHelp } = await import('./cli/help.js');
    const help = programHelp(registry, helpColumns(io));
    await answer({ help }, help);
    return 0;
  }
  const command = await load(line.verb);
  if (line.help) {
    const { commandHelp } = await import('./cli/help.js');
    const help = commandHelp(registry, command, helpColumns(io));
    await answer({ help }, help);
    return 0;
  }
  const { parse } = await import('./cli/parse.js');
  return runCommand(command, parse(command, line.rest), io, line, printer);
}

async function load(verb: string): Promise<Command> {
  const registered = Object.hasOwn(registry, verb) ? registry[verb] : undefined;
  if (registered !== undefined) return registered.load();
  const meant = commandMeant(verb);
  const hint =
    meant === undefined
      ? didYouMean(verb, Object.keys(registry), (name) => `elb-proxy ${name}`)
      : `in elb-proxy it is ${meant}; `;
  throw usageError(`unknown command ${JSON.stringify(verb)}`, `${hint}see: elb-proxy --help`);
}

/** A signal ends a command at once, unless it is doing something that must be finished first. */
async function runCommand(
  command: Command,
  given: Given,
  io: Io,
  line: CommandLine,
  printer: Printer,
): Promise<ExitCode> {
  // A change must not end half-way, with the exit code of a complete one, because its output is not read.
  if (command.mutates) io.outliveReaders();
  let atWork = false;
  const untilFinished = async <T>(work: Promise<T>): Promise<T> => {
    atWork = true;
    return work;
  };
  const interrupted = new Promise<never>((_resolve, reject) => {
    io.signal.addEventListener('abort', () => {
      if (!atWork)
        reject(new ElbProxyError('interrupted; nothing was changed', { code: 'interrupted', fault: 'user' }));
    });
  });
  const settings = runSettingsOf(given.options);
  goOnWith(runOptionsOf(settings));
  try {
    return await Promise.race([
      command.run(given, makeContext(io, line, settings, printer, untilFinished)),
      interrupted,
    ]);
  } catch (error) {
    throw await suggestName(error, given.positionals, settings, io);
  }
}

/** A follow-up command is about one region: if there are several, it names its own. */
function runOptionsOf({ regions: [region, ...others], profile, endpointUrl }: RunSettings): RunOptions {
  return { profile, region: others.length > 0 ? undefined : region, endpointUrl };
}

async function failed(error: unknown, line: CommandLine, { print, say }: Printer): Promise<ExitCode> {
  const { errorReport, renderError } = await import('./render/error.js');
  if (line.output === 'json') await print(errorReport(error), () => '');
  await say((style) => renderError(error, style));
  if (line.debug && !(error instanceof ElbProxyError) && error instanceof Error)
    await say(() => `${error.stack}\n`);
  return exitCodeOfError(error);
}
