import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/cli/define.js';
import { parse } from '../../src/cli/parse.js';

const command = {
  name: 'enable',
  positionals: { usage: '<name...>', least: 0, most: 2 },
  options: {
    port: { type: 'texts', describe: 'ports' },
    'policy-name': { type: 'text', describe: 'a name' },
    level: { type: 'text', describe: 'a choice', choices: ['low', 'high'] },
    yes: { type: 'flag', alias: 'y', describe: 'do not ask' },
    'no-rollback': { type: 'flag', describe: 'leave it' },
  },
} as const satisfies Pick<Command, 'name' | 'positionals' | 'options' | 'takesRest'>;
const given = (...argv: readonly string[]) => parse(command, argv);
const wrongOf = (of: Parameters<typeof parse>[0], argv: readonly string[]): unknown => {
  try {
    parse(of, argv);
  } catch (error) {
    return error;
  }
  return undefined;
};
const wrong = (...argv: readonly string[]): unknown => wrongOf(command, argv);

describe('what is given', () => {
  it('has its values by name: texts, flags, positionals', () => {
    const all = given('web', '--port', '80', '--yes', 'zoo', '--policy-name=p', '-o', 'json');
    expect(all.positionals).toEqual(['web', 'zoo']);
    expect(all.options.port).toEqual(['80']);
    expect(all.options['policy-name']).toBe('p');
    expect(all.options.output).toBe('json');
    expect(all.options.yes).toBe(true);
    expect(all.options['no-rollback']).toBe(false);
    expect(all.options.level).toBeUndefined();
    expect(all.options.region).toEqual([]);
  });

  it('has a lone dash for a value behind an option that takes one, else as a positional', () => {
    const taken = given('--policy-name', '-', '--yes', '-', '--', '-');
    expect(taken.options['policy-name']).toBe('-');
    expect(taken.positionals.slice(0, 1)).toEqual(['-']);
    expect(wrong('-o', '-')).toMatchObject({ message: expect.stringMatching(/^--output -: choose from/) });
  });

  it.each([
    [
      ['--port', '80', '--port', '81'],
      ['80', '81'],
    ],
    [
      ['--port', '80,81'],
      ['80', '81'],
    ],
    [
      ['--port=80, 81', '--port', '82'],
      ['80', '81', '82'],
    ],
    [['--port', '0080'], ['0080']],
    [['--port', '8e3'], ['8e3']],
    [['--port', '-1'], ['-1']],
    [['--port=-1'], ['-1']],
    [['--port', '-'], ['-']],
    [
      ['--port', '-', '--port=-'],
      ['-', '-'],
    ],
  ])('becomes, typed as %j, the list %j', (argv, expected) => {
    expect(given(...argv).options.port).toEqual(expected);
  });

  it('does not swallow the names behind a list', () => {
    const all = given('--port', '80', 'web');
    expect([all.options.port, all.positionals]).toEqual([['80'], ['web']]);
  });

  it('stays text as a name, even if it looks like a number', () => {
    expect(given('007', '1e3').positionals).toEqual(['007', '1e3']);
  });

  it.each([
    [['-y'], true],
    [['--yes'], true],
    [['--yes', '-y'], true],
    [['--yes=true'], true],
    [['--yes=false'], false],
    [['-y=false'], false],
    [[], false],
  ])('becomes, typed as %j, the flag %s', (argv, expected) => {
    expect(given(...argv).options.yes).toBe(expected);
  });

  it('takes --no-rollback as that option, not as the negation of another', () => {
    expect(given('--no-rollback').options['no-rollback']).toBe(true);
    expect(wrong('--no-yes')).toMatchObject({ message: 'unknown option --no-yes' });
  });
});

describe('behind --', () => {
  it('is a command line of its own, for a command that takes one: nothing in it is ours', () => {
    const rest = ['aws', 'elb', '--region', 'x', '-o', 'yaml', '--', '--yes'];
    const all = parse({ ...command, takesRest: true }, ['--port', '1', '--', ...rest]);
    expect(all.rest).toEqual(rest);
    expect(all.options.port).toEqual(['1']);
    expect(all.options.yes).toBe(false);
    expect(all.positionals).toEqual([]);
  });

  it('must not be empty, for a command that takes one', () => {
    expect(() => parse({ ...command, takesRest: true }, ['--port', '1', '--'])).toThrow(
      'no command follows --',
    );
  });

  it('are names, whatever they look like, for a command that takes none', () => {
    expect(given('web', '--', '--yes').positionals).toEqual(['web', '--yes']);
    expect(given('web', '--', '--yes').options.yes).toBe(false);
    expect(given('web', '--')).toMatchObject({ positionals: ['web'], rest: [] });
  });

  it('is one argument too many where no more are taken', () => {
    const one = { ...command, positionals: { usage: '<name>', least: 1, most: 1 } };
    expect(wrongOf(one, ['a', '--', 'b'])).toMatchObject({
      code: 'usage',
      message: 'unexpected argument "b"',
      hint: 'see: elb-proxy enable --help',
    });
  });
});

describe('a mistake', () => {
  it.each<readonly [argv: readonly string[], message: string]>([
    [['--policy-name', 'a', '--policy-name', 'b'], '--policy-name is given 2 times (a, b)'],
    [['-o', 'json', '--output', 'text'], '--output is given 2 times (json, text)'],
    [['--policy-name'], '--policy-name needs a value'],
    [['--policy-name='], '--policy-name needs a value'],
    [['--policy-name', ' '], '--policy-name needs a value'],
    [['--policy-name', '--yes'], '--policy-name needs a value'],
    [['--port', '--yes'], '--port needs a value'],
    [['--port'], '--port needs a value'],
    [['--port', '80,,81'], '--port 80,,81: an item of the list is empty'],
    [['--port', '80,'], '--port 80,: an item of the list is empty'],
    [['--port', ','], '--port ,: an item of the list is empty'],
    [['--level', 'middle'], '--level middle: choose from low, high'],
    [['--level', 'low,high'], '--level low,high: choose from low, high'],
    [['--prot', '80'], 'unknown option --prot'],
    [['--ports', '80'], 'unknown option --ports'],
    [['--Port', '80'], 'unknown option --Port'],
    [['--policyName', 'x'], 'unknown option --policyName'],
    [['--policy-name.x', 'x'], 'unknown option --policy-name.x'],
    [['-x'], 'unknown option -x'],
    [['-yx'], 'unknown option -yx'],
    [['a', 'b', 'c'], 'unexpected argument "c"'],
  ])('%j: %s', (argv, message) => {
    expect(wrong(...argv)).toMatchObject({ code: 'usage', fault: 'user', message });
  });

  it("is too few arguments, reported with the command's usage", () => {
    const one = { ...command, name: 'policies', positionals: { usage: '<name>', least: 1, most: 1 } };
    expect(() => parse(one, [])).toThrow('<name> is missing');
    expect(() => parse(one, [])).toThrow(
      expect.objectContaining({ hint: 'usage: elb-proxy policies <name>' }) as Error,
    );
    expect(() => parse({ name: 'history', options: {} }, ['web'])).toThrow('unexpected argument "web"');
  });
});
