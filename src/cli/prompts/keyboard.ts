import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { ReadStream } from 'node:tty';

/** Keys that arrive within so many milliseconds were typed before the question: those that wait are read at once. */
const typedAheadMs = 50;

/** Ctrl-C, Ctrl-D, and the byte that a terminal keeps for a Ctrl-D typed before keys were read. */
const closingBytes: readonly number[] = [0x03, 0x04, 0x00];

const ignored = (): void => undefined;

/** The keys of a terminal, for one question. */
export interface Keyboard {
  /** Passed to prompts as the terminal they read from. */
  readonly input: NodeJS.ReadableStream;
  /** Gives the terminal back as it was. */
  readonly close: () => void;
}

/**
 * Reads keys from a terminal. Keys typed before are discarded: they were meant for the shell and are not an answer.
 *
 * @param deaf keys that do nothing
 * @param closed is called on Ctrl-C, Ctrl-D, and the end of the input: readline would wait for ever after most of these, and
 *   where the terminal itself is gone, fail if no one can catch it
 */
export async function openKeyboard(
  stream: NodeJS.ReadableStream,
  closed: () => void,
  deaf: readonly number[] = [],
): Promise<Keyboard> {
  const setRawMode = (on: boolean): void => {
    try {
      if (stream instanceof ReadStream) stream.setRawMode(on);
    } catch {
      closed();
    }
  };
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode });
  let asked = false;
  const onData = (typed: Buffer): void => {
    if (closingBytes.some((byte) => typed.includes(byte))) closed();
    else if (asked) input.write(typed.filter((byte) => !deaf.includes(byte)));
  };
  stream.on('data', onData).on('end', closed).on('close', closed).on('error', closed).resume();
  if (stream instanceof ReadStream) {
    setRawMode(true);
    await setTimeout(typedAheadMs);
  }
  asked = true;
  return {
    input,
    close: () => {
      stream.off('data', onData).off('end', closed).off('close', closed).pause();
      setRawMode(false);
      // No one reads from the terminal any more, so its later errors do not matter.
      stream.off('error', closed).off('error', ignored).on('error', ignored);
    },
  };
}
