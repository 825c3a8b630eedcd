import type { PortChoice } from '../../core/choose-ports.js';
import type { GroupChoice } from '../../core/network/choose-groups.js';
import { usageError } from '../../errors.js';
import { type Option, type OptionValues, type portOptions, portsOf } from '../options.js';
import { portNumber } from '../quantities.js';

/** Choosing target groups of a Network Load Balancer. */
export const groupOptions = {
  'target-group': {
    type: 'texts',
    value: 'GROUP',
    describe:
      'Network Load Balancer: a target group by its name or ARN; repeatable, or a comma-separated list',
  },
  listener: {
    type: 'texts',
    value: 'N',
    describe: 'Network Load Balancer: the target groups that the listener on this port forwards to',
  },
  'all-target-groups': {
    type: 'flag',
    describe: 'Network Load Balancer: every target group that can send the PROXY protocol',
  },
} as const satisfies Record<string, Option>;

/** The ports or groups to switch; the option shows which kind of load balancer is meant. */
export type Places =
  | { readonly kind: 'classic'; readonly ports: PortChoice }
  | { readonly kind: 'network'; readonly groups: GroupChoice };

/** The chosen instance ports or target groups; undefined if none are. @throws a usage error if both are given */
export function placesOf(
  options: OptionValues<typeof portOptions & typeof groupOptions>,
): Places | undefined {
  const ports = portsOf(options);
  const groups = groupsOf(options);
  if (ports !== undefined && groups !== undefined) {
    const [port, group] = [options['all-ports'] ? '--all-ports' : '--port', groups.option];
    throw usageError(
      `${port} and ${group} are both given: ${port} is for Classic load balancers, ${group} for Network Load Balancers`,
      'give one of them, and change the others in another run',
    );
  }
  if (ports !== undefined) return { kind: 'classic', ports };
  return groups && { kind: 'network', groups: groups.choice };
}

function groupsOf({
  'target-group': targetGroups,
  listener,
  'all-target-groups': all,
}: OptionValues<typeof groupOptions>): { readonly option: string; readonly choice: GroupChoice } | undefined {
  const given = [
    ...(targetGroups.length === 0 ? [] : ['--target-group']),
    ...(listener.length === 0 ? [] : ['--listener']),
    ...(all ? ['--all-target-groups'] : []),
  ];
  const [option, other] = given;
  if (option === undefined) return undefined;
  if (other !== undefined) throw usageError(`${option} and ${other} are both given`, 'give one of them');
  if (all) return { option, choice: 'all' };
  if (listener.length > 0) {
    const listeners = [...new Set(listener.map((value) => portNumber('--listener', value)))];
    return { option, choice: { listeners } };
  }
  for (const word of targetGroups) {
    if (!/^(?:arn:\S+|[A-Za-z0-9-]{1,255})$/.test(word))
      throw usageError(
        `--target-group ${JSON.stringify(word)}: it is neither a name, of letters, digits and dashes, nor an ARN`,
        'give several as a comma-separated list, or repeat the option',
      );
  }
  return { option, choice: { targetGroups: [...new Set(targetGroups)] } };
}
