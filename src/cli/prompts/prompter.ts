import type { Style } from '../../render/style.js';

/** One line of a choice. */
export interface Choice<T> {
  readonly value: T;
  /** The text that is shown; may have several lines. */
  readonly name: string;
  /** More about it, shown while the cursor is on it. */
  readonly description?: string | undefined;
  /** It is shown, but can't be chosen. */
  readonly disabled?: boolean | undefined;
  /** Whether it is ticked from the start. */
  readonly checked?: boolean | undefined;
}

/** Asks people; a prompt that is closed (Ctrl-C, Ctrl-D, the end of the terminal) gives undefined: declined. */
export interface Prompter {
  /** The style of the terminal that it asks on. */
  readonly style: Style;
  /** A yes or a no; nothing typed is a no. */
  readonly confirm: (message: string) => Promise<boolean | undefined>;
  /** One of several, found by a part of its value. */
  readonly pick: (message: string, choices: readonly Choice<string>[]) => Promise<string | undefined>;
  /** At least one of several. */
  readonly tick: (
    message: string,
    choices: readonly Choice<number>[],
  ) => Promise<readonly number[] | undefined>;
  /** A line of text. */
  readonly type: (message: string) => Promise<string | undefined>;
}

/** The choices whose value has a text in it, in any letter case; all if there is none. */
export function matching(choices: readonly Choice<string>[], part = ''): readonly Choice<string>[] {
  return choices.filter(({ value }) => value.toLowerCase().includes(part.trim().toLowerCase()));
}
