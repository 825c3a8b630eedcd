import { expect, it } from 'vitest';
import type { Io, Output } from '../../src/cli/io.js';
import { progressLine } from '../../src/cli/progress-line.js';

/** A terminal, a clock that is set by hand, and the lines that were written. */
function watched(env: Io['env'] = {}, isTerminal = true) {
  const lines: string[] = [];
  let ms = 0;
  const { show, end } = progressLine({
    io: { stderr: { isTerminal } as Output, env } as Io,
    clock: { now: () => new Date(ms), sleep: async () => undefined },
    progress: async (line) => void lines.push(line),
  });
  return {
    lines,
    end,
    showAt: (at: number) => {
      ms = at;
      show((taken) => `${taken} ms`);
    },
  };
}

it('a line is written once it has taken 200 ms, no more often than that, and taken away at the end', async () => {
  const { lines, showAt, end } = watched();
  for (const at of [0, 199, 250, 300, 449, 450]) showAt(at);
  expect(lines).toEqual(['250 ms', '450 ms']);
  await end();
  expect(lines.at(-1)).toBe('');
});

it.each([
  ['without a terminal', {}, false],
  ['on a dumb terminal', { TERM: 'dumb' }, true],
])('%s nothing is written', async (_where, env, isTerminal) => {
  const { lines, showAt, end } = watched(env, isTerminal);
  showAt(1000);
  await end();
  expect(lines).toEqual([]);
});
