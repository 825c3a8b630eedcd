import type { ConnectionReport } from '../../core/verify-connection.js';
import { nameTlvs, type ValidHeader } from '../../proxy-protocol/index.js';

/** The marks of a version 2 header's sender. */
type NetworkMarks = Pick<ConnectionReport, 'sender' | 'vpceEndpointId' | 'notes'>;

const crc32cType = 0x03;
const noopType = 0x04;
const awsType = 0xea;

/** How long the headers of a Network Load Balancer are: it fills them up. */
const paddedLength = 100;

/**
 * A Network Load Balancer's check: LOCAL with the family byte of TCP over IPv4 and, against the specification's habit, no
 * address block; a checksum first, 100 bytes in all (kubernetes/kubernetes#57250).
 */
function isNetworkCheck(bytes: Uint8Array, { command, consumed }: ValidHeader): boolean {
  return command === 'LOCAL' && consumed === paddedLength && bytes[13] === 0x11 && bytes[16] === crc32cType;
}

/** The sender's marks in the header of a connection that begins with these bytes. */
export function networkMarks(bytes: Uint8Array, header: ValidHeader): NetworkMarks {
  if (header.version !== 2) return { notes: [] };
  if (isNetworkCheck(bytes, header)) {
    return {
      sender: 'network-load-balancer',
      notes: ['Version 2, LOCAL, 100 bytes with a checksum: a health check of a Network Load Balancer.'],
    };
  }
  const types = new Set(header.tlvs?.map(({ type }) => type));
  const { vpceEndpointId } = nameTlvs(header.tlvs ?? []);
  const endpoint =
    vpceEndpointId === undefined
      ? []
      : [
          `It came through the PrivateLink endpoint ${vpceEndpointId}: only this distinguishes its clients from others.`,
        ];
  if (types.has(crc32cType) && (types.has(noopType) || types.has(awsType))) {
    return {
      sender: 'network-load-balancer',
      ...(vpceEndpointId === undefined ? {} : { vpceEndpointId }),
      notes: [
        `Version 2 with a checksum${types.has(noopType) ? ` and padding, ${header.consumed} bytes` : ''}: as sent by a Network Load Balancer.`,
        ...endpoint,
      ],
    };
  }
  return {
    ...(vpceEndpointId === undefined ? {} : { vpceEndpointId }),
    notes: [
      types.has(crc32cType)
        ? 'Version 2 with a checksum: a Network Load Balancer sends one, and so may another proxy; a Classic Load Balancer sends version 1.'
        : 'Version 2 without a checksum: a Classic Load Balancer sends version 1, and a Network Load Balancer adds a checksum, so this came from something else.',
      ...endpoint,
    ],
  };
}
