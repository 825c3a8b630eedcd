import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { inquirerPrompter, type Prompter } from '../../src/cli/prompter.js';

const keys = { enter: '\r', space: ' ', down: '\u001b[B', ctrlC: '\u0003' };

/** Asks with the real prompts on streams of our own, and types the keys one after the other. */
async function ask<T>(question: (prompter: Prompter) => Promise<T>, ...typed: readonly string[]) {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  let shown = '';
  stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const prompter = inquirerPrompter({
    stdin: { isTerminal: true, stream: stdin },
    stderr: { isTerminal: true, columns: 80, stream: stderr },
  } as unknown as Io);
  const answer = question(prompter);
  for (const key of typed) {
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    stdin.write(key);
  }
  return { answer: await answer, shown };
}

const names = [
  { name: 'web  PROXY on no port', value: 'web' },
  { name: 'zoo  PROXY on 8443', value: 'zoo' },
];
const ports = [
  { name: '80  HTTP 80', value: 80 },
  { name: '8443  TCP 443', value: 8443 },
];

describe('a question', () => {
  it.each([
    ['y', true],
    ['yes', true],
    ['n', false],
    ['', false],
  ])('answered with %j is %s: only a yes is one', async (typed, expected) => {
    const { answer, shown } = await ask((prompter) => prompter.confirm('Carry out?'), typed, keys.enter);
    expect(answer).toBe(expected);
    expect(shown).toContain('Carry out?');
  });

  it('picks one of several, by what is typed', async () => {
    const pick = (prompter: Prompter) => prompter.pick('Which?', names);
    expect((await ask(pick, keys.enter)).answer).toBe('web');
    expect((await ask(pick, 'ZOO', keys.enter)).answer).toBe('zoo');
  });

  it('ticks some of several, as numbers', async () => {
    const tick = (prompter: Prompter) => prompter.tick('Which?', ports);
    expect((await ask(tick, keys.down, keys.space, keys.enter)).answer).toEqual([8443]);
  });

  it.each<readonly [string, (prompter: Prompter) => Promise<unknown>]>([
    ['confirm', (prompter) => prompter.confirm('Carry out?')],
    ['pick', (prompter) => prompter.pick('Which?', names)],
    ['tick', (prompter) => prompter.tick('Which?', ports)],
  ])('that is closed with Ctrl-C is declined, not an error (%s)', async (_what, question) => {
    expect((await ask(question, keys.ctrlC)).answer).toBeUndefined();
  });
});
