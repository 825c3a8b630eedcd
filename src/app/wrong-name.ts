import type { NoInstancePort } from '../core/choose-ports.js';
import type { LoadBalancerIdentity } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { ElbProxyError, usageError } from '../errors.js';

/** A load balancer that is not there. */
export function noSuchLoadBalancer({ name, region }: Named): ElbProxyError {
  return new ElbProxyError(`no Classic Load Balancer named ${name} in ${region}`, {
    code: 'LoadBalancerNotFound',
    fault: 'user',
    hint: `list those that are there with: ${nextCommand('status', [], { region })}`,
  });
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
    `see them with: ${nextCommand('status', [name], { region })}`,
  );
}

type Named = Pick<LoadBalancerIdentity, 'name' | 'region'>;
