import type { Options } from '../options.js';

/** A command line that is being typed. */
export interface TypedLine {
  readonly verb: string | undefined;
  readonly positionals: readonly string[];
  /** The values of options that take one, by their names. */
  readonly given: Readonly<Record<string, readonly string[]>>;
  /** Whether `--` came already: what follows is a command line of its own, or a name. */
  readonly apart: boolean;
  /** The word under the cursor, without its option. */
  readonly current: string;
  /** The option whose value is typed: before the word, or in it behind an equals sign. */
  readonly option: string | undefined;
}

/** Reads a command line up to the cursor; the last word is the one under it. */
export function readWords(words: readonly string[], options: Options): TypedLine {
  const given: Record<string, string[]> = {};
  const positionals: string[] = [];
  let verb: string | undefined;
  let waiting: string | undefined;
  let apart = false;
  for (const word of words.slice(0, -1)) {
    if (waiting !== undefined) {
      (given[waiting] ??= []).push(word);
      waiting = undefined;
    } else if (word === '--') {
      apart = true;
    } else if (apart || !word.startsWith('-') || word === '-') {
      if (verb === undefined) verb = word;
      else positionals.push(word);
    } else {
      const [spelt, value] = splitOnce(word);
      const name = optionNamed(spelt, options);
      if (name !== undefined && value !== undefined) (given[name] ??= []).push(value);
      else if (name !== undefined && waitsForValue(name, options)) waiting = name;
    }
  }
  const last = words.at(-1) ?? '';
  if (waiting === undefined && !apart && last.startsWith('--') && last.includes('=')) {
    const [spelt, value = ''] = splitOnce(last);
    const option = optionNamed(spelt, options);
    return { verb, positionals, given, apart, current: value, option };
  }
  return { verb, positionals, given, apart, current: last, option: waiting };
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function optionNamed(spelt: string, options: Options): string | undefined {
  const long = spelt.startsWith('--') ? spelt.slice(2) : undefined;
  if (long !== undefined) return Object.hasOwn(options, long) ? long : undefined;
  return Object.keys(options).find((name) => options[name]?.alias === spelt.slice(1));
}

/** An option that may be given without a value has one behind an equals sign only. */
function waitsForValue(name: string, options: Options): boolean {
  const option = options[name];
  return option !== undefined && option.type !== 'flag' && option.bare === undefined;
}
