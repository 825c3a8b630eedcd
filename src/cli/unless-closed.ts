import { ReadStream } from 'node:tty';
import type { Io } from './io.js';

/** What a terminal's stream says of a key, where somebody reads keys from it. */
interface Key {
  readonly ctrl?: boolean;
  readonly name?: string;
}

/**
 * Asks, and gives undefined where the prompt is closed in place of being answered: by Ctrl-C, Ctrl-D, the end of the
 * input or of the terminal, or a signal to the process. No prompt of inquirer ends by itself on any of these but Ctrl-C:
 * the process would come to a standstill. After Ctrl-Z and `fg` it asks again.
 *
 * @param ask must reject once its signal is aborted, and leave the terminal as it found it
 */
export async function unlessClosed<T>(
  { stdin: { stream }, signal, watch }: Io,
  ask: (closed: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const onKey = (_text: unknown, key: Key | undefined): void => {
    if (key?.ctrl === true && (key.name === 'c' || key.name === 'd')) end();
  };
  stream.on('keypress', onKey).on('end', end).on('close', end).on('error', end);
  signal.addEventListener('abort', end);
  const unwatch = watch('SIGHUP', end);
  try {
    for (;;) {
      const again = new AbortController();
      const unwatchAgain = watch('SIGCONT', () => again.abort());
      try {
        await dropTypedAhead(stream, end);
        if (signal.aborted || ending.signal.aborted) return undefined;
        return await ask(AbortSignal.any([ending.signal, again.signal]));
      } catch (error) {
        if (ending.signal.aborted) return undefined;
        if (!again.signal.aborted) throw error;
      } finally {
        unwatchAgain();
      }
    }
  } finally {
    stream.off('keypress', onKey).off('end', end).off('close', end);
    signal.removeEventListener('abort', end);
    unwatch();
  }
}

/** How long keys are taken for typed before there was a question, in milliseconds: those that wait are read at once. */
const typedAheadMs = 50;

/**
 * Throws away what was typed before the question could be read: keys meant for the shell are no answer. Ctrl-C and Ctrl-D
 * among them count (a terminal keeps the latter as a zero until it is read).
 */
async function dropTypedAhead(stream: NodeJS.ReadableStream, end: () => void): Promise<void> {
  if (!(stream instanceof ReadStream)) return;
  const onData = (typed: Buffer | string): void => {
    if (['\u0000', '\u0003', '\u0004'].some((key) => String(typed).includes(key))) end();
  };
  stream.setRawMode(true).on('data', onData);
  await new Promise((resolve) => {
    setTimeout(resolve, typedAheadMs);
  });
  stream.off('data', onData).setRawMode(false).pause();
}
