import { isIPv6 } from 'node:net';

// Writes packets and capture files by the formats' own documents, independently of what reads them.

/** A frame in a capture: what a file holds of it, and its length on the wire. */
export interface Frame {
  readonly bytes: Buffer;
  readonly length: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface End {
  readonly address: string;
  readonly port: number;
}

export const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16] as const;

export interface SegmentOptions {
  readonly from: End;
  readonly to: End;
  readonly flags: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly data?: string | Uint8Array;
  /** Bytes of TCP options; a multiple of four. */
  readonly tcpOptions?: number;
  /** Bytes of IPv4 options. */
  readonly ipOptions?: number;
  /** IPv6 extension headers in front of TCP, as `[type, body]`; each body is a whole header without its first byte. */
  readonly extensions?: readonly (readonly [number, readonly number[]])[];
  /** IPv4: the flags and the offset of a fragment. */
  readonly fragment?: number;
  /** IPv4's total length, where it is to differ: 0 with segmentation offload. */
  readonly totalLength?: number;
}

const number16 = (value: number): number[] => [(value >>> 8) & 255, value & 255];
const number32 = (value: number): number[] => [...number16(value >>> 16), ...number16(value & 0xffff)];
const bytesOf = (data: string | Uint8Array): Buffer =>
  typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);

/** Bytes of an address. */
function addressBytes(address: string): number[] {
  if (!isIPv6(address)) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap(number16);
}

/** An IP packet with a TCP segment in it. Checksums are zero, as offloading leaves them. */
export function ipPacket(options: SegmentOptions): Buffer {
  const { from, to, flags, sequence = 0, acknowledgement = 0, data = '', tcpOptions = 0 } = options;
  const tcp = Buffer.concat([
    Buffer.from([
      ...number16(from.port),
      ...number16(to.port),
      ...number32(sequence),
      ...number32(acknowledgement),
      (5 + tcpOptions / 4) << 4,
      flags,
      ...number16(65_535),
      ...number32(0),
      ...Array.from({ length: tcpOptions }, () => 1),
    ]),
    bytesOf(data),
  ]);
  const addresses = [...addressBytes(from.address), ...addressBytes(to.address)];
  if (isIPv6(from.address)) {
    const { extensions = [] } = options;
    const types = [...extensions.map(([type]) => type), 6];
    const headers = extensions.flatMap(([, body], index) => [types[index + 1]!, ...body]);
    return Buffer.concat([
      Buffer.from([0x60, 0, 0, 0, ...number16(headers.length + tcp.length), types[0]!, 64, ...addresses]),
      Buffer.from(headers),
      tcp,
    ]);
  }
  const { ipOptions = 0, fragment = 0 } = options;
  const header = 20 + ipOptions;
  const total = options.totalLength ?? header + tcp.length;
  return Buffer.concat([
    Buffer.from([
      0x40 + header / 4,
      0,
      ...number16(total),
      0,
      0,
      ...number16(fragment),
      64,
      6,
      0,
      0,
      ...addresses,
    ]),
    Buffer.alloc(ipOptions, 1),
    tcp,
  ]);
}

/** Link types, and what comes before an IP packet in each. */
export const links = {
  ethernet: { type: 1, wrap: (ip: Buffer) => ethernet([], ip) },
  'ethernet with a VLAN': { type: 1, wrap: (ip: Buffer) => ethernet([0x8100], ip) },
  'ethernet with QinQ': { type: 1, wrap: (ip: Buffer) => ethernet([0x88a8, 0x8100], ip) },
  'ethernet with padding': {
    type: 1,
    wrap: (ip: Buffer) => Buffer.concat([ethernet([], ip), Buffer.alloc(18, 0x2e)]),
  },
  'linux cooked': { type: 113, wrap: (ip: Buffer) => Buffer.concat([Buffer.alloc(14), etherType(ip), ip]) },
  'linux cooked with a VLAN': {
    type: 113,
    wrap: (ip: Buffer) => Buffer.concat([Buffer.alloc(14), Buffer.from([0x81, 0, 0, 5]), etherType(ip), ip]),
  },
  'linux cooked 2': { type: 276, wrap: (ip: Buffer) => Buffer.concat([etherType(ip), Buffer.alloc(18), ip]) },
  'linux cooked 2 with a VLAN': {
    type: 276,
    wrap: (ip: Buffer) =>
      Buffer.concat([Buffer.from([0x81, 0]), Buffer.alloc(18), Buffer.from([0, 5]), etherType(ip), ip]),
  },
  'BSD loopback': { type: 0, wrap: (ip: Buffer) => Buffer.concat([Buffer.from([2, 0, 0, 0]), ip]) },
  'OpenBSD loopback': { type: 108, wrap: (ip: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 2]), ip]) },
  'raw IP': { type: 101, wrap: (ip: Buffer) => ip },
  'raw IP of BSD': { type: 12, wrap: (ip: Buffer) => ip },
} as const;

function etherType(ip: Buffer): Buffer {
  return Buffer.from(ip[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00]);
}

function ethernet(tags: readonly number[], ip: Buffer): Buffer {
  return Buffer.concat([
    Buffer.alloc(12, 0xee),
    ...tags.map((tag) => Buffer.from([...number16(tag), 0, 5])),
    etherType(ip),
    ip,
  ]);
}

/** A frame of an IP packet, a thousandth of a second for each one before it. */
export function frame(bytes: Buffer, at: number, snapLength = Number.POSITIVE_INFINITY): Frame {
  return { bytes: bytes.subarray(0, snapLength), length: bytes.length, at };
}

export interface PcapOptions {
  readonly bigEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
  /** The form with longer packet headers. */
  readonly kuznetzov?: boolean;
}

/** A pcap file. */
export function pcap(frames: readonly Frame[], options: PcapOptions = {}): Buffer {
  const { bigEndian = false, nanoseconds = false, linkType = 1, kuznetzov = false } = options;
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (bigEndian) bytes.writeUInt32BE(value >>> 0);
    else bytes.writeUInt32LE(value >>> 0);
    return bytes;
  };
  const u16 = (value: number): Buffer => (bigEndian ? u32(value).subarray(2) : u32(value).subarray(0, 2));
  const magic = kuznetzov ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  return Buffer.concat([
    Buffer.concat([u32(magic), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(linkType)]),
    ...frames.map(({ bytes, length, at }) =>
      Buffer.concat([
        u32(Math.floor(at / 1000)),
        u32((at % 1000) * (nanoseconds ? 1e6 : 1000)),
        u32(bytes.length),
        u32(length),
        kuznetzov ? Buffer.alloc(8) : Buffer.alloc(0),
        bytes,
      ]),
    ),
  ]);
}

/** A block of a pcapng file. */
export type Block = (order: { bigEndian: boolean }) => Buffer;

const integer =
  (size: 2 | 4 | 8, value: number | bigint): Block =>
  ({ bigEndian }) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)));
    const cut = bytes.subarray(8 - size);
    return bigEndian ? cut : Buffer.from(cut.toReversed());
  };

/** A block of any type: its body is padded, its length is at both ends. */
export const block =
  (type: number, ...parts: (Block | Buffer)[]): Block =>
  (order) => {
    const body = Buffer.concat(parts.map((part) => (typeof part === 'function' ? part(order) : part)));
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const length = integer(4, padded.length + 12)(order);
    return Buffer.concat([integer(4, type)(order), length, padded, length]);
  };

const option =
  (code: number, value: Block | Buffer, length: number): Block =>
  (order) =>
    Buffer.concat([
      integer(2, code)(order),
      integer(2, length)(order),
      typeof value === 'function' ? value(order) : value,
      Buffer.alloc((4 - (length % 4)) % 4),
    ]);

export const sectionHeader = block(
  0x0a0d0d0a,
  integer(4, 0x1a2b3c4d),
  integer(2, 1),
  integer(2, 0),
  integer(8, -1),
);

/** An interface; `resolution` is the option's own byte. */
export const interfaceBlock = (
  linkType: number,
  { snapLength = 0, resolution, offset }: { snapLength?: number; resolution?: number; offset?: number } = {},
): Block =>
  block(
    1,
    integer(2, linkType),
    integer(2, 0),
    integer(4, snapLength),
    option(2, Buffer.from('eth0'), 4),
    ...(resolution === undefined ? [] : [option(9, Buffer.from([resolution]), 1)]),
    ...(offset === undefined ? [] : [option(14, integer(8, offset), 8)]),
    option(0, Buffer.alloc(0), 0),
  );

/** Units of a timestamp: its upper half comes first in either byte order. */
const timestamp = (units: bigint): Block[] => [integer(4, units >> 32n), integer(4, units & 0xffffffffn)];

export const enhanced = ({ bytes, length, at }: Frame, id = 0, unitsPerMs = 1000n): Block =>
  block(
    6,
    integer(4, id),
    ...timestamp(BigInt(Math.round(at)) * unitsPerMs),
    integer(4, bytes.length),
    integer(4, length),
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]),
    option(1, Buffer.from('a comment'), 9),
    option(0, Buffer.alloc(0), 0),
  );

export const simple = ({ bytes, length }: Frame): Block => block(3, integer(4, length), bytes);

export const obsolete = ({ bytes, length, at }: Frame, id = 0): Block =>
  block(
    2,
    integer(2, id),
    integer(2, 0),
    ...timestamp(BigInt(Math.round(at)) * 1000n),
    integer(4, bytes.length),
    integer(4, length),
    bytes,
  );

/** A section of a pcapng file; several joined make one file. */
export function pcapng(blocks: readonly Block[], bigEndian = false): Buffer {
  return Buffer.concat([sectionHeader, ...blocks].map((one) => one({ bigEndian })));
}

/** When the captures of the tests begin. */
export const start = Date.UTC(2026, 10, 23, 15, 30, 12, 345);

export const client: End = { address: '10.0.0.8', port: 33_612 };
export const server: End = { address: '10.0.0.5', port: 8443 };
export const line = 'PROXY TCP4 203.0.113.9 10.0.0.8 51234 443\r\n';

/** A conversation between two ends, step by step, as IP packets. */
export class Talk {
  readonly packets: Buffer[] = [];
  next: number;
  #other = 7000;

  constructor(
    readonly from: End = client,
    readonly to: End = server,
    readonly initial = 1000,
  ) {
    this.next = initial;
  }

  add(options: Partial<SegmentOptions>): this {
    const { from, to } = this;
    this.packets.push(
      ipPacket({ from, to, flags: ACK, sequence: this.next, acknowledgement: this.#other, ...options }),
    );
    return this;
  }

  /** From the server. */
  answer(options: Partial<SegmentOptions> = {}): this {
    return this.add({
      from: this.to,
      to: this.from,
      sequence: this.#other,
      acknowledgement: this.next,
      ...options,
    });
  }

  /** The handshake. */
  open(): this {
    this.add({ flags: SYN, acknowledgement: 0, tcpOptions: 20 });
    this.next = (this.next + 1) >>> 0;
    this.answer({ flags: SYN | ACK, tcpOptions: 20 });
    this.#other += 1;
    return this.add({});
  }

  send(data: string | Uint8Array, options: Partial<SegmentOptions> = {}): this {
    this.add({ flags: ACK | PSH, data, ...options });
    this.next = (this.next + data.length) >>> 0;
    return this;
  }

  /** The sequence numbers go on, and the capture has nothing of it. */
  skip(bytes: number): this {
    this.next = (this.next + bytes) >>> 0;
    return this;
  }

  close(): this {
    this.add({ flags: FIN | ACK });
    this.next = (this.next + 1) >>> 0;
    return this.answer({ flags: FIN | ACK });
  }

  frames(link: keyof typeof links = 'ethernet', apartMs = 1, from = start): Frame[] {
    return this.packets.map((ip, index) => frame(links[link].wrap(ip), from + index * apartMs));
  }
}
