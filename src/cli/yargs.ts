import makeYargs from 'yargs';
import { usageError } from '../errors.js';
import type { Command, Given, Option } from './define.js';
import { didYouMean } from './did-you-mean.js';
import { exitCodes } from './exit-codes.js';
import { globalOptions, plainOutputs } from './options.js';
import { registry } from './registry.js';

// yargs only parses and lays out the help. It never runs a command, ends the process or prints; what it would let
// pass (NaN for a number, a scalar given twice, an option without its value) is judged here.

type Options = Readonly<Record<string, Option>>;

/**
 * Parses what follows a command's name.
 * @throws a usage error that names the option
 */
export function parse(
  command: Pick<Command, 'name' | 'options' | 'positionals' | 'takesRest' | 'outputs'>,
  typed: readonly string[],
): Given {
  const options = optionsOf(command);
  const argv = withBareValues(typed, options);
  checkWords(argv, options, command.name);
  const parsed: Record<string, unknown> = parser(options).parseSync([...argv]);
  const values = new Map(
    Object.entries(options).map(([name, option]) => [name, valuesOf(name, option, parsed[name])]),
  );
  const positionals = listOf(parsed['_']);
  const rest = listOf(parsed['--']);
  checkPositionals(command, positionals, rest);
  return {
    positionals,
    rest,
    flag: (name) => values.get(name)?.includes('true') ?? false,
    text: (name) => values.get(name)?.[0],
    texts: (name) => values.get(name) ?? [],
  };
}

/** A command's options with the global ones; of the output formats only its own. */
function optionsOf({ options, outputs = plainOutputs }: Pick<Command, 'options' | 'outputs'>): Options {
  const output: Option = { ...globalOptions.output, choices: outputs, describe: outputs.join(', ') };
  return { ...options, ...globalOptions, output, ...options };
}

/** An option that may stand alone never takes the next word for its value. */
function withBareValues(argv: readonly string[], options: Options): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    const name = word.slice(2);
    const bare = word.startsWith('--') && Object.hasOwn(options, name) ? options[name]?.bare : undefined;
    return bare === undefined || (end >= 0 && index > end) ? word : `${word}=${bare}`;
  });
}

/** The help of one command, at most as wide as the terminal. */
export async function commandHelp(command: Command, columns: number): Promise<string> {
  const codes = command.exitCodes.map((code) => `  ${String(code).padStart(3)}  ${exitCodes[code]}`);
  const iam = command.iam.map((action) => `  elasticloadbalancing:${action}`);
  const help = parser(optionsOf(command))
    .usage(`elb-proxy ${registry[command.name]?.usage ?? command.name}\n\n${capital(command.summary)}.`)
    .group(Object.keys(command.options), 'Options:')
    .group(Object.keys(globalOptions), 'Global options:')
    .example(command.examples.map(({ command: line, what }) => [line, what]))
    .epilogue(
      [section('Exit codes', codes), section('IAM actions', iam)].filter((part) => part !== '').join('\n\n'),
    )
    .wrap(columns);
  return `${await help.getHelp()}\n`;
}

/** The help of the whole program. */
export async function programHelp(columns: number): Promise<string> {
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`);
  const help = Object.values(registry)
    .reduce(
      (all, { usage, summary }) => all.command(usage, summary),
      parser({ ...globalOptions, version: versionOption }),
    )
    .usage(
      'elb-proxy <command> [options]\n\nThe PROXY protocol on AWS Classic Load Balancers: see it, switch it on and off without losing another policy, and put it back.',
    )
    .epilogue(
      `${section('Exit codes', codes)}\n\nHelp on one command: elb-proxy <command> --help\nTry it without an AWS account: elb-proxy demo`,
    )
    .wrap(columns);
  return `${await help.getHelp()}\n`;
}

const versionOption: Option = { type: 'flag', describe: 'show the version' };

/**
 * Judges the words that look like options before yargs sees them: it would take `--dry-run=yes` for "not a dry run", and
 * trip over names that every object has.
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
        `${didYouMean(option, Object.keys(options), (near) => `--${near}`)}see: elb-proxy ${name} --help`,
      );
    if (found.type === 'flag' && value !== undefined && value !== 'true' && value !== 'false') {
      throw usageError(
        `--${long} takes no value (given ${JSON.stringify(value)})`,
        `write --${long} to have it, or leave it out`,
      );
    }
  }
}

function parser(options: Options) {
  return makeYargs([])
    .scriptName('elb-proxy')
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? usageError(message);
    })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .options(
      Object.fromEntries(
        Object.entries(options).map(([name, { type, alias, describe }]) => [
          name,
          {
            describe,
            type: type === 'flag' ? ('boolean' as const) : ('string' as const),
            ...(alias === undefined ? {} : { alias }),
          },
        ]),
      ),
    );
}

function listOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => `${item as string | boolean}`);
}

function valuesOf(name: string, option: Option, value: unknown): readonly string[] {
  const values = listOf(value);
  if (option.type === 'flag') return values;
  if (values.some((item) => item.trim() === '')) throw usageError(`--${name} needs a value`);
  if (option.type === 'text' && values.length > 1) {
    throw usageError(`--${name} is given ${values.length} times (${values.join(', ')})`, 'give it once');
  }
  const items =
    option.type === 'text' ? values : values.flatMap((item) => item.split(',').map((part) => part.trim()));
  if (items.includes('')) throw usageError(`--${name} ${values.join(' ')}: an item of the list is empty`);
  const wrong = items.find((item) => option.choices !== undefined && !option.choices.includes(item));
  if (wrong !== undefined) throw usageError(`--${name} ${wrong}: choose from ${option.choices?.join(', ')}`);
  return items;
}

function checkPositionals(
  { name, positionals, takesRest }: Pick<Command, 'name' | 'positionals' | 'takesRest'>,
  given: readonly string[],
  rest: readonly string[],
): void {
  const { most, least, usage } = positionals ?? { most: 0, least: 0, usage: '' };
  const hint = `see: elb-proxy ${name} --help`;
  if (given.length > most) throw usageError(`unexpected argument ${JSON.stringify(given[most])}`, hint);
  if (given.length < least)
    throw usageError(`${usage} is missing`, `usage: elb-proxy ${registry[name]?.usage ?? name}`);
  if (rest.length > 0 && takesRest !== true)
    throw usageError(`unexpected arguments behind --: ${rest.join(' ')}`, hint);
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.join('\n')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
