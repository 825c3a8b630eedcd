import { Buffer } from 'node:buffer';
import type { Tlv } from './decoded.js';

/** A client's TLS as the sender reports it (specification, 2.2.6). */
export interface TlsInformation {
  /** Whether the client connected over TLS. */
  readonly overTls: boolean;
  /** Where the client gave a certificate: on this connection, or earlier in its session. */
  readonly certificate: 'connection' | 'session' | undefined;
  /** Whether the client gave a certificate, and it was verified. */
  readonly verified: boolean;
  /** Such as `TLSv1.3`. */
  readonly version?: string;
  /** The common name of the client certificate's subject. */
  readonly commonName?: string;
  /** Such as `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly cipher?: string;
  /** The algorithm that the server's certificate was signed with, such as `SHA256`. */
  readonly signatureAlgorithm?: string;
  /** The algorithm of the server certificate's key, such as `RSA2048`. */
  readonly keyAlgorithm?: string;
}

/** The type-length-values of a header by name; those that it does not have are absent. */
export interface NamedTlvs {
  /** 0x01: the protocol behind the header, such as `h2`. */
  readonly alpn?: string;
  /** 0x02: the host that the client asked for, which is the SNI behind TLS. */
  readonly authority?: string;
  /** 0x05: the sender's own id for this connection. */
  readonly uniqueId?: Uint8Array;
  /** 0x20: the client's TLS. */
  readonly ssl?: TlsInformation;
  /** 0x30: the network namespace that the connection came from. */
  readonly networkNamespace?: string;
  /**
   * 0xEA of AWS: the VPC endpoint (`vpce-…`) that the client came through, by PrivateLink. Clients of different VPCs may
   * have the same address; only this distinguishes them.
   */
  readonly vpceEndpointId?: string;
}

const vpceSubtype = 0x01;

const textOf = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8');

/** The type-length-values of a header by name; of two of a type, the first counts. */
export function nameTlvs(tlvs: readonly Tlv[]): NamedTlvs {
  const first = (type: number): Uint8Array | undefined => tlvs.find((tlv) => tlv.type === type)?.value;
  const text = (type: number): string | undefined => {
    const value = first(type);
    return value === undefined ? undefined : textOf(value);
  };
  const tls = first(0x20);
  const aws = first(0xea);
  return present({
    alpn: text(0x01),
    authority: text(0x02),
    uniqueId: first(0x05),
    ssl: tls === undefined || tls.length < 5 ? undefined : tlsInformation(tls),
    networkNamespace: text(0x30),
    vpceEndpointId: aws?.[0] === vpceSubtype ? textOf(aws.subarray(1)) : undefined,
  });
}

function tlsInformation(value: Uint8Array): TlsInformation {
  const client = value[0] ?? 0;
  const certificate = (client & 0x02) !== 0 ? 'connection' : (client & 0x04) !== 0 ? 'session' : undefined;
  const inside = new Map<number, string>();
  for (let at = 5; at + 3 <= value.length; ) {
    const length = ((value[at + 1] ?? 0) << 8) | (value[at + 2] ?? 0);
    const type = value[at] ?? 0;
    if (!inside.has(type)) inside.set(type, textOf(value.subarray(at + 3, at + 3 + length)));
    at += 3 + length;
  }
  return {
    overTls: (client & 0x01) !== 0,
    certificate,
    verified: certificate !== undefined && value.subarray(1, 5).every((byte) => byte === 0),
    ...present({
      version: inside.get(0x21),
      commonName: inside.get(0x22),
      cipher: inside.get(0x23),
      signatureAlgorithm: inside.get(0x24),
      keyAlgorithm: inside.get(0x25),
    }),
  };
}

/** Without the undefined values. */
function present<Of extends object>(all: Of): { [Name in keyof Of]?: Exclude<Of[Name], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Of]?: Exclude<Of[Name], undefined>;
  };
}
