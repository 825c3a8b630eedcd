import { globalOptions, type Option, type OutputFormat, planOutputs } from './options.js';
import type { ColourFlags } from './terminal-style.js';

/** The parts of a command line that are needed before it is parsed, so that even a usage error has the right form. */
export interface CommandLine {
  /** The command's name; undefined if there is none. */
  readonly verb: string | undefined;
  /** Everything but the verb. */
  readonly rest: readonly string[];
  readonly output: OutputFormat;
  readonly colour: ColourFlags;
  readonly debug: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** Looks over a command line without judging it. */
export function readCommandLine(typed: readonly string[]): CommandLine {
  const argv = withOutputApart(typed);
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findIndex((word, index) => !word.startsWith('-') && !takesNext(words[index - 1]));
  return {
    verb: words[at],
    rest: at < 0 ? argv : argv.toSpliced(at, 1),
    output: planOutputs.find((format) => format === outputOf(words)) ?? 'text',
    colour: { color: words.includes('--color'), noColor: words.includes('--no-color') },
    debug: words.includes('--debug'),
    help: words.includes('--help') || words.includes('-h'),
    version: asksForVersion(words, words[at]),
  };
}

/** `--version`, and its common variants if they can't mean anything else. */
function asksForVersion(words: readonly string[], verb: string | undefined): boolean {
  if (words.includes('--version') || verb === 'version') return true;
  return verb === undefined && (words.includes('-v') || words.includes('-V'));
}

/** `-ojson` as `-o json`, as kubectl takes it; no other short options are run together. */
function withOutputApart(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((word, index) =>
    /^-o[^=]/.test(word) && (end < 0 || index < end) ? ['-o', word.slice(2)] : [word],
  );
}

/** Whether a word is a global option whose value is the next word. */
function takesNext(word: string | undefined): boolean {
  if (word === undefined) return false;
  const options: readonly (readonly [string, Option])[] = Object.entries(globalOptions);
  return options.some(
    ([name, { type, alias }]) =>
      type !== 'flag' && (word === `--${name}` || (alias !== undefined && word === `-${alias}`)),
  );
}

function outputOf(words: readonly string[]): string | undefined {
  return words
    .map((word, index) =>
      word === '-o' || word === '--output' ? words[index + 1] : /^(?:-o=?|--output=)(.+)$/.exec(word)?.[1],
    )
    .findLast((value) => value !== undefined);
}
