import type { NoInstancePort } from '../core/choose-ports.js';
import type { LoadBalancerIdentity } from '../core/model.js';
import { nextCommand, statusCommand } from '../core/next-command.js';
import { ElbProxyError, messageOf, usageError } from '../errors.js';
import { isUnavailable } from './network-unavailable.js';

/** The circumstances of a load balancer that was not found. */
interface NotThere {
  /** `Classic` unless others were asked for, too. */
  readonly kinds?: 'Classic' | 'Classic or Network';
  readonly requestId?: string | undefined;
  /** Why it may exist after all: the error of asking for Network Load Balancers. */
  readonly unasked?: unknown;
}

/** A load balancer that is not there. */
export function noSuchLoadBalancer(
  { name, region }: Named,
  { kinds = 'Classic', requestId, unasked }: NotThere = {},
): ElbProxyError {
  // If the others can't be read at all, there is nothing of that name here; after a temporary failure there may be.
  const ofTheMoment = unasked instanceof ElbProxyError && !isUnavailable(unasked, true) ? unasked : undefined;
  return new ElbProxyError(
    `no ${kinds} Load Balancer named ${name} in ${region}${unasked === undefined ? '' : `, and Network Load Balancers could not be read: ${messageOf(unasked)}`}`,
    {
      code: ofTheMoment?.code ?? 'LoadBalancerNotFound',
      fault: ofTheMoment?.fault ?? 'user',
      hint:
        ofTheMoment?.hint ??
        [`list what is there with: ${nextCommand('status', [], { region })}`, ...denied(unasked)].join('; '),
      requestId: ofTheMoment?.requestId ?? requestId,
    },
  );
}

/** The way out if Network Load Balancers may not be read. */
function denied(unasked: unknown): readonly string[] {
  return unasked instanceof ElbProxyError &&
    /^AccessDenied|^UnauthorizedOperation/.test(unasked.code) &&
    unasked.hint !== undefined
    ? [`if it is a Network Load Balancer: ${unasked.hint}`]
    : [];
}

/** A `--port` that is not an instance port of the load balancer, with what was probably meant. */
export function notAnInstancePort({ name, region }: Named, wrong: NoInstancePort): ElbProxyError {
  const [target] = wrong.forwardsTo;
  if (target !== undefined)
    return usageError(
      `--port ${wrong.port} is a load balancer port of ${name} (${region}), not an instance port: it forwards to instance port ${target}`,
      `use --port ${target}`,
    );
  const known =
    wrong.instancePorts.length === 0
      ? 'it has none'
      : `its instance ports are ${wrong.instancePorts.join(', ')}`;
  return usageError(
    `--port ${wrong.port} is not an instance port of load balancer ${name} (${region}): ${known}`,
    `see them with: ${statusCommand({ name, region })}`,
  );
}

type Named = Pick<LoadBalancerIdentity, 'name' | 'region'>;
