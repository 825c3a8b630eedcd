import { capital } from '../render/text/capital.js';
import { commandLines } from '../render/text/command-lines.js';
import { joinLines, paragraph } from '../render/text/paragraph.js';
import { twoColumns } from '../render/text/two-columns.js';
import { optionsOf } from './all-options.js';
import type { Command, Registry } from './define.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { globalOptions, type Option, type Options } from './options.js';
import { topics } from './topics/topics.js';

/** The help of one command, at most as wide as the terminal. */
export function commandHelp(registry: Registry, command: Command, columns: number): string {
  const width = { width: columns };
  const { usage = command.name, summary = '' } = registry[command.name] ?? {};
  const everywhere = Object.entries(optionsOf(command)).filter(
    ([name]) => !Object.hasOwn(command.options, name),
  );
  return joinLines([
    `elb-proxy ${usage}`,
    '',
    ...paragraph(`${capital(summary)}.`, width),
    ...optionLines('Options', command.options, columns),
    ...optionLines('Global options', Object.fromEntries(everywhere), columns),
    '',
    'Examples:',
    ...Object.entries(command.examples).flatMap((example) => exampleLines(example, columns)),
    ...exitCodeLines(command.exitCodes, columns),
    ...(command.iam.length === 0 ? [] : ['', 'IAM actions:']),
    ...command.iam.map((action) => `  elasticloadbalancing:${action}`),
  ]);
}

/** The help of the whole program. */
export function programHelp(registry: Registry, columns: number): string {
  return joinLines([
    ...commandList(registry, columns),
    '',
    ...paragraph(`Topics: ${Object.keys(topics).join(', ')}`, { width: columns }, { hanging: 2 }),
    ...closing(),
  ]);
}

/** The text of `elb-proxy help`: the same, with each topic's subject. */
export function manualHelp(registry: Registry, columns: number): string {
  const widest = Math.max(...Object.keys(topics).map((name) => name.length));
  return joinLines([
    ...commandList(registry, columns),
    '',
    'Topics:',
    ...Object.entries(topics).flatMap(([name, about]) =>
      paragraph(`${name.padEnd(widest)}  ${about}`, { width: columns }, { indent: 2, hanging: widest + 2 }),
    ),
    ...closing(),
  ]);
}

function commandList(registry: Registry, columns: number): readonly string[] {
  const width = { width: columns };
  return [
    'elb-proxy <command> [options]',
    '',
    ...paragraph(
      'The PROXY protocol on AWS Classic and Network Load Balancers: see it, switch it on and off without losing another policy, and put it back.',
      width,
    ),
    '',
    'Commands:',
    ...twoColumns(
      Object.values(registry).map(({ usage, summary }) => [`elb-proxy ${usage}`, summary]),
      width,
    ),
    ...optionLines('Options', { ...globalOptions, version: versionOption }, columns),
    ...exitCodeLines(Object.keys(exitCodes).map(Number) as ExitCode[], columns),
  ];
}

function closing(): readonly string[] {
  return [
    '',
    'Help on one command: elb-proxy <command> --help',
    'Help on one topic: elb-proxy help <topic>',
    'Try it without an AWS account: elb-proxy demo',
  ];
}

/** To be copied, with or without the line above it. */
function exampleLines([command, what]: readonly [string, string], width: number): readonly string[] {
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

function optionLines(title: string, options: Options, columns: number): readonly string[] {
  const rows = Object.entries(options).map(
    ([name, option]) => [label(name, option), option.describe] as const,
  );
  return rows.length === 0 ? [] : ['', `${title}:`, ...twoColumns(rows, { width: columns })];
}

function label(name: string, option: Option): string {
  return `${option.alias === undefined ? '    ' : `-${option.alias}, `}${typedOption(name, option)}`;
}

/** An option as it is typed, with its value's name: `--port N`, `--summary[=FILE]`. */
export function typedOption(name: string, { value, bare }: Option): string {
  if (value === undefined) return `--${name}`;
  return bare === undefined ? `--${name} ${value}` : `--${name}[=${value}]`;
}
