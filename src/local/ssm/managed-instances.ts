import { type InstanceAddresses, instanceAddress } from '../instance-address.js';
import { registeredInstances } from '../registered-instances.js';
import type { State } from '../shapes.js';

/** An instance that Systems Manager knows here. */
export interface KnownInstance {
  readonly id: string;
  readonly ping: string;
  readonly platform: string;
  readonly address: string;
}

/**
 * The instances of a region that Systems Manager knows: those that are registered with a load balancer or a target group
 * or were given an address, Online and Linux unless the seed says otherwise.
 */
export function managedInstances(
  state: State,
  region: string,
  addresses: InstanceAddresses,
): readonly KnownInstance[] {
  const ids = new Set([...registeredInstances(state, region).keys(), ...Object.keys(addresses)]);
  return [...ids].toSorted().flatMap((id) => {
    const { ping = 'Online', platform = 'Linux' } =
      state.managedInstances?.find((one) => one.id === id) ?? {};
    return ping === 'none' ? [] : [{ id, ping, platform, address: instanceAddress(addresses, id) }];
  });
}
