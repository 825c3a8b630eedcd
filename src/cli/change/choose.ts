import { inspect } from '../../app/inspect.js';
import type { ElasticLoadBalancing } from '../../app/ports.js';
import { hazards } from '../../core/hazards.js';
import type { LoadBalancer } from '../../core/model.js';
import { instancePortStatus, instancePorts } from '../../core/status.js';
import { type ElbProxyError, usageError } from '../../errors.js';
import { type PortFacts, portChoices } from '../../render/text/port-choice.js';
import type { Context } from '../context.js';
import { cancelled } from '../prompts/cancelled.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import { choiceMargin } from './choice-margin.js';

/**
 * Asks which instance ports; for several load balancers, among the ports that all of them have. If the goal already
 * holds on every one of them, nothing is asked: all are taken, so that the plan says so.
 */
export async function choosePortsOf(
  api: ElasticLoadBalancing,
  names: readonly string[],
  action: 'enable' | 'disable',
  prompter: Prompter,
  context: Context,
): Promise<readonly number[]> {
  const { emit } = context;
  const found = await whileWaiting(
    'reading instance ports',
    inspect(api, { names, detail: 'lists', emit }),
    context,
  );
  const everyPort = [...new Set(found.flatMap(instancePorts))].toSorted((a, b) => a - b);
  const facts = everyPort.map((port) => factsOf(found, port, action));
  const shared = facts.filter(({ states }) => states.length === found.length);
  if (shared.length === 0) throw nothingShared(found);
  const open = shared.filter(({ states }) => !states.every((state) => holds(state, action)));
  if (open.length === 0) return shared.map(({ instancePort }) => instancePort);
  const closed = facts
    .filter((port) => !open.includes(port))
    .map((port) => ({
      ...port,
      hazards: [],
      remark: shared.includes(port) ? `${action === 'enable' ? 'on' : 'off'} already` : 'not on all of them',
    }));
  // Selectable ports come first: the cursor starts there.
  const listed = [...open, ...closed];
  const shown = portChoices(listed, { ...prompter.style, width: prompter.style.width - choiceMargin });
  const where = found.length > 3 ? `these ${found.length} load balancers` : names.join(', ');
  const ports = await prompter.tick(
    `${action === 'enable' ? 'Enable' : 'Disable'} the PROXY protocol on which instance ports of ${where}?`,
    listed.map(({ instancePort }, index) => ({
      value: instancePort,
      name: shown[index]?.name ?? '',
      description: shown[index]?.description,
      disabled: index >= open.length,
      // A user who names no port means the only one that is on.
      checked: action === 'disable' && open.length === 1 && index === 0,
    })),
  );
  return ports === undefined ? declined() : ports;
}

function factsOf(
  found: readonly LoadBalancer[],
  instancePort: number,
  action: 'enable' | 'disable',
): PortFacts {
  const having = found.filter((loadBalancer) => instancePorts(loadBalancer).includes(instancePort));
  const purpose = action === 'enable' ? 'on' : 'off';
  return {
    instancePort,
    listeners: having.flatMap(({ listeners }) =>
      listeners
        .filter((listener) => listener.instancePort === instancePort)
        .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort),
    ),
    states: having.map((loadBalancer) => instancePortStatus(loadBalancer, instancePort).proxyProtocol),
    hazards: having
      .flatMap((loadBalancer) =>
        hazards(loadBalancer, { purpose, instancePorts: [instancePort], asked: false }),
      )
      .filter((hazard) => hazard.instancePort === instancePort && hazard.level !== 'note'),
  };
}

function holds(state: PortFacts['states'][number], action: 'enable' | 'disable'): boolean {
  return state === (action === 'enable' ? 'enabled' : 'disabled');
}

function nothingShared(found: readonly LoadBalancer[]): ElbProxyError {
  const names = found.map(({ name }) => name).join(', ');
  return found.length === 1
    ? usageError(`load balancer ${names} has no instance port`, 'add a listener to it first')
    : usageError(`no instance port is on all of ${names}`, 'change them one after the other');
}

function declined(): never {
  throw cancelled();
}
