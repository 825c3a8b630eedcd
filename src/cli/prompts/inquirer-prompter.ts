import inquirer from 'inquirer';
import { printable } from '../../render/printable.js';
import { stringWidth } from '../../render/string-width.js';
import type { Style } from '../../render/style.js';
import { paragraph } from '../../render/text/paragraph.js';
import type { Io } from '../io.js';
import { promptTheme } from './prompt-theme.js';
import { type Choice, matching, type Prompter } from './prompter.js';
import { unlessClosed } from './unless-closed.js';

/** Lines of choices shown at once: together with the text around them they fit 24 rows. */
const pageSize = 10;

/** Columns of `? ` before a message. */
const prefixWidth = 2;

/** Columns for typed text: load balancer names are never longer. */
const typedWidth = 32;

/** Tab and Space: no name has them, and inquirer would search again and move the cursor back to the first match. */
const blanks: readonly number[] = [0x09, 0x20];

/** A prompter on stdin and stderr: stdout is for results. Only for a terminal: inquirer accepts a piped "y" as an answer. */
export function inquirerPrompter(io: Io, style: Style): Prompter {
  const theme = promptTheme(style);
  const keysTheme = (tip: string) => ({
    ...theme,
    style: { ...theme.style, keysHelpTip: () => style.colour.dim(paragraph(tip, style).join('\n')) },
  });
  const promptModule = (input: NodeJS.ReadableStream, signal: AbortSignal) =>
    inquirer.createPromptModule({ input, output: io.stderr.stream, signal });
  const answered = <A>(
    question: (ask: ReturnType<typeof promptModule>) => Promise<{ readonly answer: A }>,
    deaf?: readonly number[],
  ): Promise<A | undefined> =>
    unlessClosed(io, async (input, closed) => (await question(promptModule(input, closed))).answer, deaf);
  /** inquirer breaks lines wherever they end, also within a word. */
  const inLines = (message: string): string =>
    paragraph(printable(message), { width: style.width - prefixWidth }, { hanging: prefixWidth }).join('\n');
  const common = (message: string) => ({ name: 'answer', message: inLines(message), theme }) as const;
  return {
    style,
    confirm: (message) =>
      answered((ask) => ask<{ answer: boolean }>({ ...common(message), type: 'confirm', default: false })),
    type: (message) => {
      const { message: lines, ...rest } = common(message);
      const free = style.width - prefixWidth - stringWidth(lines.slice(lines.lastIndexOf('\n') + 1));
      // inquirer also breaks typed text in the middle.
      const asked = free > typedWidth + 1 ? lines : `${lines}\n `;
      return answered((ask) => ask<{ answer: string }>({ ...rest, message: asked, type: 'input' }));
    },
    pick: (message, choices) => {
      let chosen: string | undefined;
      return answered(
        (ask) =>
          ask<{ answer: string }>({
            ...common(message),
            type: 'search',
            // A key that came just before Enter makes inquirer search once more, and name the first match as chosen.
            source: async (part) => {
              await Promise.resolve();
              const made = choices.filter(({ value }) => value === chosen);
              return (made.length > 0 ? made : matching(choices, part)).map(shown);
            },
            validate: (value) => {
              chosen = String(value);
              return true;
            },
            pageSize,
            theme: keysTheme('type a part of the name, up/down to move, enter to choose, Ctrl-C to leave'),
          }),
        blanks,
      );
    },
    tick: (message, choices) =>
      answered((ask) =>
        ask<{ answer: number[] }>({
          ...common(message),
          type: 'checkbox',
          choices: choices.map(shown),
          required: true,
          pageSize,
          loop: false,
          shortcuts: { all: 'a', invert: null },
          theme: keysTheme('up/down to move, space to tick, a for all, enter to go on, Ctrl-C to leave'),
        }),
      ),
  };
}

/** A choice as inquirer takes it; once it is made, only its value is shown. */
function shown<T extends string | number>({
  value,
  name,
  description,
  disabled,
  checked = false,
}: Choice<T>) {
  return {
    value,
    name,
    short: String(value),
    checked,
    ...(description === undefined ? {} : { description }),
    // Any other text, or `true`, would be printed behind the choice.
    ...(disabled === true ? { disabled: ' ' } : {}),
  };
}
