import { constants, createReadStream, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { ElbProxyError, reasonOf } from '../../errors.js';
import { standardInput } from './not-a-capture.js';

/** Where a capture comes from. */
export interface CaptureSource {
  /** Its name in messages. */
  readonly name: string;
  /** Whether packets may still be on their way into it: a pipe. */
  readonly live: boolean;
  /** Its bytes; ends early, without an error, once the signal is aborted. */
  readonly chunks: (signal: AbortSignal) => AsyncIterable<Buffer>;
}

/** Read at once from a file. */
const pieceBytes = 1024 * 1024;

/** A capture in a file, or in a named pipe. @throws ElbProxyError `capture-unreadable` */
export async function openCapture(path: string): Promise<CaptureSource> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new Error('it is a directory');
    const stream = stats.isFIFO()
      ? await openPipe(path)
      : createReadStream(path, { highWaterMark: pieceBytes });
    return { name: path, live: !stats.isFile(), chunks: (signal) => chunksOf(stream, path, signal) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A capture that is piped in. */
export function pipedCapture(stream: NodeJS.ReadableStream): CaptureSource {
  return {
    name: standardInput,
    live: true,
    chunks: (signal) => chunksOf(stream as Readable, standardInput, signal),
  };
}

/**
 * A named pipe without a thread that waits in open() for a writer: such a thread would keep the process from ending. Until
 * the first byte comes we hold a writing end ourselves, because a pipe without a writer is at its end.
 */
async function openPipe(path: string): Promise<Readable> {
  const writer = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stream = new Socket({ fd: reader, readable: true, writable: false });
  const letGo = (): void => void writer.close().catch(() => undefined);
  return stream.once('readable', letGo).once('close', letGo);
}

async function* chunksOf(stream: Readable, name: string, signal: AbortSignal): AsyncIterable<Buffer> {
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (!signal.aborted) for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    // A stream that we stopped ends with an error of its own.
    if (!signal.aborted) throw unreadable(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** Whether it is the reading that failed. */
export function isUnreadable(error: unknown): error is ElbProxyError {
  return error instanceof ElbProxyError && error.code === unreadableCode;
}

const unreadableCode = 'capture-unreadable';

function unreadable(name: string, error: unknown): ElbProxyError {
  return new ElbProxyError(`${name} can't be read: ${reasonOf(error)}`, {
    code: unreadableCode,
    fault: 'user',
    hint: 'give a file written by tcpdump -w, or - for standard input',
    cause: error,
  });
}
