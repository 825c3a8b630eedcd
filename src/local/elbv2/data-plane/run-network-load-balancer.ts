import { createServer } from 'node:net';
import {
  createTlsTerminator,
  type ListenerServer,
  listenerSockets,
  plainServer,
} from '../../data-plane/listener-server.js';
import { createListenerSet } from '../../data-plane/listener-set.js';
import type { Surroundings } from '../../data-plane/run-load-balancer.js';
import { instanceAddress } from '../../instance-address.js';
import { listenerAttributes } from '../default-attributes.js';
import type { ListenerV2, LoadBalancerV2, TargetGroupV2 } from '../shapes.js';
import { groupChooser } from './choose-group.js';
import { type Forwarding, forwardToTarget } from './forward-to-target.js';
import { listenerTls } from './listener-tls.js';
import { type RunningTargetGroup, runTargetGroup } from './run-target-group.js';

/** A load balancer with its listeners and groups. */
export interface NetworkView {
  readonly loadBalancer: LoadBalancerV2;
  readonly listeners: readonly ListenerV2[];
  readonly groups: readonly TargetGroupV2[];
}

/** A Network Load Balancer that carries traffic. */
export interface RunningNetworkLoadBalancer {
  /** Opens and closes listeners to match the load balancer; each call retries those that could not be opened. */
  readonly follow: (view: NetworkView) => Promise<void>;
  /** One of its groups, by ARN. */
  readonly group: (arn: string) => RunningTargetGroup | undefined;
  /** Its listeners, and where each is open. */
  readonly listeners: () => readonly {
    readonly listener: ListenerV2;
    readonly addresses: readonly string[];
  }[];
  /** Closes everything, open connections too. */
  readonly close: () => Promise<void>;
}

const keyOf = (one: ListenerV2, hosts: readonly string[]): string =>
  [one.arn, one.protocol, one.port, one.sslPolicy, one.alpnPolicy, ...hosts].join(' ');

/** The part of a protocol that is not carried here. */
const notCarried = (protocol: string): string | undefined => {
  if (protocol === 'UDP' || protocol === 'QUIC') return protocol;
  if (protocol === 'TCP_UDP') return 'UDP';
  return protocol === 'TCP_QUIC' ? 'QUIC' : undefined;
};

const carriesTcp = (protocol: string): boolean => protocol !== 'UDP' && protocol !== 'QUIC';

const sameView = (a: NetworkView, b: NetworkView): boolean =>
  a.loadBalancer === b.loadBalancer &&
  a.listeners.length === b.listeners.length &&
  a.groups.length === b.groups.length &&
  a.listeners.every((one, index) => one === b.listeners[index]) &&
  a.groups.every((one, index) => one === b.groups[index]);

/** Makes a load balancer run; nothing is open before {@link RunningNetworkLoadBalancer.follow}. */
export function runNetworkLoadBalancer(surroundings: Surroundings): RunningNetworkLoadBalancer {
  const { addresses, certificate, warn, sourceAddress } = surroundings;
  const groups = new Map<string, RunningTargetGroup>();
  const resting = new Map<string, RunningTargetGroup>();
  const open = createListenerSet(warn, 'a target has this address and port');
  const refused = new Set<string>();
  let view: NetworkView | undefined;

  function followGroups(wanted: readonly TargetGroupV2[], address: string): void {
    const arns = new Set(wanted.map(({ arn }) => arn));
    for (const [arn, group] of groups) {
      if (arns.has(arn)) continue;
      group.rest();
      groups.delete(arn);
      resting.set(arn, group);
    }
    for (const one of wanted) {
      const { arn } = one;
      const group = groups.get(arn) ?? resting.get(arn) ?? runTargetGroup(addresses, address);
      resting.delete(arn);
      groups.set(arn, group);
      group.follow(one);
    }
  }

  /** The hosts to open a listener on, without those where it would connect to itself. */
  function hostsFor(listener: ListenerV2, { loadBalancer, groups: all }: NetworkView): readonly string[] {
    const arns = new Set(listener.targetGroups.map(({ arn }) => arn));
    const taken = all
      .filter(({ arn }) => arns.has(arn))
      .flatMap(({ targets, targetType }) =>
        targets
          .filter(({ port }) => port === listener.port)
          .map(({ id }) => (targetType === 'instance' ? instanceAddress(addresses, id) : id)),
      );
    return [loadBalancer.dnsName, '::1'].filter((host) => !taken.includes(host));
  }

  /** Makes a listener's server, which looks the listener up at each connection, so that a change counts from the next one. */
  async function makeServer(first: ListenerV2): Promise<ListenerServer> {
    const choose = groupChooser();
    const forwarding = (): Forwarding => {
      const listener = view?.listeners.find(({ arn }) => arn === first.arn) ?? first;
      const idle = Number(listenerAttributes(listener).get('tcp.idle_timeout.seconds') ?? 350);
      return {
        group: groups.get(choose(listener.targetGroups)?.arn ?? ''),
        loadBalancerAddress: view?.loadBalancer.dnsName ?? '127.0.0.1',
        listenerPort: listener.port,
        idleMs: idle * 1000,
        sourceAddress,
      };
    };
    if (first.protocol !== 'TLS') {
      return plainServer(createServer(listenerSockets, (client) => forwardToTarget(client, forwarding())));
    }
    const shown = await certificate();
    return plainServer(
      createTlsTerminator({ ...shown, ...listenerTls(first) }, (client) =>
        forwardToTarget(client, forwarding()),
      ),
    );
  }

  function refuse({ arn, protocol, port }: ListenerV2, { name, dnsName }: LoadBalancerV2): void {
    const what = notCarried(protocol);
    if (what === undefined || refused.has(arn)) return;
    refused.add(arn);
    warn(
      'ListenerNotOpened',
      `${name}: no ${what} on ${dnsName}:${port}: only TCP and TLS are carried here. The API goes on.`,
    );
  }

  return {
    follow: async (now) => {
      if (view !== undefined && sameView(view, now) && !open.hasFailed()) return;
      view = now;
      const { loadBalancer } = now;
      followGroups(now.groups, loadBalancer.dnsName);
      for (const listener of now.listeners) refuse(listener, loadBalancer);
      const wanted = now.listeners
        .filter(({ protocol }) => carriesTcp(protocol))
        .map((listener) => {
          const hosts = hostsFor(listener, now);
          const make = () => makeServer(listener);
          return { key: keyOf(listener, hosts), port: listener.port, hosts, make };
        });
      await open.follow(wanted, loadBalancer);
    },
    group: (arn) => groups.get(arn),
    listeners: () =>
      (view?.listeners ?? []).map((listener) => ({
        listener,
        addresses: view === undefined ? [] : open.addressesOf(keyOf(listener, hostsFor(listener, view))),
      })),
    close: async () => {
      for (const group of [...groups.values(), ...resting.values()]) group.close();
      await open.close();
    },
  };
}
