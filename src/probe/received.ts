/** No more is kept of what a backend says. */
const keptAtMost = 4096;

/** A backend that says more than this is not listened to any longer. */
export const listenedAtMost = 1 << 16;

/** Milliseconds: an answer may come in parts; once it pauses so long it is taken for whole. */
export const quietMs = 250;

/** Bytes as they come, the first of them kept. */
export interface Received {
  readonly add: (chunk: Uint8Array) => void;
  readonly bytes: () => Buffer;
  readonly total: () => number;
}

/** Nothing yet. */
export function receivedBytes(): Received {
  let kept = Buffer.alloc(0);
  let total = 0;
  return {
    add: (chunk) => {
      total += chunk.length;
      if (kept.length < keptAtMost) kept = Buffer.concat([kept, chunk.subarray(0, keptAtMost - kept.length)]);
    },
    bytes: () => kept,
    total: () => total,
  };
}
