import type { ElasticLoadBalancingV2, TargetGroupFilter } from '../../src/app/ports.js';
import type { NetworkLoadBalancer, TargetGroup } from '../../src/core/network-load-balancer.js';
import { ElbProxyError } from '../../src/errors.js';
import { apiError } from './fake-load-balancing.js';

/** An ELBv2 API in memory that can only be read. */
export interface FakeNetworkReads {
  readonly api: ElasticLoadBalancingV2;
  /** Every call, in order: the action and what it is about. */
  readonly calls: string[];
  /** How many calls were under way at once, at most. */
  readonly mostAtOnce: () => number;
  /** Fails a call as {@link calls} says; undefined lets it pass. */
  fail: (call: string) => string | undefined;
}

/**
 * Starts with some load balancers and their groups, and groups that are on none.
 *
 * @param pageSize load balancers and groups a page
 */
export function fakeNetworkReads(
  loadBalancers: readonly NetworkLoadBalancer[],
  {
    loose = [],
    pageSize = 400,
  }: { readonly loose?: readonly TargetGroup[]; readonly pageSize?: number } = {},
): FakeNetworkReads {
  const calls: string[] = [];
  let underWay = 0;
  let most = 0;
  const groups = [...loadBalancers.flatMap(({ targetGroups = [] }) => targetGroups), ...loose];
  const fake = { calls, mostAtOnce: () => most, fail: (_call: string): string | undefined => undefined };
  async function answer<T>(call: string, value: () => T): Promise<T> {
    calls.push(call);
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    const code = fake.fail(call);
    if (code !== undefined) throw apiError(code);
    return value();
  }
  async function* pagesOf<T>(call: string, all: readonly T[]): AsyncGenerator<readonly T[]> {
    for (let from = 0; from === 0 || from < all.length; from += pageSize)
      yield await answer(call, () => all.slice(from, from + pageSize));
  }
  const groupOf = (arn: string): TargetGroup => {
    const found = groups.find((group) => group.arn === arn);
    if (found === undefined) throw apiError('TargetGroupNotFound');
    return found;
  };
  const matching = (filter: TargetGroupFilter | undefined) => (group: TargetGroup) =>
    filter === undefined ||
    ('arns' in filter
      ? filter.arns.includes(group.arn)
      : 'names' in filter
        ? filter.names.includes(group.name)
        : group.loadBalancerArns?.includes(filter.loadBalancerArn) === true);
  const api: ElasticLoadBalancingV2 = {
    region: 'us-east-1',
    describeLoadBalancers: async function* (names = []) {
      const shown = loadBalancers
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .map(
          ({ listeners: _l, targetGroups: _g, tags: _t, notRead: _n, missing: _m, ...identity }) => identity,
        );
      if (shown.length < names.length) {
        await answer(`loadBalancers ${names.join(',')}`, () => undefined);
        throw apiError('LoadBalancerNotFound');
      }
      yield* pagesOf(['loadBalancers', ...names].join(' '), shown);
    },
    describeTargetGroups: (filter) =>
      pagesOf(
        filter === undefined ? 'targetGroups' : `targetGroups ${Object.values(filter).flat().join(',')}`,
        groups
          .filter(matching(filter))
          .map(({ attributes: _a, targets: _h, tags: _t, notRead: _n, ...group }) => group),
      ),
    describeTargetGroupAttributes: (arn) =>
      answer(`attributes ${groupOf(arn).name}`, () => {
        const { attributes } = groupOf(arn);
        if (attributes === undefined) throw apiError('incomplete-answer');
        return attributes;
      }),
    describeListeners: (arn) => {
      const found = loadBalancers.find((one) => one.arn === arn);
      return answer(`listeners ${found?.name}`, () => {
        if (found?.listeners === undefined) throw apiError('incomplete-answer');
        return found.listeners;
      });
    },
    describeTargetHealth: (arn) => answer(`health ${groupOf(arn).name}`, () => groupOf(arn).targets ?? []),
    describeTags: (arns) =>
      answer(`tags ${arns.length}`, () => {
        const all = [...loadBalancers, ...groups].filter(({ arn }) => arns.includes(arn));
        return new Map(all.map(({ arn, tags = [] }) => [arn, tags]));
      }),
    modifyTargetGroupAttributes: () => {
      throw new ElbProxyError('nothing is written here', { code: 'tool', fault: 'tool' });
    },
    effectOf: () => 'unknown',
  };
  return Object.assign(fake, { api });
}
