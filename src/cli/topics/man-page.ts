import { heading, literal, prose, quoted, roffSection, tagged } from '../../render/page/roff.js';
import { capital } from '../../render/text/capital.js';
import { version } from '../../version.js';
import { optionsOf } from '../all-options.js';
import type { Command } from '../define.js';
import { exitCodes } from '../exit-codes.js';
import { typedOption } from '../help.js';
import { globalOptions, type Option } from '../options.js';
import { registry } from '../registry.js';
import { topics } from './topics.js';

/** `elb-proxy.1`, from the commands' declarations and every topic of the manual. Only the build needs it. */
export async function manPage(readTopic: (name: string) => Promise<string>): Promise<string> {
  const commands = await Promise.all(Object.values(registry).map(({ load }) => load()));
  const pages = await Promise.all(Object.keys(topics).map(readTopic));
  return `${[
    `.TH ELB\\-PROXY 1 "" ${quoted(`elb-proxy ${version}`)} "User Commands"`,
    // Left-aligned, without hyphens: commands are copied from it.
    '.ad l',
    '.nh',
    heading('Name'),
    'elb\\-proxy \\- see, switch and verify the PROXY protocol on AWS Classic Load Balancers',
    heading('Synopsis'),
    '.B elb\\-proxy\n.I command\n[options]',
    heading('Commands'),
    ...commands.map(commandRoff),
    heading('Global options'),
    ...Object.entries(globalOptions).map(optionRoff),
    heading('Exit status'),
    ...Object.entries(exitCodes).map(([code, meaning]) => tagged(code, meaning)),
    ...pages.map(roffSection),
  ].join('\n')}\n`;
}

function commandRoff(command: Command): string {
  const { usage = command.name, summary = '' } = registry[command.name] ?? {};
  const own = Object.entries(optionsOf(command)).filter(([name]) => !Object.hasOwn(globalOptions, name));
  return [
    `.SS ${quoted(`elb-proxy ${usage}`)}`,
    prose(`${capital(summary)}.`),
    ...own.map(optionRoff),
    ...Object.entries(command.examples).map(([line, what]) => `${prose(`${what}:`)}\n${literal([line])}`),
  ].join('\n');
}

function optionRoff([name, option]: readonly [string, Option]): string {
  const short = option.alias === undefined ? '' : `-${option.alias}, `;
  return tagged(`${short}${typedOption(name, option)}`, option.describe);
}
