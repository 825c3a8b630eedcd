import { nameSome } from '../../core/name-some.js';
import type { BackendResult, Target } from '../../core/verify-result.js';
import { ElbProxyError } from '../../errors.js';
import type { Context } from '../context.js';

/** An instance or another target, with the port that it is probed on. */
export interface Registered {
  readonly id: string;
  readonly port: number;
}

/** Registered instances by their private addresses, from EC2; at least one. Those that EC2 does not know are said. */
export async function instanceTargets(
  registered: readonly Registered[],
  region: string,
  context: Context,
): Promise<readonly Target[]> {
  const ids = [...new Set(registered.map(({ id }) => id))];
  const { instanceAddresses } = await import('../../aws/instance-addresses.js');
  const addresses = await instanceAddresses(ids, {
    region,
    identity: await context.identity(),
    env: context.io.env,
  });
  const missing = ids.filter((id) => !addresses.has(id));
  if (missing.length === ids.length)
    throw new ElbProxyError(`EC2 has no address for ${nameSome(missing)}`, {
      code: 'no-addresses',
      fault: 'user',
      hint: 'check the region, or give the backends as HOST:PORT',
    });
  for (const id of missing)
    context.emit({ code: 'warning', message: `EC2 has no private address for ${id}, so it is not probed` });
  return registered.flatMap(({ id: instanceId, port }) => {
    const host = addresses.get(instanceId);
    return host === undefined ? [] : [{ host, port, instanceId }];
  });
}

/** The reason for a target that EC2 has no address for. */
export const noAddress = 'EC2 has no private address for it';
/** The advice for a target that can't be probed from here. */
export const probeElsewhere = 'probe it where it can be reached: elb-proxy verify backend HOST:PORT';

/** The result of a target whose address is not known. */
export function withoutAddress({
  target,
  instanceId,
  confidence,
}: Pick<BackendResult, 'target' | 'instanceId' | 'confidence'>): BackendResult {
  return {
    target,
    instanceId,
    vantage: { kind: 'here' },
    verdict: 'inconclusive',
    confidence,
    reason: noAddress,
    advice: probeElsewhere,
    notes: [],
    evidence: [],
  };
}
