import { codeOf, messageOf } from '../../errors.js';
import type { ListenerServer } from './listener-server.js';
import { type OpenListener, openListener } from './open-listener.js';

/** Reports a problem that stops nothing, such as a port that cannot be bound. */
export type Warn = (code: 'ListenerNotOpened' | 'DataPlane', message: string) => void;

/** A listener that should be open. */
export interface WantedListener {
  /** A listener with the same key stays open. */
  readonly key: string;
  readonly port: number;
  /** The hosts to open it on; without its load balancer's own address, it is not opened. */
  readonly hosts: readonly string[];
  readonly make: () => Promise<ListenerServer>;
}

/** The open listeners of one load balancer. */
export interface ListenerSet {
  /** Opens the listeners that are wanted, and closes the others once their connections have ended. */
  readonly follow: (
    wanted: readonly WantedListener[],
    loadBalancer: { readonly name: string; readonly dnsName: string },
  ) => Promise<void>;
  /** Whether some could not be opened; they are tried again at the next `follow`. */
  readonly hasFailed: () => boolean;
  /** Where a listener is open; empty if it is not. */
  readonly addressesOf: (key: string) => readonly string[];
  /** Closes everything, open connections too. */
  readonly close: () => Promise<void>;
}

/** @param selfConnection why a listener is not opened at its load balancer's own address */
export function createListenerSet(warn: Warn, selfConnection: string): ListenerSet {
  const open = new Map<string, OpenListener>();
  const draining = new Set<OpenListener>();
  const failed = new Set<string>();

  async function openOne({ key, port, hosts, make }: WantedListener, name: string, dnsName: string) {
    const where = `${dnsName}:${port}`;
    const onError = (error: Error): void =>
      warn('DataPlane', `${name}: listener on ${where}: ${messageOf(error)}`);
    try {
      if (!hosts.includes(dnsName)) throw new Error(selfConnection);
      open.set(key, await openListener({ port, hosts, make, onError }));
      failed.delete(key);
    } catch (error) {
      // Said once, and tried again with every change.
      if (!failed.has(key)) {
        warn(
          'ListenerNotOpened',
          `${name}: cannot listen on ${where}: ${bindFailure(error)}. The API goes on; it is tried again with the next change.`,
        );
      }
      failed.add(key);
    }
  }

  function drain(key: string, listener: OpenListener): void {
    open.delete(key);
    draining.add(listener);
    listener.stopAccepting();
    void listener.closed.then(() => draining.delete(listener));
  }

  return {
    follow: async (wanted, { name, dnsName }) => {
      const keys = new Set(wanted.map(({ key }) => key));
      for (const key of failed) if (!keys.has(key)) failed.delete(key);
      for (const [key, one] of open) {
        if (keys.has(key)) one.follow();
        else drain(key, one);
      }
      for (const one of wanted) if (!open.has(one.key)) await openOne(one, name, dnsName);
    },
    hasFailed: () => failed.size > 0,
    addressesOf: (key) => open.get(key)?.addresses ?? [],
    close: async () => {
      await Promise.all([...open.values(), ...draining].map((one) => one.close()));
    },
  };
}

/** Why a port could not be bound. */
function bindFailure(error: unknown): string {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return 'the port is taken (EADDRINUSE)';
  if (code === 'EACCES') return 'this user may not open it, as is usual below 1024 (EACCES)';
  return messageOf(error);
}
