/** More than this ahead of a hole is not kept: what is missing will not come any more. */
const [segmentsAhead, bytesAhead] = [64, 64 * 1024] as const;

/** The room for bytes ahead of holes, of all connections together. */
export interface AheadBudget {
  left: number;
}

/** One direction of a connection, put in order from its first byte on. */
export interface FirstBytes {
  /** Takes a segment's payload: where it begins, its length on the wire, and the part that was captured. */
  readonly add: (sequence: number, length: number, captured: Uint8Array) => void;
  /** The sequence number of the next byte that is missing. */
  readonly next: () => number;
  /** A snap length cut off what comes next: nothing more can be put behind it. */
  readonly cut: () => boolean;
  /** Bytes behind a hole, more of them than are kept. */
  readonly lost: () => boolean;
  /** Lets go of what is kept. */
  readonly dispose: () => void;
}

interface Ahead {
  readonly sequence: number;
  readonly length: number;
  readonly captured: Uint8Array;
}

/** How far one sequence number is ahead of another; they wrap around. */
export function distance(ahead: number, behind: number): number {
  return (ahead - behind) | 0;
}

/**
 * Puts segments in order from the sequence number `first` on: repeated bytes are passed over, overlaps count once (the
 * first one), and bytes ahead wait for missing ones. `onBytes` gets a view of a segment at a time.
 */
export function firstBytes(
  first: number,
  budget: AheadBudget,
  onBytes: (bytes: Uint8Array) => void,
): FirstBytes {
  let next = first >>> 0;
  let [cut, lost] = [false, false];
  let ahead: Ahead[] = [];
  let kept = 0;

  const letGo = (): void => {
    budget.left += kept;
    kept = 0;
    ahead = [];
  };

  const deliver = ({ sequence, length, captured }: Ahead): void => {
    const known = distance(next, sequence);
    if (known >= length) return;
    const fresh = captured.subarray(known);
    cut = captured.length < length;
    next = (sequence + (cut ? Math.max(known, captured.length) : length)) >>> 0;
    if (fresh.length > 0) onBytes(fresh);
    if (cut) letGo();
  };

  const fill = (): void => {
    for (;;) {
      const index = ahead.findIndex(({ sequence }) => distance(sequence, next) <= 0);
      const [found] = index < 0 ? [] : ahead.splice(index, 1);
      if (found === undefined) return;
      kept -= found.captured.length;
      budget.left += found.captured.length;
      deliver(found);
    }
  };

  return {
    add: (sequence, length, captured) => {
      if (cut || lost || length === 0) return;
      if (distance(sequence, next) <= 0) {
        deliver({ sequence, length, captured });
        if (ahead.length > 0) fill();
        return;
      }
      if (ahead.some((one) => one.sequence === sequence && one.length >= length)) return;
      lost =
        ahead.length === segmentsAhead ||
        kept + captured.length > bytesAhead ||
        captured.length > budget.left;
      if (lost) return letGo();
      // A copy: the packet's memory is used again.
      ahead.push({ sequence, length, captured: Uint8Array.from(captured) });
      kept += captured.length;
      budget.left -= captured.length;
    },
    next: () => next,
    cut: () => cut,
    lost: () => lost,
    dispose: letGo,
  };
}
