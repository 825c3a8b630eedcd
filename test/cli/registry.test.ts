import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { commandHelp, programHelp } from '../../src/cli/help.js';
import { globalOptions } from '../../src/cli/options.js';
import { parse } from '../../src/cli/parse.js';
import { registry } from '../../src/cli/registry.js';

const commands = await Promise.all(
  Object.entries(registry).map(
    async ([name, registered]) => [name, await registered.load(), registered] as const,
  ),
);
const writes = [
  'CreateLoadBalancerPolicy',
  'SetLoadBalancerPoliciesForBackendServer',
  'DeleteLoadBalancerPolicy',
];

/** Splits a command line as a shell would, as far as examples go: words, and quotes around a word. */
const words = (line: string) =>
  (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));

describe.each(commands)('%s', (name, command, registered) => {
  it('is the command of that name', () => {
    expect(command.name).toBe(name);
    expect(registered.usage.split(' ')[0]).toBe(name);
  });

  it('shows in its usage what it takes', () => {
    for (const shown of [
      command.positionals?.usage,
      command.takesRest === true ? '[-- command...]' : undefined,
    ]) {
      if (shown !== undefined) expect(registered.usage).toContain(shown);
    }
  });

  it('has help that fits 80 columns, with its options, at least one example, and its exit codes', async () => {
    const help = commandHelp(registry, command, 80);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const option of [...Object.keys(command.options), ...Object.keys(globalOptions)]) {
      expect(help).toContain(`--${option}`);
    }
    expect(Object.keys(command.examples).length).toBeGreaterThan(0);
    for (const code of command.exitCodes) expect(help).toMatch(new RegExp(`^ +${code}  `, 'm'));
  });

  it('names what each of its options takes, and nothing for those that take nothing', async () => {
    const help = commandHelp(registry, command, 80);
    for (const [option, { type, value, bare, choices, describe: described }] of Object.entries(
      command.options,
    )) {
      expect(value === undefined).toBe(type === 'flag');
      for (const choice of choices ?? []) expect(described).toContain(choice);
      const behind = value === undefined ? ' ' : bare === undefined ? ` ${value}` : `[=${value}]`;
      expect(help).toContain(`--${option}${behind}`);
    }
  });

  it('has examples that a shell accepts unchanged, each below what it is for', async () => {
    const shown = commandHelp(registry, command, 80).replaceAll(/ \\\n +/g, ' ');
    for (const [line, what] of Object.entries(command.examples)) {
      const [comment = ''] = shown.split(`\n  ${line}\n`, 1)[0]?.match(/(?:\n {2}# .*)+$/) ?? [];
      expect(comment.replaceAll(/\n {2}#/g, '').trim()).toBe(what);
    }
  });

  it('has examples that it understands itself', () => {
    for (const [line, what] of Object.entries(command.examples)) {
      const steps = line.split(/ [|>] /).map((step) => step.replace(/^(?:\w+=\S+ )+/, ''));
      const own = steps.find((step) => step.startsWith('elb-proxy ')) ?? line;
      const [program, verb, ...rest] = words(own);
      expect([program, verb]).toEqual(['elb-proxy', name]);
      expect(() => parse(command, rest)).not.toThrow();
      expect(what).not.toBe('');
    }
  });

  it('uses no option name or letter that means something else everywhere', () => {
    const letters = Object.values(globalOptions).flatMap((option) =>
      'alias' in option ? [option.alias] : [],
    );
    for (const [option, { alias, describe: described }] of Object.entries(command.options)) {
      expect(Object.keys(globalOptions).filter((global) => global === option && global !== 'region')).toEqual(
        [],
      );
      expect(letters).not.toContain(alias);
      expect(described).toMatch(/^\S.*[^.]$/);
    }
  });

  it('may write only if it says that it changes things', () => {
    const wants = writes.filter((action) => command.iam.includes(action));
    expect(wants.length > 0).toBe(command.mutates);
    expect(command.exitCodes).toEqual(expect.arrayContaining(command.mutates ? [0, 1, 3, 130] : [0, 1]));
  });

  it('lists each exit code once, in ascending order', () => {
    expect(command.exitCodes).toEqual([...new Set(command.exitCodes)].toSorted((a, b) => a - b));
  });
});

describe("the program's help", () => {
  it('fits 80 columns', async () => {
    const help = programHelp(registry, 80);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('lists every command with its usage and its summary, and every exit code', async () => {
    const help = programHelp(registry, 300).replaceAll(/ +/g, ' ');
    for (const { usage, summary } of Object.values(registry)) {
      expect(help).toContain(`\n elb-proxy ${usage} ${summary}\n`);
    }
    for (const [code, meaning] of Object.entries(exitCodes)) expect(help).toContain(` ${code} ${meaning}`);
  });
});
