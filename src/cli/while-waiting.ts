import type { Context } from './context.js';
import { canRedraw, isUtf8 } from './terminal-style.js';

/** A shorter wait, in milliseconds, is not shown. */
const patience = 200;
const everyMs = 100;
const frames = { unicode: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏', ascii: '-\\|/' };

type Waiting = Pick<Context, 'io' | 'progress'>;

/** Shows on a terminal, on a line that disappears again, what is waited for; returns what ends it. */
export function startWaiting(words: string | (() => string), { io, progress }: Waiting): () => Promise<void> {
  if (!canRedraw(io.stderr, io.env)) return async () => undefined;
  const spinner = isUtf8(io.env) ? frames.unicode : frames.ascii;
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined = setInterval(() => {
    ticks++;
    // Once it is interrupted the rest is someone else's to say.
    if (io.signal.aborted) clearInterval(timer);
    else if (ticks * everyMs >= patience)
      void progress(`${spinner[ticks % spinner.length]} ${typeof words === 'string' ? words : words()}`);
  }, everyMs);
  return async () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    await progress('');
  };
}

/** The same for as long as some work takes. */
export async function whileWaiting<T>(
  words: string | (() => string),
  work: Promise<T>,
  context: Waiting,
): Promise<T> {
  const end = startWaiting(words, context);
  try {
    return await work;
  } finally {
    await end();
  }
}
