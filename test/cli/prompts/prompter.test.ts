import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Io } from '../../../src/cli/io.js';
import { inquirerPrompter } from '../../../src/cli/prompts/inquirer-prompter.js';
import { plainPrompter } from '../../../src/cli/prompts/plain-prompter.js';
import type { Prompter } from '../../../src/cli/prompts/prompter.js';
import { makeStyle, type StyleChoice } from '../../../src/render/make-style.js';

const keys = {
  enter: '\r',
  space: ' ',
  up: '\u001b[A',
  down: '\u001b[B',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
};

/** What happens to an open prompt besides keys. */
type Signal = 'SIGHUP' | 'SIGCONT' | 'SIGTERM' | 'end';

/** A terminal of our own: the real prompts on it, keys and signals that reach them, and all that they write. */
function terminal(make: typeof inquirerPrompter, choice: Partial<StyleChoice> = {}) {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  const controller = new AbortController();
  const watching = new Map<string, Set<() => void>>();
  let shown = '';
  stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const io = {
    env: { TERM: 'dumb' },
    stdin: { isTerminal: true, stream: stdin },
    stderr: { isTerminal: true, columns: 80, stream: stderr },
    signal: controller.signal,
    watch: (name: string, seen: () => void) => {
      const seeing = watching.get(name) ?? new Set();
      watching.set(name, seeing.add(seen));
      return () => seeing.delete(seen);
    },
  } as unknown as Io;
  const deliver = (signal: Signal) => {
    if (signal === 'end') stdin.end();
    else if (signal === 'SIGTERM') controller.abort(signal);
    else for (const seen of watching.get(signal) ?? []) seen();
  };
  return {
    prompter: make(io, makeStyle({ width: 80, colourLevel: 0, unicode: true, ...choice })),
    type: (key: string) => stdin.write(key),
    deliver,
    shown: () => shown,
    /** Whether anything still listens for keys, signals or the end. */
    listens: () =>
      ['data', 'end', 'close'].map((event) => stdin.listenerCount(event)).join(' ') +
      [...watching.values()].map(({ size }) => size).join(' '),
  };
}

/** Asks, and types the keys one after the other. */
async function ask<T>(question: (prompter: Prompter) => Promise<T>, ...typed: readonly string[]) {
  return askWith(inquirerPrompter, {}, question, ...typed);
}

async function askWith<T>(
  make: typeof inquirerPrompter,
  choice: Partial<StyleChoice>,
  question: (prompter: Prompter) => Promise<T>,
  ...typed: readonly string[]
) {
  const { prompter, type, shown } = terminal(make, choice);
  const answer = question(prompter);
  // What is typed before the question is drawn is thrown away.
  await vi.waitFor(() => expect(shown()).not.toBe(''), 10_000);
  for (const key of typed) {
    await soon();
    type(key);
  }
  return { answer: await answer, shown: shown() };
}

async function soon(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 30);
  });
}

const names = [
  { name: 'web  PROXY on no port', value: 'web' },
  { name: 'zoo  PROXY on 8443', value: 'zoo' },
];
const ports = [
  { name: '80  HTTP 80', value: 80 },
  { name: '8443  TCP 443', value: 8443, description: 'what speaks against it' },
  { name: '9000  TCP 444', value: 9000, disabled: true },
];
const questions: readonly (readonly [string, (prompter: Prompter) => Promise<unknown>])[] = [
  ['confirm', (prompter) => prompter.confirm('Carry out?')],
  ['type', (prompter) => prompter.type('Which name?')],
  ['pick', (prompter) => prompter.pick('Which?', names)],
  ['tick', (prompter) => prompter.tick('Which?', ports)],
];

describe.concurrent('a question', () => {
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

  it('takes a line as it is typed', async () => {
    const type = (prompter: Prompter) => prompter.type('Which name?');
    expect((await ask(type, 'wex', keys.backspace, 'b', keys.enter)).answer).toBe('web');
    expect((await ask(type, keys.enter)).answer).toBe('');
  });

  it('gives what is typed a line of its own where it would not fit behind the question', async () => {
    const question = `${'long '.repeat(13)}question:`;
    const { answer, shown } = await ask((prompter) => prompter.type(question), 'web', keys.enter);
    expect(answer).toBe('web');
    expect(shown).toMatch(/question:\n +web/);
    expect((await ask((prompter) => prompter.type('Which?'), 'web', keys.enter)).shown).toContain(
      'Which? web',
    );
  });

  it('picks one of several, by a part of its name and not by the rest of the line', async () => {
    const pick = (prompter: Prompter) => prompter.pick('Which?', names);
    expect((await ask(pick, keys.enter)).answer).toBe('web');
    expect((await ask(pick, 'OO', keys.enter)).answer).toBe('zoo');
    const nothing = await ask(pick, 'port', keys.enter, keys.ctrlC);
    expect(nothing.answer).toBeUndefined();
    expect(nothing.shown).toContain('No results found');
  });

  it('names what was picked, however fast the keys came', async () => {
    const pick = (prompter: Prompter) => prompter.pick('Which?', names);
    const { answer, shown } = await ask(pick, 'zoo', `${keys.up} ${keys.enter}`);
    expect(answer).toBe('zoo');
    expect(shown).toContain('✓ Which? zoo');
    expect(shown).not.toContain('✓ Which? web');
  });

  it("ticks some of several, as numbers; what can't be chosen is not taken with all", async () => {
    const tick = (prompter: Prompter) => prompter.tick('Which?', ports);
    const { answer, shown } = await ask(tick, keys.down, keys.space, keys.enter);
    expect(answer).toEqual([8443]);
    expect(shown).toContain('what speaks against it');
    expect((await ask(tick, 'a', keys.enter)).answer).toEqual([80, 8443]);
    const locked = await ask(tick, keys.down, keys.down, keys.space, keys.ctrlC);
    expect(locked.shown).toContain("It can't be selected");
  });

  it('starts with what is ticked already', async () => {
    const ticked = ports.map((port) => ({ ...port, checked: port.value === 80 }));
    expect((await ask((prompter) => prompter.tick('Which?', ticked), keys.enter)).answer).toEqual([80]);
  });

  it('wants at least one tick', async () => {
    const { answer, shown } = await ask((prompter) => prompter.tick('Which?', ports), keys.enter, keys.ctrlC);
    expect(answer).toBeUndefined();
    expect(shown).toContain('At least one');
  });
});

describe.concurrent.each([
  ['inquirer', inquirerPrompter],
  ['plain', plainPrompter],
] as const)('a prompt of the %s kind', (_kind, make) => {
  it.each(questions)(
    'is declined, not an error, if it is closed by Ctrl-C or Ctrl-D (%s)',
    async (_what, question) => {
      for (const key of [keys.ctrlC, keys.ctrlD]) {
        expect((await askWith(make, {}, question, key)).answer).toBeUndefined();
        expect((await askWith(make, {}, question, 'w', key)).answer).toBeUndefined();
      }
    },
  );

  it.each(questions)(
    'ends with the input, with the terminal and with the process (%s)',
    async (_what, question) => {
      for (const signal of ['end', 'SIGHUP', 'SIGTERM'] as const) {
        const { prompter, deliver } = terminal(make);
        const answer = question(prompter);
        await soon();
        deliver(signal);
        expect(await answer).toBeUndefined();
      }
    },
  );

  it('asks again once the process is continued after Ctrl-Z', async () => {
    const { prompter, deliver, type, shown } = terminal(make);
    const answer = prompter.type('Which name?');
    await soon();
    type('wrong');
    deliver('SIGCONT');
    await soon();
    type('web');
    await soon();
    type(keys.enter);
    expect(await answer).toBe('web');
    expect(shown().split('Which name?').length).toBeGreaterThan(2);
  });

  it('leaves nothing listening behind, so that the next one hears its keys once', async () => {
    const one = terminal(make);
    const answer = one.prompter.type('Which name?');
    await soon();
    one.type(keys.enter);
    await answer;
    const before = one.listens();
    const another = one.prompter.type('And which?');
    await soon();
    one.type('web');
    await soon();
    one.type(keys.enter);
    expect(await another).toBe('web');
    expect(one.listens()).toBe(before);
  });

  it.each(questions)(
    'sends no colour without one, and in ASCII nothing else (%s)',
    async (_what, question) => {
      const { shown } = await askWith(make, { unicode: false }, question, 'web', keys.enter, keys.ctrlC);
      expect(shown).toMatch(/Which|Carry out/);
      // oxlint-disable-next-line no-control-regex -- colours begin with one
      expect(shown).not.toMatch(/\u001b\[[\d;]*m/);
      // oxlint-disable-next-line no-control-regex -- a terminal is driven with them
      expect(shown).toMatch(/^[\u0000-\u007f]*$/);
    },
  );

  it('shows control characters of a name as what they are', async () => {
    const { shown } = await askWith(make, {}, (prompter) => prompter.confirm('On we\u0007b?'), keys.ctrlC);
    expect(shown).toContain('On we\\u0007b?');
  });
});

it('a prompt has the colours that the style has', async () => {
  // oxlint-disable-next-line no-control-regex -- colours begin with one
  const { shown } = await askWith(
    inquirerPrompter,
    { colourLevel: 1 },
    questions[0]?.[1] ?? never,
    keys.enter,
  );
  expect(shown).toContain('\u001b[1mCarry out?');
});

async function never(): Promise<never> {
  throw new Error('there is no question');
}

describe.concurrent('on a terminal that only prints', () => {
  const plain = <T>(question: (prompter: Prompter) => Promise<T>, ...typed: readonly string[]) =>
    askWith(plainPrompter, {}, question, ...typed.map((line) => `${line}\r`));

  it.each([
    [['y'], true],
    [['YES'], true],
    [['n'], false],
    [[''], false],
    [['perhaps', 'y'], true],
  ])('%j is the answer %s, asked again until it is one', async (typed, expected) => {
    expect((await plain((prompter) => prompter.confirm('Carry out?'), ...typed)).answer).toBe(expected);
  });

  it('a line can be corrected with Backspace', async () => {
    expect((await plain((prompter) => prompter.type('Which name?'), 'wex\u007fb')).answer).toBe('web');
  });

  it('a name is picked by itself, or by a part that only it has', async () => {
    const pick = (prompter: Prompter) => prompter.pick('Which?', [...names, { name: 'webs', value: 'webs' }]);
    expect((await plain(pick, 'web')).answer).toBe('web');
    expect((await plain(pick, 'o')).answer).toBe('zoo');
    const asked = await plain(pick, 'we', 'nothing', 'bs');
    expect(asked.answer).toBe('webs');
    expect(asked.shown).toContain('no name contains nothing');
  });

  it('lists no more names than can be read, and says how many more there are', async () => {
    const many = Array.from({ length: 50 }, (_item, index) => ({
      name: `lb-${index}`,
      value: `lb-${index}`,
    }));
    const { answer, shown } = await plain((prompter) => prompter.pick('Which?', many), 'lb-49');
    expect(answer).toBe('lb-49');
    expect(shown).toContain('lb-19\n  and 30 more\n');
  });

  it('ports are ticked by their numbers, those that can be', async () => {
    const tick = (prompter: Prompter) => prompter.tick('Which?', ports);
    expect((await plain(tick, '8443, 80')).answer).toEqual([8443, 80]);
    expect((await plain(tick, 'all')).answer).toEqual([80, 8443]);
    const asked = await plain(tick, '', '9000', '80');
    expect(asked.answer).toEqual([80]);
    expect(asked.shown).toContain('9000 is not one of 80, 8443');
  });

  it('is sent no escape sequence', async () => {
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    for (const [, question] of questions)
      expect((await plain(question, 'web', 'no', 'all')).shown).not.toContain('\u001b');
  });
});
