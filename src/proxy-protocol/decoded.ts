/** One end of a proxied TCP or UDP connection; the address in RFC 5952 form, so `::1` and never `0:0:0:0:0:0:0:1`. */
export interface InetEndpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * One end of a proxied UNIX socket: the bytes up to the first NUL read as UTF-8. An abstract name keeps its leading
 * NUL; an unnamed socket is the empty string.
 */
export interface UnixEndpoint {
  readonly path: string;
}

export type Endpoint = InetEndpoint | UnixEndpoint;

/**
 * A type-length-value field of a version 2 header. From `decode`, `value` is a view of the bytes that it was given, not
 * a copy: it changes when they are used again. From `createDecoder` it is a view of memory that nothing else writes to.
 */
export interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

/** `UNKNOWN` is version 1's word for what version 2 calls `UNSPEC`. */
export type Family = 'TCP4' | 'TCP6' | 'UDP4' | 'UDP6' | 'UNIX_STREAM' | 'UNIX_DGRAM' | 'UNSPEC' | 'UNKNOWN';

/** No more than a right beginning so far. */
export interface IncompleteHeader {
  readonly kind: 'incomplete';
}

/** A whole header. The payload begins `consumed` bytes into the connection. */
export interface ValidHeader {
  readonly kind: 'valid';
  readonly version: 1 | 2;
  readonly command: 'PROXY' | 'LOCAL';
  /** `UNSPEC` for every LOCAL command: the specification has its family ignored. */
  readonly family: Family;
  /** Not there for LOCAL, UNSPEC and UNKNOWN: the real addresses of the connection hold. */
  readonly source?: Endpoint;
  readonly destination?: Endpoint;
  /** In the order of the wire; only for version 2 with the command PROXY, unless `checkTlvs` is off. */
  readonly tlvs?: readonly Tlv[];
  readonly consumed: number;
}

/** It begins with a signature of the protocol and then breaks its grammar. */
export interface InvalidHeader {
  readonly kind: 'invalid';
  /** The field that is wrong, for example `source-address`. */
  readonly field: string;
  /** The error, for a person to read; never bytes from the network. */
  readonly reason: string;
  /** The first byte at which no valid header could go on. */
  readonly offset: number;
}

/** It can no longer become a header: application data came first. */
export interface AbsentHeader {
  readonly kind: 'absent';
  /** The first byte that is in no signature. */
  readonly offset: number;
}

/** The verdict on the bytes so far, by the PROXY protocol specification. */
export type Decoded = IncompleteHeader | ValidHeader | InvalidHeader | AbsentHeader;
