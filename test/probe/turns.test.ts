import { describe, expect, it, vi } from 'vitest';
import { turns } from '../../src/probe/turns.js';

describe('turns', () => {
  it('are taken by so many at once, the others first come first served', async () => {
    const { take } = turns(2, 10_000);
    const began: number[] = [];
    const ends = [0, 1, 2, 3].map(async (n) => {
      const end = await take();
      began.push(n);
      return end;
    });
    const [first] = [await ends[0], await ends[1]];
    expect(began).toEqual([0, 1]);
    first?.();
    // Ending twice gives one turn back.
    first?.();
    await ends[2];
    expect(began).toEqual([0, 1, 2]);
    (await ends[1])?.();
    await ends[3];
    expect(began).toEqual([0, 1, 2, 3]);
  });

  it('end by themselves where what they were taken for only waits', async () => {
    vi.useFakeTimers();
    try {
      const { take } = turns(1, 25);
      await take();
      const next = take();
      await vi.advanceTimersByTimeAsync(24);
      let began = false;
      void next.then(() => (began = true));
      await vi.advanceTimersByTimeAsync(0);
      expect(began).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(began).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
