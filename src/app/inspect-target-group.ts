import type { Tag } from '../core/model.js';
import type { TargetGroup } from '../core/network-load-balancer.js';
import { ElbProxyError } from '../errors.js';
import type { InTurn } from './at-most.js';
import type { Emit } from './events.js';
import { type OptionalRead, optionalRead } from './optional-read.js';
import type { ElasticLoadBalancingV2 } from './ports.js';

interface GroupReading {
  /** `groups`: its attributes. `all`: also its targets and tags. */
  readonly detail: 'groups' | 'all';
  readonly emit: Emit;
  /** The tags of its load balancer and all of its groups, which come in one call. */
  readonly tags?: Promise<OptionalRead<ReadonlyMap<string, readonly Tag[]>>> | undefined;
  readonly inTurn: InTurn;
}

/** A target group with the requested details; undefined if it was deleted meanwhile. */
export async function readTargetGroup(
  api: ElasticLoadBalancingV2,
  group: TargetGroup,
  { detail, emit, tags, inTurn }: GroupReading,
): Promise<TargetGroup | undefined> {
  const reading = inTurn(() => api.describeTargetGroupAttributes(group.arn));
  const [attributes, targets, known] = await Promise.all([
    reading.then((value) => ({ value, failed: undefined }), failureOf(emit)),
    detail === 'all'
      ? optionalRead(
          inTurn(() => api.describeTargetHealth(group.arn)),
          emit,
        )
      : undefined,
    tags,
  ]);
  if (attributes === 'gone') return undefined;
  const notRead = { attributes: attributes.failed, targets: targets?.failed, tags: known?.failed };
  return {
    ...group,
    attributes: attributes.value,
    targets: targets?.value,
    tags: known?.value?.get(group.arn),
    ...(Object.values(notRead).some((code) => code !== undefined) ? { notRead } : {}),
  };
}

/** An incomplete answer counts as unknown; a failed call is reported to the caller. */
function failureOf(emit: Emit) {
  return (error: unknown): { readonly value: undefined; readonly failed: string } | 'gone' => {
    if (!(error instanceof ElbProxyError)) throw error;
    if (error.code === 'TargetGroupNotFound') return 'gone';
    if (error.code !== 'incomplete-answer') throw error;
    emit({ code: 'warning', message: error.message });
    return { value: undefined, failed: error.code };
  };
}
