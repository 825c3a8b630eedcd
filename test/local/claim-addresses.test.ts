import { describe, expect, it } from 'vitest';
import { claimAddresses } from '../../src/local/claim-addresses.js';
import { blockOf, firstOfBlock, LOOPBACK_BLOCKS, loopbackAddress } from '../../src/local/loopback-address.js';

describe.runIf(process.platform === 'linux')('a claim of addresses', () => {
  it('is of a block that no one else has', async () => {
    const claims = await Promise.all([claimAddresses(0), claimAddresses(0), claimAddresses(0)]);
    expect(new Set(claims.map(({ first }) => blockOf(first))).size).toBe(3);
    for (const { release } of claims) release();
  });

  it('can be had again by another once it is released', async () => {
    const before = await claimAddresses(0);
    before.release();
    const after = await claimAddresses(0);
    expect(after.first).toBeLessThanOrEqual(before.first);
    after.release();
  });

  it('leaves load balancers that have addresses where they are, even when another has their block', async () => {
    const one = await claimAddresses(7);
    const two = await claimAddresses(7);
    expect([one.first, two.first]).toEqual([7, 7]);
    one.release();
    two.release();
  });
});

it('blocks do not overlap, and begin at 127.0.1.1, 127.1.0.1, 127.2.0.1 and so on', () => {
  const blocks = Array.from({ length: LOOPBACK_BLOCKS }, (_, block) => block);
  for (const block of blocks) {
    const first = firstOfBlock(block);
    expect(loopbackAddress(first, 'linux')).toBe(block === 0 ? '127.0.1.1' : `127.${block}.0.1`);
    expect(blockOf(first)).toBe(block);
    if (block > 0) expect(blockOf(first - 1)).toBe(block - 1);
  }
});
