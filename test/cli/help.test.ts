import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { commandHelp, manualHelp, programHelp } from '../../src/cli/help.js';
import { registry } from '../../src/cli/registry.js';
import { expectGolden } from '../render/golden.js';

const helps: Readonly<Record<string, (columns: number) => string | Promise<string>>> = {
  help: (columns) => programHelp(registry, columns),
  'help-topics': (columns) => manualHelp(registry, columns),
  ...Object.fromEntries(
    Object.entries(registry).map(([name, { load }]) => [
      `help-${name}`,
      async (columns: number) => commandHelp(registry, await load(), columns),
    ]),
  ),
};

/** Those that are looked at by people when they change: what else there is changes with every option. */
const looked = new Set(['help', 'help-topics', 'help-history', 'help-verify']);

describe.each(Object.entries(helps))('%s', (name, help) => {
  it.each([80, 120])('fits %i columns, and looks as its golden file if it has one', async (columns) => {
    const text = await help(columns);
    expect(text.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    if (looked.has(name)) expectGolden(`${name}.${columns}`, text);
  });
});
