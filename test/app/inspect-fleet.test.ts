import { describe, expect, it } from 'vitest';
import { type FleetItem, inspectFleet } from '../../src/app/inspect-fleet.js';
import { type Lanes, sideBySide } from '../../src/app/side-by-side.js';
import { web } from '../core/builders.js';
import { apiError, fakeLoadBalancing } from './fake-load-balancing.js';

const soon = () => new Promise((resolve) => setImmediate(resolve));
const wide: Lanes = { atOnce: 10, ahead: 10 };

/** A source that counts what was taken from it, and takes its time. */
function source(name: string, length: number, turns = 1) {
  const seen = { given: 0, closed: false };
  async function* items() {
    try {
      for (let item = 0; item < length; item++) {
        for (let turn = 0; turn < turns; turn++) await soon();
        seen.given++;
        yield `${name}${item}`;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, items: items() };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('sources side by side', () => {
  it('come one after the other, whichever is faster', async () => {
    const [slow, fast, none] = [source('a', 3, 5), source('b', 2), source('c', 0)];
    expect(await all(sideBySide([slow.items, none.items, fast.items], wide))).toEqual([
      'a0',
      'a1',
      'a2',
      'b0',
      'b1',
    ]);
  });

  it('are read ahead of their turn, up to a limit', async () => {
    const [first, second] = [source('a', 1, 50), source('b', 100)];
    const items = sideBySide([first.items, second.items], { atOnce: 2, ahead: 7 });
    expect((await items.next()).value).toBe('a0');
    expect(second.seen.given).toBe(7);
    expect(await all(items)).toHaveLength(100);
  });

  it('run only so many at once; the next begins when one ends', async () => {
    const sources = [source('a', 1, 9), source('b', 1), source('c', 1), source('d', 1)];
    const items = sideBySide(
      sources.map((one) => one.items),
      { atOnce: 2, ahead: 10 },
    );
    const first = items.next();
    await soon();
    expect(sources.map(({ seen }) => seen.given)).toEqual([0, 1, 0, 0]);
    await first;
    expect(await all(items)).toEqual(['b0', 'c0', 'd0']);
  });

  it('are all closed when nobody takes any more', async () => {
    const sources = [source('a', 50), source('b', 50)];
    for await (const _ of sideBySide(
      sources.map((one) => one.items),
      { atOnce: 2, ahead: 3 },
    ))
      break;
    for (let turn = 0; turn < 10; turn++) await soon();
    expect(sources.map(({ seen }) => seen.closed)).toEqual([true, true]);
    expect(sources.every(({ seen }) => seen.given < 10)).toBe(true);
  });

  it('that fail fail in their turn, behind what came before', async () => {
    async function* failing() {
      yield 'x';
      throw new Error('broken');
    }
    const items = sideBySide([source('a', 2, 3).items, failing()], wide);
    expect([await items.next(), await items.next(), await items.next()].map(({ value }) => value)).toEqual([
      'a0',
      'a1',
      'x',
    ]);
    await expect(items.next()).rejects.toThrow('broken');
  });

  it('of which there are none are nothing', async () => {
    expect(await all(sideBySide([], wide))).toEqual([]);
  });
});

describe('a fleet', () => {
  const region = (name: string, ...names: string[]) => {
    const fake = fakeLoadBalancing(...names.map((one) => web({ name: one, region: name })));
    return { ...fake, api: { ...fake.api, region: name } };
  };
  const inShort = (item: FleetItem) =>
    item.kind === 'load-balancer' ? item.loadBalancer.name : `${item.kind} ${item.region}`;
  const emit = () => undefined;

  it('of several regions comes region by region', async () => {
    const fakes = [region('us-east-1', 'a', 'b'), region('eu-west-1', 'c')];
    const items = await all(
      inspectFleet(
        fakes.map(({ api }) => api),
        { detail: 'lists', emit },
      ),
    );
    expect(items.map(inShort)).toEqual(['a', 'b', 'finished us-east-1', 'c', 'finished eu-west-1']);
  });

  it('shows what was read of a region that fails, then its failure, then the others', async () => {
    const [broken, whole] = [region('us-east-1', 'a', 'b'), region('eu-west-1', 'c')];
    const { api } = broken;
    async function* halfWay() {
      for await (const page of api.describeLoadBalancers()) {
        yield page;
        throw apiError('AccessDenied');
      }
    }
    const items = await all(
      inspectFleet([{ ...api, describeLoadBalancers: halfWay }, whole.api], { detail: 'lists', emit }),
    );
    expect(items.map(inShort)).toEqual(['a', 'failed us-east-1', 'c', 'finished eu-west-1']);
    expect(items[1]).toMatchObject({ error: { code: 'AccessDenied' } });
  });

  it('of names comes in the order of the names', async () => {
    const { api } = region('us-east-1', 'a', 'b');
    const items = await all(inspectFleet([api], { names: ['b', 'a'], detail: 'lists', emit }));
    expect(items.map(inShort)).toEqual(['b', 'a', 'finished us-east-1']);
  });
});
