import type { AppEvent } from '../app/events.js';
import type { Journal } from '../app/ports.js';
import { systemClock } from '../system-clock.js';
import { version } from '../version.js';
import type { CommandLine } from './command-line.js';
import type { Context } from './context.js';
import type { Io } from './io.js';
import { openApis } from './open-apis.js';
import type { RunSettings } from './options.js';
import type { Printer } from './printer.js';
import type { Prompter } from './prompts/prompter.js';
import { styleChoice } from './terminal-style.js';

/** Assembles a command's dependencies; nothing is opened before its first use. */
export function makeContext(
  io: Io,
  line: CommandLine,
  settings: RunSettings,
  { print, printPart, progress, say, settled }: Printer,
  untilFinished: Context['untilFinished'],
): Context {
  let journal: Promise<Journal> | undefined;
  /** Only if there is a terminal to ask on; a piped "y" is not an answer. */
  const prompter: Context['prompter'] = async () => {
    if (!io.stdin.isTerminal || !io.stderr.isTerminal) return undefined;
    return openPrompter(io, line, settled);
  };
  const debug = (text: string): void => {
    if (line.debug) void say(() => `${text}\n`);
  };
  return {
    io,
    tool: `elb-proxy ${version}`,
    output: line.output,
    ...openApis(settings, { io, prompter, emit }, debug),
    journal: () => (journal ??= openStateJournal(io)),
    clock: systemClock,
    emit,
    print,
    printPart,
    progress: settings.quiet ? async () => undefined : progress,
    say,
    prompter,
    untilFinished,
  };

  /** Progress is for people who wait; warnings are for everyone. */
  function emit(event: AppEvent): void {
    if (!forEveryone.has(event.code) && (settings.quiet || !io.stderr.isTerminal)) return;
    // Takes its place in the order now, whatever has to be loaded first.
    void say(async (style) => (await import('../render/text/event.js')).renderEvent(event, style));
  }
}

/** The journal of this user on this machine. */
async function openStateJournal({ env, holder, look }: Io): Promise<Journal> {
  const { openJournal } = await import('../journal/journal.js');
  const { stateDirectory } = await import('../journal/state-directory.js');
  return openJournal({ directory: stateDirectory(env), holder, look });
}

/** Prompts on this terminal, in its style. */
async function openPrompter(io: Io, { colour }: CommandLine, settled: Printer['settled']): Promise<Prompter> {
  const { makeStyle } = await import('../render/make-style.js');
  const style = makeStyle(styleChoice(io.stderr, io.env, colour));
  const { confirm, pick, tick, type } =
    io.env['TERM'] === 'dumb'
      ? (await import('./prompts/plain-prompter.js')).plainPrompter(io, style)
      : (await import('./prompts/inquirer-prompter.js')).inquirerPrompter(io, style);
  /** Earlier messages appear before a question. */
  const after =
    <A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      await settled();
      return ask(...given);
    };
  return { style, confirm: after(confirm), pick: after(pick), tick: after(tick), type: after(type) };
}

/** Events that are shown without a terminal, too. */
const forEveryone: ReadonlySet<AppEvent['code']> = new Set([
  'warning',
  'guard-note',
  'held-back',
  'not-shown-yet',
  'no-answer-yet',
] as const);
