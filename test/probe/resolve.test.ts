import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resolve } from '../../src/probe/resolve.js';
import { echo, Stage, verdictOn } from '../peers/verify-servers.js';

const lookup = vi.fn();

const leadsTo = (...addresses: string[]) =>
  lookup.mockResolvedValue(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('a name', () => {
  const { lookup: own } = dns;
  const answerBy = (answer: unknown) => {
    Object.assign(dns, { lookup: answer });
    syncBuiltinESMExports();
  };
  beforeAll(() => answerBy(lookup));
  afterAll(() => answerBy(own));

  it('that takes too long to look up is not said to lead nowhere', async () => {
    lookup.mockReturnValue(new Promise(() => undefined));
    const { addresses, why } = await resolve('slow.example', 50);
    expect([addresses, why]).toEqual([[], 'the name slow.example could not be resolved within 0.05 s']);
    lookup.mockRejectedValue(new Error('ENOTFOUND'));
    expect((await resolve('none.example', 50)).why).toBe('the name none.example has no address');
  });

  it('that leads to several hosts is probed at one of them, and that is said', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(echo());
    leadsTo('127.0.0.1', '127.0.0.2', '::1');
    const { result } = await verdictOn(port, {}, 'several.example');
    expect(result).toMatchObject({
      address: '127.0.0.1',
      notes: ['several.example has 2 addresses: only 127.0.0.1 was probed.'],
    });
  });

  it('that leads to one host by both families says nothing of it, and the address that answers counts', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(createServer((socket) => void socket.pipe(socket)));
    leadsTo('::1', '127.0.0.1');
    expect((await verdictOn(port, {}, 'both.example')).result).toMatchObject({
      address: '127.0.0.1',
      notes: [],
    });
  });
});
