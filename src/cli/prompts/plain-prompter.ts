import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { printable } from '../../render/printable.js';
import type { Style } from '../../render/style.js';
import { paragraph } from '../../render/text/paragraph.js';
import type { Io } from '../io.js';
import { type Choice, matching, type Prompter } from './prompter.js';
import { unlessClosed } from './unless-closed.js';

/** Choices that are listed at once, if none can be scrolled through. */
const mostListed = 20;

/** A prompter for a terminal that only prints (`TERM=dumb`): every answer is a typed line, no escape sequence is sent. */
export function plainPrompter(io: Io, style: Style): Prompter {
  const write = (text: string, end: string): void => {
    io.stderr.stream.write(`${paragraph(text, style, { hanging: 2 }).join('\n')}${end}`);
  };
  const say = (text: string): void => write(text, '\n');
  const line = (message: string): Promise<string | undefined> =>
    unlessClosed(io, (input, closed) => {
      write(printable(message), ' ');
      return readLine(input, io.stderr.stream, closed);
    });
  return {
    style,
    type: line,
    confirm: (message) =>
      until(
        () => line(`${message} Type yes or no, then enter (no):`),
        (answer) => (/^y(es)?$/i.test(answer) ? true : /^(no?)?$/i.test(answer) ? false : undefined),
      ),
    pick: (message, choices) => {
      let found = choices;
      return until(
        () => {
          list(found, say);
          return line(`${message} Type its name, or a part of it:`);
        },
        (answer) => {
          const exact = choices.find(({ value }) => value === answer);
          found = matching(choices, answer);
          if (found.length === 0) say(`no name contains ${answer}`);
          return (exact ?? (found.length === 1 ? found[0] : undefined))?.value;
        },
      );
    },
    tick: (message, choices) => {
      const free = choices.filter(({ disabled }) => disabled !== true).map(({ value }) => value);
      return until(
        () => {
          list(choices, say);
          return line(`${message} Type their numbers, with commas between them, or all:`);
        },
        (answer) => {
          if (answer === 'all') return free;
          const words = answer.split(/[\s,]+/).filter((word) => word !== '');
          const wrong = words.find((word) => !free.includes(Number(word)));
          if (wrong !== undefined) say(`${wrong} is not one of ${free.join(', ')}`);
          return words.length === 0 || wrong !== undefined ? undefined : words.map(Number);
        },
      );
    },
  };
}

/** Asks until the answer makes sense, or the prompt is closed. */
async function until<T>(
  ask: () => Promise<string | undefined>,
  understood: (answer: string) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer === undefined) return undefined;
    const meant = understood(answer.trim());
    if (meant !== undefined) return meant;
  }
}

function list(choices: readonly Choice<string | number>[], say: (text: string) => void): void {
  for (const { name } of choices.slice(0, mostListed)) say(`  ${name}`);
  if (choices.length > mostListed) say(`  and ${choices.length - mostListed} more`);
}

/** On a dumb terminal, Node reads keys and echoes only what was typed. */
async function readLine(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  closed: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input, output, terminal: true });
  try {
    const [typed] = (await once(lines, 'line', { signal: closed })) as [string];
    return withErasures(typed);
  } catch (error) {
    output.write('\n');
    throw error;
  } finally {
    lines.close();
  }
}

/** There, Node treats Backspace (DEL, or Ctrl-H) as a letter. */
function withErasures(typed: string): string {
  const kept: string[] = [];
  for (const letter of typed) {
    if (letter === '\u007f' || letter === '\b') kept.pop();
    else kept.push(letter);
  }
  return kept.join('');
}
