import { describe, expect, it } from 'vitest';
import { type FleetItem, type FleetRegion, inspectFleet } from '../../src/app/inspect-fleet.js';
import { type Lanes, sideBySide } from '../../src/app/side-by-side.js';
import { web } from '../core/builders.js';
import { nlb } from '../core/network-builders.js';
import { apiError, fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeNetworkReads } from './fake-network-reads.js';

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

  it('are all closed when no more are read', async () => {
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

  it('that fail do so in their turn, after what came before', async () => {
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

  it('may be none at all', async () => {
    expect(await all(sideBySide([], wide))).toEqual([]);
  });
});

describe('a fleet', () => {
  const region = (name: string, ...names: string[]) => {
    const fake = fakeLoadBalancing(...names.map((one) => web({ name: one, region: name })));
    return { ...fake, api: { ...fake.api, region: name } };
  };
  const inShort = (item: FleetItem) =>
    'loadBalancer' in item
      ? `${item.kind === 'network' ? 'nlb ' : ''}${item.loadBalancer.name}`
      : `${item.kind} ${item.region}${item.of === 'network' ? ' nlb' : ''}`;
  const emit = () => undefined;

  it('a fleet of several regions comes region by region', async () => {
    const fakes = [region('us-east-1', 'a', 'b'), region('eu-west-1', 'c')];
    const items = await all(
      inspectFleet(
        fakes.map(({ api }) => ({ region: api.region, classic: api })),
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
      inspectFleet(
        [
          { region: api.region, classic: { ...api, describeLoadBalancers: halfWay } },
          { region: whole.api.region, classic: whole.api },
        ],
        { detail: 'lists', emit },
      ),
    );
    expect(items.map(inShort)).toEqual(['a', 'failed us-east-1', 'c', 'finished eu-west-1']);
    expect(items[1]).toMatchObject({ error: { code: 'AccessDenied' } });
  });

  it('a fleet of names comes in the order of the names', async () => {
    const { api } = region('us-east-1', 'a', 'b');
    const items = await all(
      inspectFleet([{ region: api.region, classic: api }], { names: ['b', 'a'], detail: 'lists', emit }),
    );
    expect(items.map(inShort)).toEqual(['b', 'a', 'finished us-east-1']);
  });

  describe('of both kinds', () => {
    const both = (classic: readonly string[], network: readonly string[]) => {
      const { api } = region('us-east-1', ...classic);
      const fake = fakeNetworkReads(network.map((name) => nlb({ name })));
      const opened = async () => fake.api;
      return { fleet: [{ region: 'us-east-1', classic: api, network: opened }], network: fake };
    };
    const named = (fleet: readonly FleetRegion[], ...names: string[]) =>
      all(inspectFleet(fleet, { names, detail: 'lists', emit }));

    it('has Classic ones first', async () => {
      const { fleet } = both(['a', 'b'], ['a', 'c']);
      const items = await all(inspectFleet(fleet, { detail: 'lists', emit }));
      expect(items.map(inShort)).toEqual([
        'a',
        'b',
        'finished us-east-1',
        'nlb a',
        'nlb c',
        'finished us-east-1 nlb',
      ]);
    });

    it('a fleet of both kinds by name shows both namesakes, in the order of the names', async () => {
      const { fleet } = both(['a', 'b'], ['a', 'c']);
      const items = await named(fleet, 'c', 'a', 'b', 'a');
      expect(items.map(inShort)).toEqual([
        'nlb c',
        'a',
        'nlb a',
        'b',
        'finished us-east-1',
        'finished us-east-1 nlb',
      ]);
    });

    it('fails once for a name that neither kind has', async () => {
      const { fleet } = both(['a'], ['c']);
      expect(await named(fleet, 'a', 'gone', 'c')).toMatchObject([
        {
          kind: 'failed',
          error: {
            code: 'LoadBalancerNotFound',
            message: 'no Classic or Network Load Balancer named gone in us-east-1',
          },
        },
      ]);
    });

    it('says of a name that is not a Classic one what else could not be asked', async () => {
      const { fleet, network } = both(['a'], ['c']);
      network.fail = () => 'AccessDenied';
      const [item] = await named(fleet, 'c');
      expect(item).toMatchObject({ kind: 'failed', of: 'classic', error: { code: 'LoadBalancerNotFound' } });
      expect(item).toMatchObject({
        error: {
          message: expect.stringContaining(
            'Network Load Balancers could not be read: the service said AccessDenied',
          ),
        },
      });
    });

    it('shows the Classic one where the others may not be read, or can’t be opened', async () => {
      const { fleet, network } = both(['a'], ['a']);
      network.fail = () => 'AccessDenied';
      expect((await named(fleet, 'a')).map(inShort)).toEqual([
        'a',
        'finished us-east-1',
        'failed us-east-1 nlb',
      ]);
      const closed = fleet.map((one) => ({
        ...one,
        network: () => Promise.reject(apiError('no-network-endpoint')),
      }));
      for (const items of [
        await named(closed, 'a'),
        await all(inspectFleet(closed, { detail: 'lists', emit })),
      ])
        expect(items.map(inShort)).toEqual(['a', 'finished us-east-1', 'failed us-east-1 nlb']);
    });

    it('shows the other where the Classic one may not be read', async () => {
      const { fleet } = both([], ['a']);
      const classic = { ...fleet[0]!.classic, describeLoadBalancers: denied };
      expect((await named([{ ...fleet[0]!, classic }], 'a')).map(inShort)).toEqual([
        'nlb a',
        'failed us-east-1',
        'finished us-east-1 nlb',
      ]);
    });
  });
});

// oxlint-disable-next-line eslint/require-yield -- it fails before there is anything to give
async function* denied(): AsyncGenerator<never> {
  throw apiError('AccessDenied');
}
