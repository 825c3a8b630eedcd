/** Bytes that come in chunks and are taken in pieces of known length. */
export interface ByteQueue {
  /** Keeps a view of the chunk until its bytes are dropped. */
  readonly add: (chunk: Buffer) => void;
  /** Nothing more will be added. */
  readonly end: () => void;
  readonly ended: () => boolean;
  /** Whether so many bytes are there. */
  readonly has: (length: number) => boolean;
  /** The next bytes, which must be there: a view, valid until the next `add`. */
  readonly view: (length: number) => Buffer;
  /** Lets go of bytes, so many of them as are there; gives how many that were. */
  readonly drop: (length: number) => number;
  /** How many bytes were dropped in all: the place in the file. */
  readonly position: () => number;
}

/** An empty queue. Chunks are joined only where a piece spans them, and each of them once. */
export function byteQueue(): ByteQueue {
  let held: Buffer = Buffer.alloc(0);
  let at = 0;
  let later: Buffer[] = [];
  let laterLength = 0;
  let position = 0;
  let ended = false;
  const joinAll = (): void => {
    held = Buffer.concat([held.subarray(at), ...later]);
    at = 0;
    later = [];
    laterLength = 0;
  };
  const has = (length: number): boolean => {
    if (held.length - at >= length) return true;
    if (held.length - at + laterLength < length) return false;
    joinAll();
    return true;
  };
  return {
    add: (chunk) => {
      if (at === held.length && laterLength === 0) {
        held = chunk;
        at = 0;
      } else {
        later.push(chunk);
        laterLength += chunk.length;
      }
    },
    end: () => {
      ended = true;
    },
    ended: () => ended,
    has,
    view: (length) => held.subarray(at, at + length),
    drop: (length) => {
      if (held.length - at < length && laterLength > 0) joinAll();
      const dropped = Math.min(length, held.length - at);
      at += dropped;
      position += dropped;
      return dropped;
    },
    position: () => position,
  };
}
