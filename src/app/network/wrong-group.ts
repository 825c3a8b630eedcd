import { nameSome } from '../../core/name-some.js';
import { groupsInWords, type WrongChoice, withoutHeaderInWords } from '../../core/network/choose-groups.js';
import { rawValue } from '../../core/network/group-state.js';
import {
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../core/network-load-balancer.js';
import { nextCommand, statusCommand } from '../../core/next-command.js';
import { ElbProxyError, usageError } from '../../errors.js';

/** An impossible choice of target groups. */
export function wrongChoice(loadBalancer: NetworkLoadBalancer, wrong: WrongChoice): ElbProxyError {
  const { name, region } = loadBalancer;
  const look = `see them with: ${statusCommand({ name, region })}`;
  switch (wrong.kind) {
    case 'no-listener': {
      const known =
        wrong.ports.length === 0 ? 'it has no listener' : `its listeners are on ${wrong.ports.join(', ')}`;
      return usageError(
        `--listener ${wrong.port}: load balancer ${name} (${region}) has no listener on that port: ${known}`,
        look,
      );
    }
    case 'forwards-to-none':
      return usageError(
        `--listener ${wrong.listener.port}: the listener ${wrong.listener.protocol} ${wrong.listener.port} of load balancer ${name} (${region}) forwards to no target group`,
        'name the group with --target-group',
      );
    case 'group-not-listed':
      return new ElbProxyError(
        `the listener ${wrong.listener.protocol} ${wrong.listener.port} of load balancer ${name} (${region}) forwards to ${wrong.arn}, which the service does not list as one of its target groups: its setting is not known, so nothing is written`,
        { code: 'incomplete-answer', fault: 'service', hint: look },
      );
    case 'no-group':
      return usageError(
        `load balancer ${name} (${region}) has no target group that can send the PROXY protocol, so --all-target-groups selects nothing${wrong.left.length === 0 ? '' : `: ${withoutHeaderInWords(wrong.left)} can't`}`,
        look,
      );
  }
}

/** A group of another load balancer than the named one. */
export function onAnother(
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
  action: 'enable' | 'disable',
): ElbProxyError {
  const { name, region } = loadBalancer;
  const [arn = ''] = group.loadBalancerArns ?? [];
  const other = nameInArn(arn);
  // By its protocol: an emulator's ARNs may say otherwise.
  const isNetwork = !['HTTP', 'HTTPS', 'GENEVE'].includes(group.protocol);
  const type = group.protocol === 'GENEVE' ? 'Gateway' : 'Application';
  return usageError(
    `target group ${group.name} is on ${isNetwork ? 'load balancer' : `the ${type} Load Balancer`} ${other}, not on ${name} (${region})`,
    isNetwork
      ? `use that one: ${nextCommand(action, [other], { 'target-group': group.name, region })}`
      : groupsOf(loadBalancer),
  );
}

/** The service never allows it: a change would be one for both. */
export function onTwo({ name, region }: NetworkLoadBalancer, group: TargetGroup): ElbProxyError {
  const arns = group.loadBalancerArns ?? [];
  return new ElbProxyError(
    `the service says that target group ${group.name} is on ${arns.length} load balancers (${arns.map(nameInArn).join(', ')}), which ELBv2 does not allow: it is not clear what a change on ${name} (${region}) would affect, so nothing is written`,
    {
      code: 'several-load-balancers',
      fault: 'service',
      hint: "take it off one of them first; if this is not AWS, the fault is that service's",
    },
  );
}

/** No group has this name or ARN. */
export function noSuchGroup(loadBalancer: NetworkLoadBalancer, word: string): ElbProxyError {
  const hint = loadBalancer.targetGroups?.length ? '' : `; see it with: ${statusCommand(loadBalancer)}`;
  return new ElbProxyError(`no target group ${word} in ${loadBalancer.region}`, {
    code: 'TargetGroupNotFound',
    fault: 'user',
    hint: `load balancer ${groupsOf(loadBalancer)}${hint}`,
  });
}

function groupsOf(loadBalancer: NetworkLoadBalancer): string {
  const groups = groupsInWords(loadBalancer);
  return `${loadBalancer.name} has${groups.length === 0 ? ' no target group' : `: ${nameSome(groups)}`}`;
}

/** An attribute that is neither true nor false: it is not known whether the header is sent. */
export function notABoolean({ name, region }: NetworkLoadBalancer, group: TargetGroup): ElbProxyError {
  return new ElbProxyError(
    `${proxyProtocolV2Key} of target group ${group.name} (load balancer ${name}, ${region}) is ${JSON.stringify(rawValue(group))}, neither true nor false: it is not known whether it sends the header, so nothing is written`,
    {
      code: 'unknown-attribute-value',
      fault: 'service',
      hint: `set it to true or false first, with: aws elbv2 modify-target-group-attributes --target-group-arn ${group.arn} --attributes Key=${proxyProtocolV2Key},Value=false`,
    },
  );
}

/** The load balancer's name in an ARN, `…:loadbalancer/net/NAME/ID`. */
export function nameInArn(arn: string): string {
  return /:loadbalancer\/(?:[a-z]+\/)?([^/]+)/.exec(arn)?.[1] ?? arn;
}
