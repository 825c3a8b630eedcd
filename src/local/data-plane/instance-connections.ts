import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { LoadBalancerAttributes } from '../shapes.js';

/** Connections in use with an instance, or kept open for later. */
interface OfInstance {
  readonly busy: Set<Counted>;
  readonly idle: Set<Counted>;
  /** Whether the instance gets no new connections. */
  left: boolean;
  timer?: NodeJS.Timeout;
}

/** A connection or a request that knows where it is counted: a closure for each would cost more than the rest. */
type Counted = (Socket | ClientRequest) & { among?: OfInstance };

/** The open connections between one load balancer and its instances. */
export interface InstanceConnections {
  /** Counts a connection, or a request over a shared one, until it is closed. */
  readonly add: (instanceId: string, busy: Socket | ClientRequest) => void;
  /** Counts a connection that requests share: it ends with the instance, but is not waited for. */
  readonly addShared: (instanceId: string, idle: Socket) => void;
  /**
   * An instance was deregistered or has failed: its connections end at once, or with connection draining when its time
   * is up (guide, "Configure connection draining").
   */
  readonly leave: (instanceId: string, draining: LoadBalancerAttributes['connectionDraining']) => void;
  /** It was registered again, or has recovered: connections that are still open stay. */
  readonly comeBack: (instanceId: string) => void;
  /** The instances that left and still have connections in use. */
  readonly draining: () => readonly string[];
  /** Ends all connections. */
  readonly close: () => void;
}

function end(one: OfInstance): void {
  clearTimeout(one.timer);
  for (const counted of [...one.busy, ...one.idle]) counted.destroy();
}

function forget(this: Counted): void {
  const { among } = this;
  if (among === undefined) return;
  among.busy.delete(this);
  among.idle.delete(this);
  if (among.left && among.busy.size === 0) end(among);
}

/** Counts the open connections of one load balancer. */
export function createInstanceConnections(): InstanceConnections {
  const instances = new Map<string, OfInstance>();

  function of(instanceId: string): OfInstance {
    const one = instances.get(instanceId) ?? { busy: new Set(), idle: new Set(), left: false };
    instances.set(instanceId, one);
    return one;
  }

  function add(counted: Counted, among: OfInstance, set: Set<Counted>): void {
    counted.among = among;
    set.add(counted);
    counted.once('close', forget);
  }

  return {
    add: (instanceId, busy) => {
      const one = of(instanceId);
      add(busy, one, one.busy);
    },
    addShared: (instanceId, idle) => {
      const one = of(instanceId);
      add(idle, one, one.idle);
    },
    leave: (instanceId, { enabled, timeout }) => {
      const one = instances.get(instanceId);
      if (one === undefined) return;
      one.left = true;
      clearTimeout(one.timer);
      if (enabled && one.busy.size > 0) one.timer = setTimeout(end, timeout * 1000, one).unref();
      else end(one);
    },
    comeBack: (instanceId) => {
      const one = instances.get(instanceId);
      if (one === undefined) return;
      clearTimeout(one.timer);
      one.left = false;
    },
    draining: () => [...instances].flatMap(([id, { left, busy }]) => (left && busy.size > 0 ? [id] : [])),
    close: () => {
      for (const one of instances.values()) end(one);
    },
  };
}
