import { hostAndPort } from '../../core/host-and-port.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import type { AffectedListener, PlanChange } from '../../core/plan.js';
import { isForwarding, isSecure } from '../../core/status.js';
import type { Clock } from '../ports.js';
import type { GuardProbe, GuardSight, GuardWatcher, Looked } from './watcher.js';

/** Where a check connects to. */
export interface LookAt {
  /** The load balancer's DNS name, or an address, for the request's Host and the handshake's server name. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Whether it speaks TLS. */
  readonly secure: boolean;
}

/** The addresses of a name, as the system resolves it now. */
export interface Addresses {
  readonly addresses: readonly string[];
  /** Why it is missing, in words. */
  readonly why: string;
  /** Addresses that this machine has no route to. */
  readonly outOfReach: readonly string[];
}

/** The dependencies of a guard that connects; all are bounded in time, and none ever rejects. */
export interface NetworkProbe {
  /** As the user gave it: `tcp`, `https:/health`. */
  readonly name: string;
  /** Whether TLS was asked for; undefined if the probe only connects. */
  readonly tls?: boolean | undefined;
  /** Whether the probe works both with and without TLS, as a request does; a handshake does not. */
  readonly eitherWay: boolean;
  /** Checked instead of the load balancer. */
  readonly target?: { readonly host: string; readonly port: number } | undefined;
  readonly resolve: (host: string) => Promise<Addresses>;
  readonly look: (
    at: LookAt,
  ) => Promise<{ readonly passed: boolean; readonly seen: string; readonly ms: number }>;
}

/** Milliseconds between two checks: half a second for up to four targets, and proportionally slower for more. */
const pauseMs = { least: 500, eachTarget: 125 };

/** How long an address that the name no longer has is still checked: as long as others may cache it (its TTL). */
const forgetAfterMs = 60_000;

/** A guard that connects through every address of the load balancer's name, and every listener of the changed port. */
export function networkGuard(probe: NetworkProbe, clock: Clock): GuardProbe {
  return { name: probe.name, watcherOf: memo((change, port) => networkWatcher(probe, change, port, clock)) };
}

/** One watcher for each changed port. */
function memo(make: GuardProbe['watcherOf']): GuardProbe['watcherOf'] {
  const made = new Map<PlanChange, Map<number | undefined, GuardWatcher>>();
  return (change, instancePort) => {
    const ports = made.get(change) ?? new Map<number | undefined, GuardWatcher>();
    made.set(change, ports);
    const watcher = ports.get(instancePort) ?? make(change, instancePort);
    ports.set(instancePort, watcher);
    return watcher;
  };
}

interface Node {
  readonly address: string;
  seenAt: number;
  passed: boolean;
}

function networkWatcher(
  probe: NetworkProbe,
  change: PlanChange,
  instancePort: number | undefined,
  clock: Clock,
): GuardWatcher {
  const { loadBalancer } = change;
  const host = probe.target?.host ?? loadBalancer.dnsName ?? loadBalancer.name;
  const doors = probe.target
    ? [{ port: probe.target.port, secure: probe.tls ?? false }]
    : suited(
        probe,
        change.targetGroup === undefined
          ? doorsOf(change.affects.listeners, instancePort, probe)
          : doorsToGroup(change, probe),
      );
  const nodes = new Map<string, Node>();
  let unresolved = false;

  /** Updates the nodes; returns notes about it. */
  const follow = async (
    first: boolean,
  ): Promise<{ readonly why: string; readonly notes: readonly string[] }> => {
    const { addresses, why, outOfReach } = await probe.resolve(host);
    const now = clock.now().getTime();
    const notes: string[] = [];
    for (const address of addresses) {
      const known = nodes.get(address);
      if (known === undefined && !first) notes.push(`${address} joined ${host}, and is watched from now on`);
      nodes.set(address, { address, passed: known?.passed ?? false, seenAt: now });
    }
    for (const { address, passed, seenAt } of nodes.values()) {
      // A name with many addresses resolves to only some of them at a time; and a failing address is never dropped.
      if (addresses.length === 0 || now - seenAt < forgetAfterMs || !passed) continue;
      nodes.delete(address);
      notes.push(`${address} left ${host}, and is no longer watched`);
    }
    if (addresses.length === 0 && nodes.size > 0 && !unresolved)
      notes.push(`${why}; the known addresses are still watched`);
    unresolved = addresses.length === 0;
    if (first && outOfReach.length > 0 && addresses.length > 0)
      notes.push(`${outOfReach.join(', ')} of ${host}: not watched, because this machine can't reach it`);
    return { why, notes };
  };

  const round = async (first: boolean): Promise<Looked> => {
    const [door] = doors;
    if (door === undefined) return noListener(change, instancePort);
    const { why, notes } = await follow(first);
    if (nodes.size === 0)
      return { sights: [{ target: `${host}:${door.port}`, passed: false, seen: why, ms: 0 }], notes };
    const sights = await Promise.all(
      [...nodes.values()].flatMap((node) =>
        doors.map(async ({ port, secure }): Promise<GuardSight> => {
          const seen = await probe.look({ host, address: node.address, port, secure });
          return { target: hostAndPort(node.address, port), ...seen };
        }),
      ),
    );
    for (const node of nodes.values()) {
      const own = sights.filter(({ target }) => target.replace(/^\[|\]?:\d+$/g, '') === node.address);
      nodes.set(node.address, { ...node, passed: own.every(({ passed }) => passed) });
    }
    return { sights, notes };
  };

  return {
    before: () => round(true),
    look: () => round(false),
    everyMs: () => Math.max(pauseMs.least, pauseMs.eachTarget * nodes.size * doors.length),
    patient: true,
    holdMs: () => undefined,
    noticesAfterMs: () => undefined,
  };
}

interface Door {
  readonly port: number;
  readonly secure: boolean;
}

/**
 * The listeners that forward to an instance port and send the line; HTTP and HTTPS ones, which never send it, only if there are
 * no others.
 * If the listener speaks TLS, a request is made through TLS, whatever the guard says: the backend gets the same.
 */
function doorsOf(
  listeners: readonly AffectedListener[],
  instancePort: number | undefined,
  { tls }: NetworkProbe,
): readonly Door[] {
  const own = listeners.filter((listener) => listener.instancePort === instancePort);
  const forwarding = own.filter(isForwarding);
  const through = forwarding.length > 0 ? forwarding : own;
  // Behind an SSL listener that decrypts, the port speaks without TLS, even to clients of a TCP listener.
  const plainBehind = own.some(
    ({ protocol, instanceProtocol }) => isSecure(protocol) && !isSecure(instanceProtocol),
  );
  return through.map(({ protocol, loadBalancerPort }) => ({
    port: loadBalancerPort,
    secure: tls !== undefined && (isSecure(protocol) || (tls && !plainBehind)),
  }));
}

/** The TCP and TLS listeners to a target group: a datagram that comes back proves nothing about the header. */
function doorsToGroup(
  { affects: { listeners }, targetGroup }: NetworkChange,
  { tls }: NetworkProbe,
): readonly Door[] {
  // Behind a TLS listener that decrypts, the group speaks without TLS, even to clients of a TCP listener.
  const plainBehind = targetGroup.protocol === 'TCP' && listeners.some(({ protocol }) => protocol === 'TLS');
  return listeners
    .filter(({ protocol }) => ['TCP', 'TLS', 'TCP_UDP'].includes(protocol))
    .map(({ protocol, port }) => ({
      port,
      secure: tls !== undefined && (protocol === 'TLS' || (tls && !plainBehind)),
    }));
}

/** The doors that match the guard's TLS setting; all of them if none does, or if either way will do. */
function suited({ tls, eitherWay }: NetworkProbe, doors: readonly Door[]): readonly Door[] {
  if (tls === undefined || eitherWay) return doors;
  const fit = doors.filter(({ secure }) => secure === tls);
  return fit.length > 0 ? fit : doors;
}

function noListener({ targetGroup }: PlanChange, instancePort: number | undefined): Looked {
  const [target, seen] =
    targetGroup === undefined
      ? [`instance port ${instancePort}`, 'no listener forwards to it']
      : [`target group ${targetGroup.name}`, 'no TCP or TLS listener forwards to it'];
  return {
    sights: [{ target, passed: false, seen, ms: 0 }],
    hint: 'leave it out, or make the change without --guard',
  };
}
