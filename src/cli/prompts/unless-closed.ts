import type { Io } from '../io.js';
import { openKeyboard } from './keyboard.js';

/**
 * Asks, and gives undefined if the prompt is closed instead of being answered: by Ctrl-C, Ctrl-D, the end of the
 * input or of the terminal, or a signal to the process. After Ctrl-Z and `fg` it asks again.
 *
 * @param ask must reject once its signal is aborted, and leave the terminal as it found it
 * @param deaf bytes of keys that do nothing
 */
export async function unlessClosed<T>(
  { stdin, signal, watch }: Io,
  ask: (input: NodeJS.ReadableStream, closed: AbortSignal) => Promise<T>,
  deaf: readonly number[] = [],
): Promise<T | undefined> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end);
  const unwatch = watch('SIGHUP', end);
  try {
    for (;;) {
      const again = new AbortController();
      const unwatchAgain = watch('SIGCONT', () => again.abort());
      const { input, close } = await openKeyboard(stdin.stream, end, deaf);
      try {
        if (signal.aborted || ending.signal.aborted) return undefined;
        return await ask(input, AbortSignal.any([ending.signal, again.signal]));
      } catch (error) {
        if (ending.signal.aborted) return undefined;
        if (!again.signal.aborted) throw error;
      } finally {
        close();
        unwatchAgain();
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    unwatch();
  }
}
