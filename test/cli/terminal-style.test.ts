import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/cli/io.js';
import { styleChoice } from '../../src/cli/terminal-style.js';

const neither = { color: false, noColor: false };
const output = (isTerminal: boolean, columns?: number): Output => ({
  isTerminal,
  columns,
  stream: process.stdout,
});
const level = (env: Record<string, string>, isTerminal = true, flags = neither) =>
  styleChoice(output(isTerminal), env, flags).colourLevel;

describe('colour', () => {
  it('is for terminals', () => {
    expect(level({})).toBe(1);
    expect(level({}, false)).toBe(0);
  });

  it('is not for a dumb terminal', () => {
    expect(level({ TERM: 'dumb' })).toBe(0);
  });

  it('is true colour where the terminal says so', () => {
    expect(level({ COLORTERM: 'truecolor' })).toBe(3);
  });

  it.each([
    ['1', 0],
    ['0', 0],
    ['false', 0],
    // no-color.org: only "when present and not an empty string".
    ['', 1],
  ])('is, with NO_COLOR=%j, level %i', (value, expected) => {
    expect(level({ NO_COLOR: value })).toBe(expected);
  });

  it.each([
    ['1', 1],
    ['true', 1],
    ['', 1],
    ['0', 0],
    ['false', 0],
  ])('is, with FORCE_COLOR=%j, level %i, terminal or not', (value, expected) => {
    for (const isTerminal of [true, false]) expect(level({ FORCE_COLOR: value }, isTerminal)).toBe(expected);
  });

  it.each([
    ['1', 1],
    ['yes', 1],
    ['0', 0],
  ])(
    'is, with CLICOLOR_FORCE=%j, level %i without a terminal, unless NO_COLOR or FORCE_COLOR is set',
    (value, expected) => {
      expect(level({ CLICOLOR_FORCE: value }, false)).toBe(expected);
      expect(level({ CLICOLOR_FORCE: value, TERM: 'dumb' })).toBe(expected);
      expect(level({ CLICOLOR_FORCE: value, NO_COLOR: '1' }, false)).toBe(0);
      expect(level({ CLICOLOR_FORCE: value, FORCE_COLOR: '0' }, false)).toBe(0);
    },
  );

  it('is for no terminal with CLICOLOR=0', () => {
    expect(level({ CLICOLOR: '0' })).toBe(0);
    expect(level({ CLICOLOR: '1' })).toBe(1);
    expect(level({ CLICOLOR: '1' }, false)).toBe(0);
  });

  it('is forced even on a dumb terminal, but NO_COLOR beats FORCE_COLOR', () => {
    expect(level({ FORCE_COLOR: '1', TERM: 'dumb' })).toBe(1);
    expect(level({ NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(0);
  });

  it('follows a flag before the environment, and --no-color before --color', () => {
    expect(level({ NO_COLOR: '1', TERM: 'dumb' }, false, { color: true, noColor: false })).toBe(1);
    expect(level({ FORCE_COLOR: '1' }, true, { color: false, noColor: true })).toBe(0);
    expect(level({}, true, { color: true, noColor: true })).toBe(0);
  });
});

describe('characters other than ASCII', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LC_CTYPE: 'de_DE.UTF-8', LANG: 'C' }, true],
    [{ LC_ALL: 'C', LC_CTYPE: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' }, false],
    [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'en_US.ISO-8859-1' }, false],
    [{ LANG: 'C' }, false],
    [{}, false],
  ] as readonly (readonly [Record<string, string>, boolean])[])('with %j: %s', (env, expected) => {
    expect(styleChoice(output(true), env, neither).unicode).toBe(expected);
  });
});

describe('the width', () => {
  const width = (columns: number | undefined, env: Record<string, string>) =>
    styleChoice(output(columns !== undefined, columns), env, neither).width;

  it("is the terminal's; elsewhere what COLUMNS says, or that of a log", () => {
    expect(width(73, {})).toBe(73);
    expect(width(120, { COLUMNS: '60' })).toBe(120);
    expect(width(undefined, { COLUMNS: '60' })).toBe(60);
    expect(width(undefined, {})).toBe(100);
  });

  it.each(['', '0', '5', 'wide', '-80', '80000'])('is not taken from a COLUMNS of "%s"', (COLUMNS) => {
    expect(width(undefined, { COLUMNS })).toBe(100);
  });
});
