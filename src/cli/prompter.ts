import inquirer from 'inquirer';
import type { Io } from './io.js';

/** One line of a choice. */
export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

/** Asks people; a closed prompt (Ctrl-C, Ctrl-D) gives undefined: declined. */
export interface Prompter {
  readonly confirm: (message: string) => Promise<boolean | undefined>;
  readonly pick: (message: string, choices: readonly Choice<string>[]) => Promise<string | undefined>;
  readonly tick: (
    message: string,
    choices: readonly Choice<number>[],
  ) => Promise<readonly number[] | undefined>;
}

/** A prompter on stdin and stderr: stdout is for results. Only for a terminal: inquirer takes a piped "y" for an answer. */
export function inquirerPrompter({ stdin, stderr }: Io): Prompter {
  const ask = inquirer.createPromptModule({
    input: stdin.stream,
    output: stderr.stream,
  });
  return {
    confirm: async (message) =>
      (
        await declinable(
          ask<{ answer: boolean }>({ type: 'confirm', name: 'answer', message, default: false }),
        )
      )?.answer,
    pick: async (message, choices) =>
      (
        await declinable(
          ask<{ answer: string }>({
            type: 'search',
            name: 'answer',
            message,
            source: (term) =>
              choices.filter(({ name }) => name.toLowerCase().includes((term ?? '').toLowerCase())),
          }),
        )
      )?.answer,
    tick: async (message, choices) =>
      (
        await declinable(
          ask<{ answer: number[] }>({ type: 'checkbox', name: 'answer', message, choices, required: true }),
        )
      )?.answer,
  };
}

async function declinable<T>(answers: Promise<T>): Promise<T | undefined> {
  try {
    return await answers;
  } catch (error) {
    if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError'))
      return undefined;
    throw error;
  }
}
