import { describe, expect, it } from 'vitest';
import { tokenBucket } from '../../src/aws/token-bucket.js';

const bucket = () => tokenBucket({ capacity: 4, refill: 2 });

describe('a token bucket', () => {
  it('lets its capacity out at once, then one call for each refill', () => {
    const { take } = bucket();
    expect([0, 0, 0, 0, 0, 0, 0].map(take)).toEqual([0, 0, 0, 0, 500, 1000, 1500]);
  });

  it('promises tokens in the order they are asked for: one that comes later waits behind those that wait', () => {
    const { take } = bucket();
    for (let call = 0; call < 5; call++) take(0);
    expect(take(100)).toBe(900);
    expect(take(2000)).toBe(0);
  });

  it('fills up with time, but never beyond its capacity', () => {
    const { take } = bucket();
    for (let call = 0; call < 4; call++) take(0);
    expect([60_000, 60_000, 60_000, 60_000, 60_000].map(take)).toEqual([0, 0, 0, 0, 500]);
  });

  it('never lets out more than its capacity and what has been refilled', () => {
    const { take } = bucket();
    const leaving = Array.from({ length: 60 }, (_, call) => call * 37 + take(call * 37));
    for (const start of leaving) {
      const inWindow = leaving.filter((time) => time >= start && time < start + 5000).length;
      expect(inWindow).toBeLessThanOrEqual(4 + 5 * 2);
    }
  });

  it('that was drained holds nothing, and gives nothing that it has promised twice', () => {
    const { take, drain } = bucket();
    drain(0);
    expect(take(0)).toBe(500);
    drain(0);
    expect(take(0)).toBe(1000);
  });

  it('says how long further calls would be held back, and takes nothing for it', () => {
    const { take, wouldTake } = bucket();
    expect([wouldTake(4, 0), wouldTake(10, 0), wouldTake(10, 0)]).toEqual([0, 3000, 3000]);
    expect(take(0)).toBe(0);
  });

  it('is not confused by a clock that goes back', () => {
    const { take } = bucket();
    for (let call = 0; call < 4; call++) take(1000);
    expect(take(900)).toBe(500);
    expect(take(1000)).toBe(1000);
  });
});
