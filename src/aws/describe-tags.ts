import pMap from 'p-map';
import type { Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import { batchesOf, type Calling } from './calling.js';
import type { Clients } from './client.js';
import { tagOf } from './mapping.js';
import { DescribeTagsCommand } from './sdk.js';

/** The API's own limit: names a call. */
const namesPerCall = 20;
/** Calls at a time; the service's bucket for reads holds 40. */
const callsAtOnce = 4;

type Tagged = readonly (readonly [name: string, tags: readonly Tag[]])[];

/** Tags by load balancer; one that is gone is left out. */
export async function describeTags(
  reader: Clients['reader'],
  { call, given }: Calling,
  asked: readonly string[],
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  async function tagsOf(names: readonly string[]): Promise<Tagged> {
    const subject = { action: 'DescribeTags', names };
    const output = await call(subject, () =>
      reader.send(new DescribeTagsCommand({ LoadBalancerNames: [...names] })),
    );
    const descriptions = given(output.TagDescriptions, 'TagDescriptions', subject);
    return descriptions.flatMap(({ LoadBalancerName, Tags }) =>
      LoadBalancerName && Tags ? [[LoadBalancerName, Tags.map(tagOf)] as const] : [],
    );
  }

  /** One load balancer that is gone fails the call for all twenty: then each is asked for on its own. */
  async function tagsOfThoseLeft(names: readonly string[]): Promise<Tagged> {
    try {
      return await tagsOf(names);
    } catch (error) {
      if (names.length === 1 || !isNotFound(error)) throw error;
      return (await pMap(names, tagsUnlessGone, { concurrency: callsAtOnce })).flat();
    }
  }

  function tagsUnlessGone(name: string): Promise<Tagged> {
    return tagsOf([name]).catch((error: unknown) => (isNotFound(error) ? [] : Promise.reject(error)));
  }

  const batches = batchesOf([...new Set(asked)], namesPerCall);
  return new Map((await pMap(batches, tagsOfThoseLeft, { concurrency: callsAtOnce })).flat());
}

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound';
}
