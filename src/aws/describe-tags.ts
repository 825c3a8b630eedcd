import pMap from 'p-map';
import type { Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import { batchesOf } from './calling.js';

/** The limit of both APIs: names or ARNs a call. */
export const namedPerCall = 20;
/** Calls at a time; the service's bucket for reads holds 40. */
const concurrency = 4;

/** Asks for the tags of some resources, by name or ARN, in one call. */
type Describe = (
  keys: readonly string[],
) => Promise<readonly (readonly [key: string, tags: readonly Tag[]])[]>;

/** Tags by name or ARN; one that is gone fails the call for its batch, so then each is asked for on its own. */
export async function tagsOf(
  asked: readonly string[],
  describe: Describe,
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  const alone = (key: string) =>
    describe([key]).catch((error: unknown) => (isNotFound(error) ? [] : Promise.reject(error)));
  const ofBatch = async (keys: readonly string[]) => {
    try {
      return await describe(keys);
    } catch (error) {
      if (keys.length === 1 || !isNotFound(error)) throw error;
      return (await pMap(keys, alone, { concurrency })).flat();
    }
  };
  return new Map((await pMap(batchesOf([...new Set(asked)], namedPerCall), ofBatch, { concurrency })).flat());
}

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && /^(?:LoadBalancer|TargetGroup|Listener)NotFound$/.test(error.code);
}
