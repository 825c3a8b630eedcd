import type { TagDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import pMap from 'p-map';
import type { Tag } from '../../core/model.js';
import { ElbProxyError } from '../../errors.js';
import { tagOf } from '../mapping.js';

/** DescribeTags calls at a time; the service's bucket for reads holds 40. */
const concurrency = 4;

/** Asks for the tags of some load balancers and target groups in one call. */
type Describe = (arns: readonly string[]) => Promise<readonly TagDescription[]>;

/** Tags by ARN. One that is gone fails the call for all of its batch: then each is asked for on its own. */
export async function tagsByArn(
  batches: readonly (readonly string[])[],
  describe: Describe,
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  const alone = (arn: string) =>
    describe([arn]).catch((error: unknown) => (isNotFound(error) ? [] : Promise.reject(error)));
  const ofBatch = async (arns: readonly string[]) => {
    try {
      return await describe(arns);
    } catch (error) {
      if (arns.length === 1 || !isNotFound(error)) throw error;
      return (await pMap(arns, alone, { concurrency })).flat();
    }
  };
  const found = (await pMap(batches, ofBatch, { concurrency })).flat();
  return new Map(
    found.flatMap(({ ResourceArn, Tags }) => (ResourceArn && Tags ? [[ResourceArn, Tags.map(tagOf)]] : [])),
  );
}

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && /^(?:LoadBalancer|TargetGroup|Listener)NotFound$/.test(error.code);
}
