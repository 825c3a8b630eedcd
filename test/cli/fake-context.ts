import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Context } from '../../src/cli/context.js';
import type { Io, Output } from '../../src/cli/io.js';
import type { OutputFormat } from '../../src/cli/options.js';
import type { Choice, Prompter } from '../../src/cli/prompts/prompter.js';
import { makeStyle } from '../../src/render/make-style.js';
import type { FakeLoadBalancing } from '../app/fake-load-balancing.js';
import { type FakeNetwork, fakeNetwork } from '../app/fake-network.js';
import { dependenciesOf, type FakeJournal, fakeJournal } from '../app/run.js';

/** A context over fakes, and everything that a command said through it. */
export interface FakeContext extends Context {
  /** The documents that went to stdout. */
  readonly documents: object[];
  /** stdout and stderr as text. */
  readonly out: () => string;
  readonly err: () => string;
  readonly asked: string[];
}

/** What surrounds a command. */
export interface Around {
  readonly output?: OutputFormat;
  /** What is answered to each question in turn; undefined for a prompt that was closed. Absent: no terminal. */
  readonly answers?: readonly unknown[];
  readonly journal?: FakeJournal;
  readonly signal?: AbortSignal;
  /** None unless given. */
  readonly network?: FakeNetwork;
}

/** Puts a context together. */
export function fakeContext(fake: FakeLoadBalancing, around: Around = {}): FakeContext {
  const { output = 'json', answers, journal = fakeJournal(fake.log), signal } = around;
  const documents: object[] = [];
  const asked: string[] = [];
  const texts = { out: '', err: '' };
  const style = makeStyle({ width: Number.POSITIVE_INFINITY, colourLevel: 0, unicode: false });
  const { clock, events, api } = dependenciesOf(fake, { journal });
  const { api: network } = around.network ?? fakeNetwork([]);
  const remaining = [...(answers ?? [])];
  const answer = async (message: string): Promise<unknown> => {
    asked.push(message);
    if (remaining.length === 0) throw new Error(`unexpected question: ${message}`);
    return remaining.shift();
  };
  const prompter = {
    style: makeStyle({ width: 80, colourLevel: 0, unicode: false }),
    confirm: answer,
    type: answer,
    pick: (message, choices) => answer(`${message} ${choices.map(inShort).join(' ')}`),
    tick: (message, choices) => answer(`${message} ${choices.map(inShort).join(' ')}`),
  } as Prompter;
  const context = {
    io: fakeIo(signal),
    tool: 'elb-proxy 1.2.3',
    output,
    api: () => api('us-east-1'),
    networkApi: async () => network,
    caller: async () => ({ why: 'STS is not asked here', asked: false }),
    journal: async () => journal,
    clock,
    emit: (event) => events.push(event),
    print: async (document, render) => {
      documents.push(document);
      texts.out += output === 'json' ? '' : render(document, style);
    },
    say: async (render) => {
      texts.err += await render(style);
    },
    prompter: async () => (answers === undefined ? undefined : prompter),
    untilFinished: (work) => work,
  } satisfies Partial<Context>;
  const seen = { documents, asked, out: () => texts.out, err: () => texts.err };
  // What a context has besides is for commands that are not run here.
  return { ...context, ...seen } as unknown as FakeContext;
}

/** `8443`, `+8443` where it is ticked, `-8443` where it can't be. */
function inShort({ value, checked, disabled }: Choice<string | number>): string {
  return `${disabled === true ? '-' : checked === true ? '+' : ''}${value}`;
}

function fakeIo(signal = new AbortController().signal): Io {
  const output: Output = { isTerminal: false, columns: undefined, stream: new PassThrough() };
  return {
    argv: [],
    env: { ELB_PROXY_STATE_DIR: mkdtempSync(join(tmpdir(), 'elb-proxy-context-')) },
    stdin: { isTerminal: false, stream: new PassThrough() },
    stdout: output,
    stderr: output,
    signal,
    watch: () => () => undefined,
    holder: { pid: 7, host: 'here' },
    look: () => ({ alive: false }),
    outliveReaders: () => undefined,
    self: ['elb-proxy'],
  };
}
