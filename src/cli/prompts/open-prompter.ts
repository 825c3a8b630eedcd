import { makeStyle } from '../../render/make-style.js';
import type { CommandLine } from '../command-line.js';
import type { Io } from '../io.js';
import type { Printer } from '../printer.js';
import { styleChoice } from '../terminal-style.js';
import type { Prompter } from './prompter.js';

/** Prompts on this terminal, in its style. */
export async function openPrompter(
  io: Io,
  { colour }: CommandLine,
  settled: Printer['settled'],
): Promise<Prompter> {
  const style = makeStyle(styleChoice(io.stderr, io.env, colour));
  const { confirm, pick, tick, type } =
    io.env['TERM'] === 'dumb'
      ? (await import('./plain-prompter.js')).plainPrompter(io, style)
      : (await import('./inquirer-prompter.js')).inquirerPrompter(io, style);
  /** Earlier messages appear before a question. */
  const after =
    <A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      await settled();
      return ask(...given);
    };
  return { style, confirm: after(confirm), pick: after(pick), tick: after(tick), type: after(type) };
}
