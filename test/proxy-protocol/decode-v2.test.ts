import { deepStrictEqual } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { createDecoder, type Decoded, decode, encodeV2, type Tlv } from '../../src/proxy-protocol/index.js';

const signature = '0d0a0d0a000d0a515549540a';
const addresses4 = 'c000020ac6336414c73801bb';

function header(versionAndCommand: string, family: string, block: string, length = block.length / 2): Buffer {
  return Buffer.from(
    `${signature}${versionAndCommand}${family}${length.toString(16).padStart(4, '0')}${block}`,
    'hex',
  );
}

function tlv(type: number, value: string, length = value.length / 2): string {
  return `${type.toString(16).padStart(2, '0')}${length.toString(16).padStart(4, '0')}${value}`;
}

function tlvsOf(answer: Decoded): { type: number; hex: string }[] | undefined {
  if (answer.kind !== 'valid') throw new Error(`not valid: ${JSON.stringify(answer)}`);
  return answer.tlvs?.map(({ type, value }) => ({ type, hex: Buffer.from(value).toString('hex') }));
}

describe('a valid header', () => {
  it.each([
    ['11', 'TCP4'],
    ['12', 'UDP4'],
  ])('has a family byte %s that means %s', (byte, family) => {
    expect(decode(header('21', byte, addresses4))).toEqual({
      kind: 'valid',
      version: 2,
      command: 'PROXY',
      family,
      source: { address: '192.0.2.10', port: 51000 },
      destination: { address: '198.51.100.20', port: 443 },
      tlvs: [],
      consumed: 28,
    });
  });

  it.each([
    ['21', 'TCP6'],
    ['22', 'UDP6'],
  ])('has a family byte %s that means %s', (byte, family) => {
    const block = `20010db800000000000000000000000a00000000000000000000ffffc000020ac73801bb`;
    expect(decode(header('21', byte, block))).toMatchObject({
      family,
      source: { address: '2001:db8::a', port: 51000 },
      destination: { address: '::ffff:192.0.2.10', port: 443 },
      consumed: 52,
    });
  });

  it.each([
    ['31', 'UNIX_STREAM'],
    ['32', 'UNIX_DGRAM'],
  ])('has a family byte %s that means %s', (byte, family) => {
    const field = (text: string) =>
      Buffer.concat([Buffer.from(text), Buffer.alloc(108)])
        .subarray(0, 108)
        .toString('hex');
    const paths = (from: string, to: string) => decode(header('21', byte, field(from) + field(to)));
    expect(paths('/run/a', 'x'.repeat(108))).toMatchObject({
      family,
      source: { path: '/run/a' },
      destination: { path: 'x'.repeat(108) },
      consumed: 232,
    });
    expect(paths('\0abstract', '')).toMatchObject({
      source: { path: '\0abstract' },
      destination: { path: '' },
    });
    expect(paths('/run/a\0rubbish', '/ü')).toMatchObject({
      source: { path: '/run/a' },
      destination: { path: '/ü' },
    });
  });

  it.each(['00', '11', '21', '31', '4f', 'ff'])('LOCAL skips its block unread, of family %s', (family) => {
    for (const block of ['', addresses4, 'ff', tlv(3, '00000000'), 'ab'.repeat(300)]) {
      expect(decode(header('20', family, block))).toEqual({
        kind: 'valid',
        version: 2,
        command: 'LOCAL',
        family: 'UNSPEC',
        consumed: 16 + block.length / 2,
      });
    }
  });

  it.each(['00', '01', '02', '10', '20', '30'])(
    'PROXY without a whole family, %s, carries no addresses',
    (family) => {
      for (const block of ['', addresses4, 'ab']) {
        expect(decode(header('21', family, block))).toMatchObject({
          kind: 'valid',
          command: 'PROXY',
          family: 'UNSPEC',
          consumed: 16 + block.length / 2,
        });
        expect(decode(header('21', family, block))).not.toHaveProperty('source');
      }
    },
  );

  it('UNSPEC that is nothing but TLVs hands them out, and its checksum counts', () => {
    const right = encodeV2({
      family: 'UNSPEC',
      tlvs: [{ type: 5, value: Uint8Array.of(1, 2) }],
      crc32c: true,
    });
    expect(tlvsOf(decode(right))).toMatchObject([{ type: 5, hex: '0102' }, { type: 3 }]);
    right[18] = 9;
    expect(decode(right)).toMatchObject({ kind: 'valid', family: 'UNSPEC', consumed: right.length });
    const flipped = Uint8Array.from(encodeV2({ family: 'UNSPEC', crc32c: true }));
    flipped[19]! ^= 1;
    expect(decode(flipped)).toMatchObject({ kind: 'invalid', field: 'crc32c', offset: 19 });
  });

  it('hands all TLVs out, of any type', () => {
    const all = [
      tlv(0, ''),
      tlv(1, '6832'),
      tlv(4, '00'.repeat(300)),
      tlv(0x30, '626c7565'),
      tlv(0xff, '00'),
      tlv(1, ''),
    ];
    expect(tlvsOf(decode(header('21', '11', addresses4 + all.join(''))))).toEqual([
      { type: 0, hex: '' },
      { type: 1, hex: '6832' },
      { type: 4, hex: '00'.repeat(300) },
      { type: 0x30, hex: '626c7565' },
      { type: 0xff, hex: '00' },
      { type: 1, hex: '' },
    ]);
  });

  it('is plain data, and the value of a TLV a view of the bytes', () => {
    const bytes = header('21', '11', addresses4 + tlv(2, '61'));
    const answer = decode(bytes);
    const plain = {
      kind: 'valid',
      version: 2,
      command: 'PROXY',
      family: 'TCP4',
      source: { address: '192.0.2.10', port: 51000 },
      destination: { address: '198.51.100.20', port: 443 },
      tlvs: [{ type: 2, value: Uint8Array.of(0x61) }],
      consumed: 32,
    };
    deepStrictEqual(answer, plain);
    deepStrictEqual(structuredClone(answer), plain);
    expect(JSON.stringify(answer)).toBe(JSON.stringify(plain));
    const [first] = (answer.kind === 'valid' && answer.tlvs) || [];
    expect(first?.value.buffer).toBe(bytes.buffer);
  });

  it('is not touched by what becomes of a chunk after its push', () => {
    const bytes = header('21', '11', addresses4 + tlv(2, '6162') + tlv(1, '6832'));
    for (let at = 0; at <= bytes.length; at += 1) {
      const decoder = createDecoder();
      let answer: Decoded = { kind: 'incomplete' };
      for (const part of [bytes.subarray(0, at), bytes.subarray(at)]) {
        const chunk = Uint8Array.from(part);
        answer = decoder.push(chunk);
        chunk.fill(0xff);
      }
      expect(answer).toEqual(decode(bytes));
    }
  });

  it('may be as long as its length field can say', () => {
    const bytes = header('21', '11', addresses4 + tlv(4, '00'.repeat(0xffff - 15)));
    expect(bytes).toHaveLength(16 + 0xffff);
    expect(decode(bytes)).toMatchObject({ kind: 'valid', consumed: bytes.length });
    expect(decode(bytes, { maxLength: 0xfffe })).toMatchObject({
      kind: 'invalid',
      field: 'length',
      offset: 15,
    });
    expect(decode(bytes, { maxLength: 0xfeff })).toMatchObject({
      kind: 'invalid',
      field: 'length',
      offset: 14,
    });
  });

  it('checks TLS information and what is in it', () => {
    const inner = tlv(0x21, '544c5376312e33') + tlv(0x22, '6578616d706c65') + tlv(0x20, '') + tlv(3, 'ff');
    const value = `0100000000${inner}`;
    expect(tlvsOf(decode(header('21', '11', addresses4 + tlv(0x20, value) + tlv(2, '61'))))).toEqual([
      { type: 0x20, hex: value },
      { type: 2, hex: '61' },
    ]);
    expect(tlvsOf(decode(header('21', '11', addresses4 + tlv(0x20, '0700000001'))))).toHaveLength(1);
    // As the last TLV, too, what is inside has no rules of the outside.
    const last = `0100000000${tlv(0x20, '')}${tlv(3, 'ff')}${tlv(5, '00'.repeat(129))}`;
    expect(tlvsOf(decode(header('21', '11', addresses4 + tlv(0x20, last))))).toEqual([
      { type: 0x20, hex: last },
    ]);
  });
});

describe('an invalid header names the field and the first byte at which no valid one could go on', () => {
  it.each([
    ['version', 12, header('01', '11', addresses4)],
    ['version', 12, header('31', '11', addresses4)],
    ['command', 12, header('22', '11', addresses4)],
    ['command', 12, header('2f', '00', '')],
    ['family', 13, header('21', '41', addresses4)],
    ['family', 13, header('21', 'ff', addresses4)],
    ['transport', 13, header('21', '13', addresses4)],
    ['transport', 13, header('21', '03', '')],
    ['transport', 13, header('21', '3f', '')],
    ['length', 15, header('21', '11', '', 0)],
    ['length', 15, header('21', '11', '', 11)],
    ['length', 15, header('21', '21', '', 35)],
    ['length', 15, header('21', '31', '', 215)],
    ['tlv', 28, header('21', '11', `${addresses4}01`)],
    ['tlv', 28, header('21', '11', `${addresses4}0100`)],
    ['tlv', 30, header('21', '11', `${addresses4}010001`)],
    ['tlv', 29, header('21', '11', `${addresses4}010100`)],
    ['tlv', 30, header('21', '11', addresses4 + tlv(1, '6162', 3))],
    ['tlv', 32, header('21', '11', `${addresses4 + tlv(1, '61')}ff`)],
    ['tlv', 28, header('21', '11', addresses4 + tlv(3, '000000'))],
    ['tlv', 30, header('21', '11', addresses4 + tlv(3, '000000') + tlv(4, ''))],
    ['tlv', 30, header('21', '11', addresses4 + tlv(3, '0000000000'))],
    ['tlv', 29, header('21', '11', addresses4 + tlv(3, '00'.repeat(256)))],
    ['tlv', 30, header('21', '11', addresses4 + tlv(5, '00'.repeat(129)))],
    ['tlv', 29, header('21', '11', addresses4 + tlv(5, '00'.repeat(256)))],
    ['tlv', 28, header('21', '11', addresses4 + tlv(0x20, '00000000'))],
    ['tlv', 30, header('21', '11', addresses4 + tlv(0x20, '00000000') + tlv(4, ''))],
    ['tlv', 36, header('21', '11', addresses4 + tlv(0x20, '000000000021') + tlv(1, ''))],
    ['tlv', 38, header('21', '11', addresses4 + tlv(0x20, `0000000000${tlv(0x21, '', 1)}`) + tlv(1, ''))],
    ['tlv', 35, header('21', '11', addresses4 + tlv(3, '00000000') + tlv(3, '00000000'))],
  ])('%s at %i', (field, offset, bytes) => {
    expect(decode(bytes)).toMatchObject({ kind: 'invalid', field, offset });
    expect(decode(bytes.subarray(0, offset + 1))).toEqual(decode(bytes));
    expect(decode(bytes.subarray(0, offset))).toEqual({ kind: 'incomplete' });
    const decoder = createDecoder();
    let answer: Decoded = { kind: 'incomplete' };
    for (const byte of bytes) answer = decoder.push(Uint8Array.of(byte));
    expect(answer).toEqual(decode(bytes));
  });

  it('wherever the checksum is, once any bit of the header is wrong', () => {
    const tlvs: Tlv[] = [
      { type: 3, value: new Uint8Array(4) },
      { type: 2, value: Buffer.from('example.com') },
    ];
    const right = encodeV2({
      source: { address: '192.0.2.10', port: 51000 },
      destination: { address: '198.51.100.20', port: 443 },
      tlvs,
    });
    expect(decode(right)).toMatchObject({ kind: 'valid' });
    for (let at = 16; at < right.length; at += 1) {
      const wrong = Uint8Array.from(right);
      wrong[at]! ^= 0x10;
      const answer = decode(wrong);
      expect(answer.kind === 'invalid' || (answer.kind === 'valid' && at === 28), String(at)).toBe(true);
      expect(decode(wrong, { checkTlvs: false })).toMatchObject({ kind: 'valid', consumed: right.length });
      expect(decode(wrong, { checkTlvs: false })).not.toHaveProperty('tlvs');
    }
    const late = Uint8Array.from(right);
    late[late.length - 1]! ^= 1;
    expect(decode(late)).toEqual({
      kind: 'invalid',
      field: 'crc32c',
      reason: 'the checksum does not match',
      offset: 31,
    });
    expect(decode(late.subarray(0, -1))).toEqual({ kind: 'incomplete' });
  });

  it('allowUnspecified false refuses PROXY without a family, but not LOCAL', () => {
    const options = { allowUnspecified: false };
    expect(decode(header('21', '00', ''), options)).toMatchObject({
      kind: 'invalid',
      field: 'family',
      offset: 13,
    });
    expect(decode(header('20', '00', ''), options)).toMatchObject({ kind: 'valid', command: 'LOCAL' });
  });
});

it('is absent from the first byte that is not of the signature', () => {
  const right = header('21', '11', addresses4);
  for (let at = 0; at < 12; at += 1) {
    const wrong = Uint8Array.from(right);
    wrong[at]! ^= 0x80;
    expect(decode(wrong)).toEqual({ kind: 'absent', offset: at });
    expect(decode(wrong.subarray(0, at + 1))).toEqual({ kind: 'absent', offset: at });
  }
});
