import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandLine } from '../../src/cli/command-line.js';
import type { Io, Output } from '../../src/cli/io.js';
import { makePrinter } from '../../src/cli/printer.js';
import { startWaiting, whileWaiting } from '../../src/cli/while-waiting.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Watched {
  readonly isTerminal?: boolean;
  readonly env?: Io['env'];
  readonly signal?: AbortSignal;
}

/** A terminal, and all that was written to it, whichever stream it came by. */
function terminal({
  isTerminal = true,
  env = { LANG: 'C.UTF-8' },
  signal = new AbortController().signal,
}: Watched = {}) {
  const stream = new PassThrough();
  let screen = '';
  stream.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  const output: Output = { isTerminal, columns: isTerminal ? 80 : undefined, stream };
  const io = { stdout: output, stderr: output, env, signal } as Io;
  const line = { output: 'text', colour: { color: false, noColor: true } } as CommandLine;
  const printer = makePrinter(io, line);
  return { io, ...printer, screen: () => screen.replaceAll('\r\u001b[2K', '<') };
}

describe('a wait', () => {
  it('is not shown before 200 ms, then spins, and disappears', async () => {
    const context = terminal();
    const end = startWaiting('reading', context);
    await vi.advanceTimersByTimeAsync(199);
    expect(context.screen()).toBe('');
    await vi.advanceTimersByTimeAsync(101);
    expect(context.screen()).toBe('<⠹ reading<⠸ reading');
    await end();
    expect(context.screen()).toBe('<⠹ reading<⠸ reading<');
    await vi.advanceTimersByTimeAsync(1000);
    await end();
    expect(context.screen()).toBe('<⠹ reading<⠸ reading<');
  });

  it('leaves nothing on the screen if it is short', async () => {
    const context = terminal();
    expect(await whileWaiting('reading', Promise.resolve(7), context)).toBe(7);
    expect(context.screen()).toBe('');
  });

  it('goes away if the work fails, too', async () => {
    const context = terminal();
    const work = new Promise((_, reject) => {
      setTimeout(() => reject(new Error('no')), 250);
    });
    const waited = expect(whileWaiting('reading', work, context)).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(300);
    await waited;
    expect(context.screen()).toBe('<⠹ reading<');
  });

  it('is ASCII where the locale is', async () => {
    const context = terminal({ env: { LANG: 'C' } });
    startWaiting('reading', context);
    await vi.advanceTimersByTimeAsync(500);
    expect(context.screen()).toMatch(/^(?:<[-\\|/] reading)+$/);
  });

  it.each([
    ['without a terminal', { isTerminal: false }],
    ['on a dumb terminal', { env: { TERM: 'dumb', LANG: 'C.UTF-8' } }],
    ['once it is interrupted', { signal: AbortSignal.abort() }],
  ])('is not shown %s', async (_, watched: Watched) => {
    const context = terminal(watched);
    startWaiting('reading', context);
    await vi.advanceTimersByTimeAsync(1000);
    expect(context.screen()).toBe('');
  });

  it('is never longer than a line of the terminal, since only the last of two could be erased', async () => {
    const { progress, screen } = terminal();
    await progress('x'.repeat(200));
    expect(screen()).toBe(`<${'x'.repeat(79)}`);
  });

  it('makes room for messages and for results, and comes back behind them', async () => {
    const context = terminal();
    startWaiting('reading', context);
    await vi.advanceTimersByTimeAsync(200);
    vi.useRealTimers();
    await context.say(() => 'a warning\n');
    expect(context.screen()).toBe('<⠹ reading<a warning\n');
    await context.progress('still reading');
    await context.print({}, () => 'a result\n');
    await context.progress('still reading');
    await context.printPart({ json: () => '', text: () => 'a part\n' });
    expect(context.screen()).toBe('<⠹ reading<a warning\n<still reading<a result\n<still reading<a part\n');
  });
});
