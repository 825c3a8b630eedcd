/** Addresses of instances, by id. */
export type InstanceAddresses = Readonly<Record<string, string>>;

/** The address of an instance: the one that was given for it, or this machine's. */
export const instanceAddress = (addresses: InstanceAddresses, id: string): string =>
  Object.hasOwn(addresses, id) ? (addresses[id] ?? '127.0.0.1') : '127.0.0.1';
