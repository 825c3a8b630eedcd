import { inspect } from '../../app/inspect.js';
import type { ElasticLoadBalancing } from '../../app/ports.js';
import { hazards } from '../../core/hazards.js';
import type { LoadBalancer } from '../../core/model.js';
import { instancePortStatus, instancePorts } from '../../core/status.js';
import { type ElbProxyError, usageError } from '../../errors.js';
import { type PortFacts, portChoices } from '../../render/text/port-choice.js';
import type { Context } from '../context.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import { choiceStyle, tickPlaces } from './tick-places.js';

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
  const listed = [...open, ...closed];
  const choices = portChoices(listed, choiceStyle(prompter)).map((choice, index) => ({
    ...choice,
    value: listed[index]?.instancePort ?? 0,
  }));
  const asked = { choices, open: open.length };
  return tickPlaces(action, 'on which instance ports', names, asked, prompter);
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
