import type { Endpoint, InetEndpoint } from './decoded.js';
import { type ParsedAddress, parseAddress } from './parse-address.js';

/** Both ends of a connection to be encoded, checked. */
export interface EncodablePair {
  readonly source: ParsedAddress;
  readonly destination: ParsedAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Whether both ends are IPv4, IPv4-mapped ones included. */
  readonly ipv4: boolean;
}

/**
 * Checks the two ends of a TCP or UDP connection.
 *
 * @throws TypeError that names the field and the value.
 */
export function encodablePair(
  source: Endpoint | undefined,
  destination: Endpoint | undefined,
): EncodablePair {
  const from = inetEndpoint('source', source);
  const to = inetEndpoint('destination', destination);
  return {
    source: from.address,
    destination: to.address,
    sourcePort: from.port,
    destinationPort: to.port,
    ipv4: from.address.ipv4 !== undefined && to.address.ipv4 !== undefined,
  };
}

function inetEndpoint(
  field: string,
  endpoint: Endpoint | undefined,
): { address: ParsedAddress; port: number } {
  const { address, port } = (endpoint ?? {}) as Partial<InetEndpoint>;
  const parsed = typeof address === 'string' ? parseAddress(address) : undefined;
  if (parsed === undefined)
    throw new TypeError(`${field}.address must be an IP address, not ${show(address)}`);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 0xffff) {
    throw new TypeError(`${field}.port must be a whole number from 0 to 65535, not ${show(port)}`);
  }
  return { address: parsed, port };
}

/** The error for a pair that is to go out under an IPv4 family, and is not all IPv4. */
export function notIpv4({ source, destination }: EncodablePair, family: string): TypeError {
  const [field, { ipv6 }] =
    source.ipv4 === undefined ? (['source', source] as const) : (['destination', destination] as const);
  return new TypeError(`${field}.address must be IPv4 or IPv4-mapped under ${family}, not ${show(ipv6)}`);
}

/** A value for an error message. */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
