import makeYargs from 'yargs';
import { commandLines } from '../render/text/command-lines.js';
import { joinLines } from '../render/text/join-lines.js';
import { paragraph } from '../render/text/paragraph.js';
import { optionsOf } from './all-options.js';
import type { Command, Example, Registry } from './define.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { Option, Options } from './option.js';
import { globalOptions } from './options.js';
import { topics } from './topics/topics.js';

// yargs lays out the help. It never parses, runs a command, ends the process or prints.

/** The help of one command, at most as wide as the terminal. */
export async function commandHelp(registry: Registry, command: Command, columns: number): Promise<string> {
  const help = layout(optionsOf(command))
    .usage(`elb-proxy ${registry[command.name]?.usage ?? command.name}\n\n${capital(command.summary)}.`)
    .group(labels(command.options), 'Options:')
    .group(labels(globalOptions), 'Global options:')
    .wrap(columns);
  return joinLines([
    await help.getHelp(),
    '',
    'Examples:',
    ...command.examples.flatMap((example) => exampleLines(example, columns)),
    ...exitCodeLines(command.exitCodes, columns),
    ...(command.iam.length === 0 ? [] : ['', 'IAM actions:']),
    ...command.iam.map((action) => `  elasticloadbalancing:${action}`),
  ]);
}

/** The help of the whole program. */
export async function programHelp(registry: Registry, columns: number): Promise<string> {
  return joinLines([
    ...(await commandList(registry, columns)),
    '',
    ...paragraph(`Topics: ${Object.keys(topics).join(', ')}`, { width: columns }, { hanging: 2 }),
    ...closing(),
  ]);
}

/** What `elb-proxy help` prints: the same with what each topic is about. */
export async function manualHelp(registry: Registry, columns: number): Promise<string> {
  const widest = Math.max(...Object.keys(topics).map((name) => name.length));
  return joinLines([
    ...(await commandList(registry, columns)),
    '',
    'Topics:',
    ...Object.entries(topics).flatMap(([name, about]) =>
      paragraph(`${name.padEnd(widest)}  ${about}`, { width: columns }, { indent: 2, hanging: widest + 2 }),
    ),
    ...closing(),
  ]);
}

async function commandList(registry: Registry, columns: number): Promise<readonly string[]> {
  const help = Object.values(registry)
    .reduce(
      (all, { usage, summary }) => all.command(usage, summary),
      layout({ ...globalOptions, version: versionOption }),
    )
    .usage(
      'elb-proxy <command> [options]\n\nThe PROXY protocol on AWS Classic and Network Load Balancers: see it, switch it on and off without losing another policy, and put it back.',
    )
    .wrap(columns);
  return [await help.getHelp(), ...exitCodeLines(Object.keys(exitCodes).map(Number) as ExitCode[], columns)];
}

function closing(): readonly string[] {
  return [
    '',
    'Help on one command: elb-proxy <command> --help',
    'Help on one topic: elb-proxy help <topic>',
    'Try it without an AWS account: elb-proxy demo',
  ];
}

/** To be copied, with or without the line above it. yargs would set the two side by side, and break both. */
function exampleLines({ command, what }: Example, width: number): readonly string[] {
  return [
    ...paragraph(`# ${what}`, { width: width - 2 }, { indent: 2 }).map((line, index) =>
      index === 0 ? line : line.replace('  ', '  # '),
    ),
    ...commandLines(command, { width }, 2),
  ];
}

function exitCodeLines(codes: readonly ExitCode[], width: number): readonly string[] {
  return [
    '',
    'Exit codes:',
    ...codes.flatMap((code) => {
      const digits = String(code).length;
      return paragraph(`${code}  ${exitCodes[code]}`, { width }, { indent: 5 - digits, hanging: digits + 2 });
    }),
  ];
}

const versionOption: Option = { type: 'flag', describe: 'show the version' };

function layout(options: Options) {
  return makeYargs([])
    .scriptName('elb-proxy')
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false })
    .options(
      Object.fromEntries(
        Object.entries(options).map(([name, option]) => [
          label(name, option),
          { describe: option.describe, ...(option.alias === undefined ? {} : { alias: option.alias }) },
        ]),
      ),
    );
}

/** An option as it is typed, with what its value is called. To yargs it is a name like any other. */
function label(name: string, { value, bare }: Option): string {
  if (value === undefined) return name;
  return bare === undefined ? `${name} ${value}` : `${name}[=${value}]`;
}

function labels(options: Options): string[] {
  return Object.entries(options).map(([name, option]) => label(name, option));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
