import parseWords from 'yargs-parser';
import { didYouMean } from '../core/did-you-mean.js';
import { type ElbProxyError, usageError } from '../errors.js';
import { optionsOf } from './all-options.js';
import { optionMeant } from './borrowed-words.js';
import type { Command, Given } from './define.js';
import type { Option, Options } from './options.js';
import { registry } from './registry.js';

// yargs' parser takes the words apart and no more: what it would let pass (NaN for a number, a scalar given twice, an
// option without its value) is judged here.

/** Words stay words: nothing is turned into a number, negated, or filed under another name. */
const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
};

/** Parses what follows a command's name. @throws a usage error that names the option */
export function parse<const O extends Options>(
  command: Pick<Command, 'name' | 'positionals' | 'takesRest' | 'outputs'> & { readonly options: O },
  typed: readonly string[],
): Given<O> {
  const options = optionsOf(command);
  const argv = withTiedValues(typed, options);
  checkWords(argv, options, command.name);
  const parsed: Record<string, unknown> = parseWords([...argv], {
    boolean: namesOf(options, 'flag'),
    string: [...namesOf(options, 'text'), ...namesOf(options, 'texts')],
    alias: Object.fromEntries(
      Object.entries(options).flatMap(([name, { alias }]) => (alias === undefined ? [] : [[name, alias]])),
    ),
    configuration,
  });
  const values = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, valueOf(name, option, parsed[name])]),
  );
  // Unless a command line follows it, -- only says that no options follow.
  const behind = listOf(parsed['--']);
  const rest = command.takesRest === true ? behind : [];
  const positionals = [...listOf(parsed['_']), ...(command.takesRest === true ? [] : behind)];
  checkPositionals(command, positionals);
  // An empty variable in a script, most likely: without a command it would serve for ever.
  if (command.takesRest === true && rest.length === 0 && typed.includes('--'))
    throw usageError('no command follows --', `see: elb-proxy ${command.name} --help`);
  return {
    command: command.name,
    positionals,
    rest,
    options: values as Given<O>['options'],
  };
}

function namesOf(options: Options, type: Option['type']): string[] {
  return Object.keys(options).filter((name) => options[name]?.type === type);
}

/**
 * An option that may be given without a value never takes the next word for one. Any other takes a lone dash, which the
 * parser would leave to the positionals.
 */
function withTiedValues(argv: readonly string[], options: Options): readonly string[] {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const optionAt = (index: number): Option | undefined =>
    Object.entries(options).find(
      ([name, { alias }]) =>
        words[index] === `--${name}` || (alias !== undefined && words[index] === `-${alias}`),
    )?.[1];
  const takesDash = (index: number): boolean => {
    const option = optionAt(index);
    return option !== undefined && option.type !== 'flag' && option.bare === undefined;
  };
  const tied = words.flatMap((word, index) => {
    if (word === '-' && takesDash(index - 1)) return [];
    if (words[index + 1] === '-' && takesDash(index)) return [`${word}=-`];
    const bare = word.startsWith('--') ? optionAt(index)?.bare : undefined;
    return [bare === undefined ? word : `${word}=${bare}`];
  });
  return [...tied, ...argv.slice(words.length)];
}

/**
 * Judges the words that look like options before the parser sees them: it would take `--dry-run=yes` for "not a dry
 * run", and trip over names that every object has.
 */
function checkWords(argv: readonly string[], options: Options, name: string): void {
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const [, dashes, option = '', value] = /^(--?)([^\d=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes === undefined) continue;
    const [long = '', found] =
      dashes === '--'
        ? [option, Object.hasOwn(options, option) ? options[option] : undefined]
        : (Object.entries(options).find(([, { alias }]) => alias === option) ?? []);
    if (found === undefined)
      throw usageError(
        `unknown option ${dashes}${option}`,
        unknownOptionHint(option, Object.keys(options), name),
      );
    if (found.type === 'flag' && value !== undefined && value !== 'true' && value !== 'false') {
      throw usageError(
        `--${long} takes no value (given ${JSON.stringify(value)})`,
        `write --${long}, or leave it out`,
      );
    }
  }
}

function unknownOptionHint(option: string, taken: readonly string[], command: string): string {
  const meant = optionMeant(option, taken)?.replace('COMMAND', command);
  if (meant !== undefined) return `${meant}; see: elb-proxy ${command} --help`;
  return `${didYouMean(option, taken, (near) => `--${near}`)}see: elb-proxy ${command} --help`;
}

function listOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => `${item as string | boolean}`);
}

function valueOf(
  name: string,
  option: Option,
  value: unknown,
): boolean | string | readonly string[] | undefined {
  const values = listOf(value);
  if (option.type === 'flag') return values.includes('true');
  if (values.some((item) => item.trim() === '')) throw missingValue(name, option);
  if (option.type === 'text' && values.length > 1) {
    throw usageError(`--${name} is given ${values.length} times (${values.join(', ')})`, 'give it once');
  }
  const items =
    option.type === 'text' || option.whole === true
      ? values
      : values.flatMap((item) => item.split(',').map((part) => part.trim()));
  if (items.includes('')) throw usageError(`--${name} ${values.join(' ')}: an item of the list is empty`);
  const wrong = items.find((item) => option.choices !== undefined && !option.choices.includes(item));
  if (wrong !== undefined) throw usageError(`--${name} ${wrong}: choose from ${option.choices?.join(', ')}`);
  return option.type === 'text' ? items[0] : items;
}

function missingValue(name: string, { value = 'VALUE', choices, oneOf = choices }: Option): ElbProxyError {
  const values = oneOf === undefined ? '' : `: ${oneOf.join(', ')}`;
  return usageError(`--${name} needs a value`, `write --${name} ${value}${values}`);
}

function checkPositionals(
  { name, positionals }: Pick<Command, 'name' | 'positionals'>,
  given: readonly string[],
): void {
  const { most, least, usage } = positionals ?? { most: 0, least: 0, usage: '' };
  const hint = `see: elb-proxy ${name} --help`;
  if (given.length > most) throw usageError(`unexpected argument ${JSON.stringify(given[most])}`, hint);
  if (given.length < least)
    throw usageError(`${usage} is missing`, `usage: elb-proxy ${registry[name]?.usage ?? name}`);
}
