import { describe, expect, it } from 'vitest';
import { decode, encodeV1, encodeV2, type V1Header, type V2Header } from '../../src/proxy-protocol/index.js';

const pair = (source: string, destination: string) => ({
  source: { address: source, port: 51000 },
  destination: { address: destination, port: 443 },
});

describe('encodeV1', () => {
  it.each([
    ['192.0.2.10', '198.51.100.20', 'TCP4 192.0.2.10 198.51.100.20'],
    ['::ffff:192.0.2.10', '::FFFF:198.51.100.20', 'TCP4 192.0.2.10 198.51.100.20'],
    ['::ffff:c000:20a', '198.51.100.20', 'TCP4 192.0.2.10 198.51.100.20'],
    ['2001:DB8:0:0::A', '::1', 'TCP6 2001:db8::a ::1'],
    ['fe80::1%eth0', 'fe80::2%7', 'TCP6 fe80::1 fe80::2'],
    ['192.0.2.10', '2001:db8::b', 'TCP6 ::ffff:c000:20a 2001:db8::b'],
    ['64:ff9b::192.0.2.10', '::', 'TCP6 64:ff9b::c000:20a ::'],
  ])('%s to %s', (source, destination, text) => {
    expect(encodeV1(pair(source, destination)).toString('latin1')).toBe(`PROXY ${text} 51000 443\r\n`);
  });

  it('keeps to the family it is given', () => {
    const mapped = { ...pair('::ffff:192.0.2.10', '192.0.2.20'), family: 'TCP6' } as const;
    expect(encodeV1(mapped).toString()).toBe('PROXY TCP6 ::ffff:c000:20a ::ffff:c000:214 51000 443\r\n');
    expect(encodeV1({ family: 'UNKNOWN' }).toString()).toBe('PROXY UNKNOWN\r\n');
    expect(() => encodeV1({ ...pair('192.0.2.10', '::1'), family: 'TCP4' })).toThrow(
      new TypeError('destination.address must be IPv4 or IPv4-mapped under TCP4, not "::1"'),
    );
  });

  it('takes what the decoder gave', () => {
    for (const text of [
      'PROXY TCP4 1.2.3.4 5.6.7.8 0 65535\r\n',
      'PROXY TCP6 ::ffff:102:304 ::1 1 2\r\n',
      'PROXY UNKNOWN\r\n',
    ]) {
      expect(encodeV1(decode(Buffer.from(text)) as V1Header).toString()).toBe(text);
    }
  });

  it.each([
    [
      { source: { address: '192.0.2.256', port: 1 } },
      'source.address must be an IP address, not "192.0.2.256"',
    ],
    [{ source: { address: '192.0.2.1%eth0', port: 1 } }, 'source.address must be an IP address'],
    [{ source: { address: '1.2.3.4 5.6.7.8', port: 1 } }, 'source.address must be an IP address'],
    [{ source: { address: '', port: 1 } }, 'source.address must be an IP address, not ""'],
    [{ source: { address: 'localhost', port: 1 } }, 'source.address must be an IP address, not "localhost"'],
    [{ source: { address: '\u0131.2.3.4', port: 1 } }, 'source.address must be an IP address'],
    [{ source: { address: undefined, port: 1 } }, 'source.address must be an IP address, not undefined'],
    [{ source: { path: '/run/a' } }, 'source.address must be an IP address, not undefined'],
    [{ destination: undefined }, 'destination.address must be an IP address, not undefined'],
    [
      { destination: { address: '::1', port: 65536 } },
      'destination.port must be a whole number from 0 to 65535, not 65536',
    ],
    [
      { destination: { address: '::1', port: '443' } },
      'destination.port must be a whole number from 0 to 65535, not "443"',
    ],
    [{ family: 'UDP4' }, 'family must be TCP4, TCP6 or UNKNOWN, not "UDP4"'],
  ])('refuses %j', (part, message) => {
    expect(() => encodeV1({ ...pair('::1', '::1'), ...part } as V1Header)).toThrow(message);
    expect(() => encodeV1({ ...pair('::1', '::1'), ...part } as V1Header)).toThrow(TypeError);
  });
});

describe('encodeV2', () => {
  it.each([
    [pair('::ffff:192.0.2.10', '198.51.100.20'), '2111000cc000020ac6336414c73801bb'],
    [{ ...pair('192.0.2.10', '198.51.100.20'), family: 'UDP4' }, '2112000cc000020ac6336414c73801bb'],
    [
      pair('192.0.2.10', '2001:db8::b%lo'),
      '2121002400000000000000000000ffffc000020a20010db800000000000000000000000bc73801bb',
    ],
    [{ command: 'LOCAL' }, '20000000'],
    [{ command: 'LOCAL', ...pair('192.0.2.10', '198.51.100.20'), family: 'TCP4' }, '20000000'],
    [{ family: 'UNSPEC' }, '21000000'],
    [{ command: 'LOCAL', tlvs: [{ type: 4, value: new Uint8Array(2) }] }, '200000050400020000'],
    // The checksum of the graded sample's v2-crc-only.
    [
      { ...pair('192.0.2.10', '198.51.100.20'), crc32c: true },
      '21110013c000020ac6336414c73801bb030004bfa9de65',
    ],
  ] as [V2Header, string][])('%j', (header, hex) => {
    expect(encodeV2(header).toString('hex')).toBe(`0d0a0d0a000d0a515549540a${hex}`);
  });

  it('takes what the decoder gave, a checksum included', () => {
    const bytes = encodeV2({
      ...pair('192.0.2.10', '198.51.100.20'),
      tlvs: [
        { type: 3, value: new Uint8Array(4) },
        { type: 0xea, value: Uint8Array.of(1) },
      ],
      crc32c: true,
    });
    expect(encodeV2(decode(bytes) as V2Header)).toEqual(bytes);
  });

  it.each([
    [{ command: 'OTHER' }, 'command must be PROXY or LOCAL, not "OTHER"'],
    [{ family: 'UNKNOWN' }, 'family is not one of version 2: "UNKNOWN"'],
    [{ family: 'toString' }, 'family is not one of version 2: "toString"'],
    [{ family: 'UDP4' }, 'source.address must be IPv4 or IPv4-mapped under UDP4, not "::1"'],
    [{ family: 'UNIX_STREAM' }, 'source.path must be a string, not undefined'],
    [
      { source: { path: 'x'.repeat(109) }, destination: { path: '' } },
      'source.path is longer than 108 bytes',
    ],
    [
      { source: { path: 'a\0b' }, destination: { path: '' } },
      'source.path holds a NUL behind its first character',
    ],
    [
      { tlvs: [{ type: 256, value: new Uint8Array() }] },
      'tlvs[0].type must be a whole number from 0 to 255, not 256',
    ],
    [{ tlvs: [{ type: 1, value: 'h2' }] }, 'tlvs[0].value must be a Uint8Array'],
    [{ tlvs: [{ type: 1, value: new Uint8Array(65536) }] }, 'tlvs[0].value is longer than 65535 bytes'],
    [
      { tlvs: [{ type: 5, value: new Uint8Array(129) }] },
      'tlvs[0].value is a unique id of more than 128 bytes',
    ],
    [
      { tlvs: [{ type: 0x20, value: new Uint8Array(4) }] },
      'tlvs[0].value is TLS information of less than five bytes',
    ],
    [{ tlvs: [3, 3].map((type) => ({ type, value: new Uint8Array(4) })) }, 'tlvs[1] is a second checksum'],
    [{ tlvs: [{ type: 4, value: new Uint8Array(65500) }] }, 'the addresses and tlvs come to 65539 bytes'],
  ])('refuses %j', (part, message) => {
    expect(() => encodeV2({ ...pair('::1', '::1'), ...part } as V2Header)).toThrow(message);
    expect(() => encodeV2({ ...pair('::1', '::1'), ...part } as V2Header)).toThrow(TypeError);
  });
});
