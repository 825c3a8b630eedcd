import type { Listener, LoadBalancer } from '../shapes.js';

/** What a listener forwards by: read anew for each connection, so that a change counts from the next one on. */
export interface Route {
  readonly listener: Listener;
  /** The load balancer as it is now. */
  readonly loadBalancer: () => LoadBalancer;
  /** The address of the InService instance whose turn it is; undefined when there is none. */
  readonly nextInstance: () => string | undefined;
}
