import { once } from 'node:events';
import type { Style } from '../render/style.js';
import type { CommandLine } from './command-line.js';
import type { Context } from './context.js';
import type { Io, Output } from './io.js';
import { styleChoice } from './terminal-style.js';

/** Prints results and messages, in the order in which they were given. */
export interface Printer {
  readonly print: Context['print'];
  readonly printPart: Context['printPart'];
  readonly progress: Context['progress'];
  readonly say: Context['say'];
  /** Whether a result, or a part of one, has gone to stdout. */
  readonly hasPrinted: () => boolean;
  /** Resolves once everything was handed to the streams. */
  readonly settled: () => Promise<void>;
}

/** Back to the start of the terminal's line, and erase it. */
const eraseLine = '\r\u001b[2K';

/** A printer for one command line; chalk and the renderers' style are loaded at the first line. */
export function makePrinter(io: Io, line: CommandLine): Printer {
  let tail: Promise<void> = Promise.resolve();
  let progressShown = false;
  let printed = false;
  const inOrder = (write: () => Promise<void>): Promise<void> => {
    const written = tail.then(write);
    // The caller reports a renderer that failed; what comes after it is still printed.
    tail = written.catch(() => undefined);
    return written;
  };
  /** Results replace the progress line on the terminal. */
  const makeRoom = (): void => {
    if (!progressShown || !io.stdout.isTerminal) return;
    io.stderr.stream.write(eraseLine);
    progressShown = false;
  };
  const styles = new Map<Output, Style>();
  const style = async (output: Output): Promise<Style> => {
    const { makeStyle } = await import('../render/make-style.js');
    const made = styles.get(output) ?? makeStyle(styleChoice(output, io.env, line.colour));
    styles.set(output, made);
    return made;
  };
  return {
    print: (document, render) =>
      inOrder(async () => {
        if (line.output === 'json') {
          const { toJson } = await import('../render/json/to-json.js');
          makeRoom();
          printed = true;
          io.stdout.stream.write(toJson(document));
        } else {
          const text = render(document, await style(io.stdout));
          makeRoom();
          io.stdout.stream.write(text);
        }
      }),
    printPart: ({ json, text }) =>
      inOrder(async () => {
        const part = line.output === 'json' ? json() : text(await style(io.stdout));
        if (part !== '') makeRoom();
        printed ||= part !== '';
        // A reader that is slower than we are must not make us keep what it has not read yet.
        if (part !== '' && !io.stdout.stream.write(part)) await once(io.stdout.stream, 'drain');
      }),
    progress: (text) =>
      inOrder(async () => {
        if (text === '' && !progressShown) return;
        // If the terminal broke the line, only its last part could be erased.
        const { width } = styleChoice(io.stderr, io.env, line.colour);
        io.stderr.stream.write(`${eraseLine}${text.slice(0, width - 1)}`);
        progressShown = text !== '';
      }),
    say: (render) =>
      inOrder(async () => {
        const text = await render(await style(io.stderr));
        io.stderr.stream.write(`${progressShown ? eraseLine : ''}${text}`);
        progressShown = false;
      }),
    hasPrinted: () => printed,
    settled: () => tail,
  };
}
