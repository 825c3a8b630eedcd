import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { fc } from '../helpers/fast-check.js';

const verb = (...argv: readonly string[]) => readCommandLine(argv).verb;
const output = (...argv: readonly string[]) => readCommandLine(argv).output;

describe('the verb', () => {
  it.each([
    [['status'], 'status'],
    [['status', 'web'], 'status'],
    [['--region', 'us-east-1', 'status'], 'status'],
    [['--region=us-east-1', 'status'], 'status'],
    [['-o', 'json', '--profile', 'p', 'enable', 'web'], 'enable'],
    [['--endpoint-url', 'http://127.0.0.1:1', '--debug', 'status'], 'status'],
    [['--color', '--no-color', '-h', 'status'], 'status'],
    [['-y', 'enable', 'web'], 'enable'],
    [['--debug'], undefined],
    [['--region', 'status'], undefined],
    [[], undefined],
    [['--', 'status'], undefined],
  ])('for %j is %s', (argv, expected) => {
    expect(verb(...argv)).toBe(expected);
  });

  it('is taken out of what is parsed later; everything else stays, in its order', () => {
    expect(readCommandLine(['-o', 'json', 'local', '--port', '1', '--', 'local', '-x']).rest).toEqual([
      '-o',
      'json',
      '--port',
      '1',
      '--',
      'local',
      '-x',
    ]);
  });
});

describe('the output format', () => {
  it.each([
    [['status', '-o', 'json'], 'json'],
    [['status', '--output', 'json'], 'json'],
    [['status', '--output=json'], 'json'],
    [['status', '-o=json'], 'json'],
    [['-o', 'json', 'status'], 'json'],
    [['status', '-o', 'json', '-o', 'text'], 'text'],
    [['status', '-o', 'text', '-o', 'json'], 'json'],
    [['status', '-o', 'yaml'], 'text'],
    [['status', '-o'], 'text'],
    [['status', 'json'], 'text'],
    [['local', '--', 'aws', '--output', 'json'], 'text'],
    // Whatever else is wrong with the line, an error in it has the right form.
    [['enbale', '--prot', '80', '-o', 'json', '--policy-name'], 'json'],
  ])('for %j is %s', (argv, expected) => {
    expect(output(...argv)).toBe(expected);
  });
});

describe('flags that are needed before parsing', () => {
  it('are found anywhere', () => {
    expect(readCommandLine(['--debug', 'status', '--no-color', '--help'])).toMatchObject({
      debug: true,
      help: true,
      version: false,
      colour: { color: false, noColor: true },
    });
    expect(readCommandLine(['status', '-h', '--color'])).toMatchObject({
      help: true,
      colour: { color: true, noColor: false },
    });
    expect(readCommandLine(['--version']).version).toBe(true);
  });

  it('are not those of a command line behind --', () => {
    expect(
      readCommandLine(['local', '--', 'aws', '--version', '--help', '--debug', '--color']),
    ).toMatchObject({
      verb: 'local',
      help: false,
      version: false,
      debug: false,
      colour: { color: false, noColor: false },
    });
  });
});

describe('any command line', () => {
  it('can be looked over: nothing is judged, and nothing but the verb goes', () => {
    const word = fc.oneof(
      // Two words in one is another test's.
      fc.string().filter((text) => !text.startsWith('-o')),
      fc.constantFrom('status', '-o', 'json', '--region', '--', '-h', '--x=1'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        const { verb: found, rest } = readCommandLine(argv);
        expect(rest.length).toBe(argv.length - (found === undefined ? 0 : 1));
        if (found !== undefined) expect([...rest, found].toSorted()).toEqual(argv.toSorted());
      }),
    );
  });
});

describe('the version', () => {
  it.each([['--version'], ['version'], ['-v'], ['-V']])('is what %s asks for', (word) => {
    expect(readCommandLine([word]).version).toBe(true);
  });

  it.each([[['status', '-v']], [['local', '--', 'node', '--version']], [['--profile', 'version', 'status']]])(
    'is not what %j asks for',
    (argv) => {
      expect(readCommandLine(argv).version).toBe(false);
    },
  );
});
