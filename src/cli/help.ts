import makeYargs from 'yargs';
import { type Options, optionsOf } from './all-options.js';
import type { Command, Option } from './define.js';
import { exitCodes } from './exit-codes.js';
import { globalOptions } from './options.js';
import { registry } from './registry.js';

// yargs lays out the help. It never parses, runs a command, ends the process or prints.

/** The help of one command, at most as wide as the terminal. */
export async function commandHelp(command: Command, columns: number): Promise<string> {
  const codes = command.exitCodes.map((code) => `  ${String(code).padStart(3)}  ${exitCodes[code]}`);
  const iam = command.iam.map((action) => `  elasticloadbalancing:${action}`);
  const help = layout(optionsOf(command))
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
      layout({ ...globalOptions, version: versionOption }),
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

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.join('\n')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
