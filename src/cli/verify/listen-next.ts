import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Heard } from '../../app/verify-listen.js';
import { nameSome } from '../../core/name-some.js';
import { nextCommand } from '../../core/next-command.js';
import { targetName } from '../../core/verify-result.js';
import { readLoadBalancerWord } from '../load-balancer-word.js';
import type { VerifyValues } from './verify-options.js';
import type { Way } from './way.js';

/** The arguments of a `verify listen`, for the command that repeats it. */
export interface Listening {
  readonly options: VerifyValues;
  readonly port: number;
  /** The address that is listened on. */
  readonly host: string;
}

/** The same run, with some of its options changed. */
export function listenAgain(
  { options, port }: Pick<Listening, 'options' | 'port'>,
  changed: Readonly<Record<string, string | undefined>>,
): string {
  const { host, expect, timeout, through } = options;
  const { 'load-balancer': name, 'target-group': group } = options;
  const kept = { port: String(port), host, through, 'load-balancer': name, 'target-group': group };
  return nextCommand('verify listen', [], { ...kept, timeout, expect, ...changed });
}

/** The result, with the next command if the connection through the load balancer shows that something is amiss. */
export function withNext(heard: Heard, way: Way | undefined, listening: Listening): Heard {
  const { through, connections } = heard;
  if (through === undefined || way === undefined) return heard;
  switch (through.outcome) {
    case 'arrived': {
      const own = connections.find((connection) => connection.own === true);
      return own?.verdict === 'absent' ? { ...heard, through: { ...through, next: lookAt(way) } } : heard;
    }
    case 'nothing-arrived':
      return { ...heard, through: { ...through, ...elsewhere(way, through.advice, listening) } };
    case 'not-there':
      return heard;
  }
}

/** The load balancer by its name, which a DNS name holds; else all of them. */
function lookAt({ loadBalancer, host }: Way): string {
  const { name, region } = loadBalancer ?? readLoadBalancerWord(host) ?? {};
  return nextCommand('status', name === undefined ? [] : [name], { region });
}

/** The addresses that the load balancer sends to, and how to listen there. */
function elsewhere(
  { sendsTo }: Way,
  advice: string,
  listening: Listening,
): { readonly advice: string; readonly next?: string } {
  const { host, port } = listening;
  if (sendsTo === undefined || sendsTo.length === 0) return { advice };
  const addresses = sendsTo.filter((one) => isIP(one) !== 0);
  const names = nameSome(sendsTo.map((one) => (isIP(one) === 0 ? `${one}, port ${port}` : at(one, port))));
  const sent = `the load balancer sends to ${names}`;
  if (isAny(host) || sendsTo.includes(host)) return { advice: `${sent}; ${advice}` };
  const said = `${sent}, and this listened on ${at(host, port)} only`;
  const [first] = addresses;
  if (first === undefined)
    // An instance is reached at its private address, which is not known here.
    return isLoopback(host)
      ? {
          advice: `${said}; on such an instance, listen on every address`,
          next: listenAgain(listening, { host: '0.0.0.0' }),
        }
      : { advice: `${said}; ${advice}` };
  const mine = addresses.find(isMine);
  return {
    advice:
      mine === undefined
        ? `${said}; on the machine that has such an address, listen on it`
        : `${said}; listen there`,
    next: listenAgain(listening, { host: mine ?? first }),
  };
}

function at(host: string, port: number): string {
  return targetName({ host, port });
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}

/** Whether an address is this machine's. */
function isMine(address: string): boolean {
  return (
    isLoopback(address) ||
    Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address) === true)
  );
}
