import type { OpenPort } from './data-plane/create-data-plane.js';
import type { OpenNetworkPort } from './elbv2/data-plane/create-network-data-plane.js';
import { assumedTargetHealth, type TargetHealthSource } from './elbv2/target-state.js';
import { assumedHealth, type HealthSource } from './instance-state.js';
import type { OnLocalEvent } from './local-event.js';
import type { LocalOptions } from './local-options.js';
import type { State } from './shapes.js';

/** Carries the traffic of all load balancers and knows the health of their instances and targets. */
export interface DataPlanes {
  readonly health: HealthSource;
  readonly targetHealth: TargetHealthSource;
  /** Opens and closes listeners to match the state; a new one accepts connections once this settles. */
  readonly follow: (state: State) => Promise<void>;
  readonly openPorts: () => readonly OpenPort[];
  readonly openNetworkPorts: () => readonly OpenNetworkPort[];
  /** Closes all that is open. */
  readonly close: () => Promise<void>;
}

/** For a service without a data plane: nothing is open, and all that is registered is healthy. */
export const noDataPlanes: DataPlanes = {
  health: assumedHealth,
  targetHealth: assumedTargetHealth,
  follow: async () => undefined,
  openPorts: () => [],
  openNetworkPorts: () => [],
  close: async () => undefined,
};

/** Makes the data planes of both kinds of load balancers; nothing is open before {@link DataPlanes.follow}. */
export async function makeDataPlanes(
  { instances = {}, certificate }: LocalOptions,
  onEvent: OnLocalEvent,
): Promise<DataPlanes> {
  const { createDataPlane } = await import('./data-plane/create-data-plane.js');
  const { createNetworkDataPlane } = await import('./elbv2/data-plane/create-network-data-plane.js');
  const { certificateSource } = await import('./data-plane/certificate-source.js');
  const { sourceAddresses } = await import('./data-plane/source-address.js');
  const surroundings = {
    addresses: instances,
    certificate: certificateSource(certificate),
    sourceAddress: sourceAddresses(),
    warn: (code: 'ListenerNotOpened' | 'DataPlane', message: string): void =>
      onEvent({ kind: 'warning', code, message }),
  };
  const classic = createDataPlane(surroundings);
  const network = createNetworkDataPlane(surroundings);
  return {
    health: classic,
    targetHealth: network,
    follow: async (state) => {
      await classic.reconcile(state.loadBalancers);
      await network.reconcile(state);
    },
    openPorts: classic.openPorts,
    openNetworkPorts: network.openPorts,
    close: async () => {
      await Promise.all([classic.close(), network.close()]);
    },
  };
}
