import { describe, expect, it } from 'vitest';
import { type DecodeOptions, decode } from '../../src/proxy-protocol/index.js';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const full6 = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

function line4(fields: string): string {
  return `PROXY TCP4 ${fields}`;
}

describe('a valid line', () => {
  it.each([
    ['PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n', '0.0.0.0', 0, '255.255.255.255', 65535],
    [
      'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n',
      '255.255.255.255',
      65535,
      '255.255.255.255',
      65535,
    ],
    ['PROXY TCP4 10.20.30.40 1.2.3.4 1 9\r\n', '10.20.30.40', 1, '1.2.3.4', 9],
    ['PROXY TCP6 :: ::1 1 2\r\n', '::', 1, '::1', 2],
    ['PROXY TCP6 1:: 1:2:3:4:5:6:7:: 1 2\r\n', '1::', 1, '1:2:3:4:5:6:7:0', 2],
    ['PROXY TCP6 ::2:3:4:5:6:7:8 1::3:4:5:6:7:8 1 2\r\n', '0:2:3:4:5:6:7:8', 1, '1:0:3:4:5:6:7:8', 2],
    [
      'PROXY TCP6 1:2:3:4:5:6:7:8 ABCD:EF01:2345:6789:abcd:ef01:2345:6789 1 2\r\n',
      '1:2:3:4:5:6:7:8',
      1,
      'abcd:ef01:2345:6789:abcd:ef01:2345:6789',
      2,
    ],
    ['PROXY TCP6 0001:0000:0:00::0 2001:db8:0:0:1:0:0:1 1 2\r\n', '1::', 1, '2001:db8::1:0:0:1', 2],
    ['PROXY TCP6 2001:db8:0:1:1:1:1:1 2001:0:0:1::1 1 2\r\n', '2001:db8:0:1:1:1:1:1', 1, '2001:0:0:1::1', 2],
    ['PROXY TCP6 ::ffff:c000:20a ::FFFF:0:0 1 2\r\n', '::ffff:192.0.2.10', 1, '::ffff:0.0.0.0', 2],
    ['PROXY TCP6 0:0:0:0:0:ffff:102:304 ::ffff:1:2:3 1 2\r\n', '::ffff:1.2.3.4', 1, '::ffff:1:2:3', 2],
    [`PROXY TCP6 ${full6} ${full6} 65535 65535\r\n`, full6, 65535, full6, 65535],
  ])('%j', (text, source, sourcePort, destination, destinationPort) => {
    const family = text.slice(6, 10);
    for (const payload of ['', 'GET / HTTP/1.1\r\n', '\r\n', 'PROXY']) {
      expect(decode(ascii(text + payload))).toEqual({
        kind: 'valid',
        version: 1,
        command: 'PROXY',
        family,
        source: { address: source, port: sourcePort },
        destination: { address: destination, port: destinationPort },
        consumed: text.length,
      });
    }
  });

  it.each([
    'PROXY UNKNOWN\r\n',
    'PROXY UNKNOWN \r\n',
    'PROXY UNKNOWN 1.2.3.4\r\n',
    'PROXY UNKNOWN  \0\xff\n\r \r\r\n',
    `PROXY UNKNOWN ${'x'.repeat(91)}\r\n`,
  ])('UNKNOWN, whatever follows it: %j', (text) => {
    expect(decode(ascii(`${text}\r\nmore`))).toEqual({
      kind: 'valid',
      version: 1,
      command: 'PROXY',
      family: 'UNKNOWN',
      consumed: text.length,
    });
  });
});

describe('an invalid line names the field and the first byte at which no valid line could go on', () => {
  // The wrong character is in braces.
  it.each([
    ['separator', 'PROXY{\t}TCP4 '],
    ['separator', 'PROXY{\r}\n'],
    ['separator', 'PROXY{0}'],
    ['family', 'PROXY { }TCP4'],
    ['family', 'PROXY {t}cp4 '],
    ['family', 'PROXY T{c}P4 '],
    ['family', 'PROXY {\r}\n'],
    ['family', 'PROXY TCP{5} '],
    ['family', 'PROXY TCP{ }4 '],
    ['family', 'PROXY TCP4{\r}\n'],
    ['family', 'PROXY TCP4{\t}1.2.3.4'],
    ['family', 'PROXY {U}DP4 1.2.3.4'.replace('{U}DP4', 'U{D}P4')],
    ['family', 'PROXY UNKNOW{\r}\n'],
    ['family', 'PROXY UNKNOWN{x}\r\n'],
    ['family', 'PROXY UNKNOWN{\n}'],
    ['line-end', 'PROXY UNKNOWN\r{\r}\n'],
    ['source-address', line4('{ }1.2.3.4')],
    ['source-address', line4('{.}1.2.3.4')],
    ['source-address', line4('1.{.}2.3.4')],
    ['source-address', line4('1.2.3{ }5.6.7.8')],
    ['source-address', line4('1.2.3.{ }5.6.7.8')],
    ['source-address', line4('1.2.3.4{.}')],
    ['source-address', line4('0{0}.2.3.4')],
    ['source-address', line4('01.2'.replace('01', '0{1}'))],
    ['source-address', line4('26{0}.2.3.4').replace('26{0}', '26{0}')],
    ['source-address', line4('100{0}.2.3.4')],
    ['source-address', line4('1.2.3.4{:}80 ')],
    ['source-address', line4('1.2.3.4{/}8 ')],
    ['source-address', line4('1.2.3.4{\r}\n')],
    ['source-address', line4('{a}bc')],
    ['source-address', line4('{:}:1 ::1 1 2')],
    ['source-address', line4('1.2.3.\xb2'.replace('\xb2', '{\xb2}'))],
    ['destination-address', line4('1.2.3.4 { }')],
    ['destination-address', line4('1.2.3.4 ::1'.replace(':', '{:}'))],
    ['destination-address', line4('1.2.3.4 5.6.7{\r}\n')],
    ['destination-address', line4('1.2.3.4 5.6.7.8{\t}1 2')],
    ['source-port', line4('1.2.3.4 5.6.7.8 {\r}\n')],
    ['source-port', line4('1.2.3.4 5.6.7.8 0{0} 2')],
    ['source-port', line4('1.2.3.4 5.6.7.8 0{8}0 2')],
    ['source-port', line4('1.2.3.4 5.6.7.8 {+}80 2')],
    ['source-port', line4('1.2.3.4 5.6.7.8 6553{6} 2')],
    ['source-port', line4('1.2.3.4 5.6.7.8 1000{00} 2').replace('{00}', '0{0}')],
    ['source-port', line4('1.2.3.4 5.6.7.8 80{\r}\n')],
    ['destination-port', line4('1.2.3.4 5.6.7.8 1 {\r}\n')],
    ['destination-port', line4('1.2.3.4 5.6.7.8 1 2{ }\r\n')],
    ['destination-port', line4('1.2.3.4 5.6.7.8 1 2{\n}')],
    ['destination-port', line4('1.2.3.4 5.6.7.8 1 7000{0}\r\n')],
    ['line-end', line4('1.2.3.4 5.6.7.8 1 2\r{G}ET')],
    ['line-end', line4('1.2.3.4 5.6.7.8 1 2\r{\r}\n')],
    ['source-address', 'PROXY TCP6 { }'],
    ['source-address', 'PROXY TCP6 :{ }'],
    ['source-address', 'PROXY TCP6 :{1}::'],
    ['source-address', 'PROXY TCP6 ::{:}'],
    ['source-address', 'PROXY TCP6 1::{:}'],
    ['source-address', 'PROXY TCP6 1:{ }'],
    ['source-address', 'PROXY TCP6 1:2:3:4:5:6:7{ }'],
    ['source-address', 'PROXY TCP6 1:2:3:4:5:6:7:{ }'],
    ['source-address', 'PROXY TCP6 1:2:3:4:5:6:7:8{:}'],
    ['source-address', 'PROXY TCP6 1:2:3:4:5:6:7::{8}'],
    ['source-address', 'PROXY TCP6 1:2:3:4:5:6::8{:}'],
    ['source-address', 'PROXY TCP6 ::1:2:3:4:5:6:7{:}8'],
    ['source-address', 'PROXY TCP6 1::2:3:4:5:6:7{:}8'],
    ['source-address', 'PROXY TCP6 1::2:{ }'],
    ['source-address', 'PROXY TCP6 0000{0}::'],
    ['source-address', 'PROXY TCP6 1::{g}'],
    ['source-address', 'PROXY TCP6 {[}::1] '],
    ['source-address', 'PROXY TCP6 ::1{/}128'],
    ['source-address', 'PROXY TCP6 fe80::1{%}eth0 '],
    ['source-address', 'PROXY TCP6 ::ffff:192{.}0.2.1 '],
    ['destination-address', 'PROXY TCP6 ::1 192{.}0.2.1 '],
    ['line', `PROXY UNKNOWN ${'x'.repeat(91)}{x}\r\n`],
    ['line', `PROXY UNKNOWN ${'x'.repeat(91)}\r{\r}\n`],
    ['line', `PROXY UNKNOWN ${'x'.repeat(91)}{\n}\r\n`],
  ])('%s: %j', (field, marked) => {
    const offset = marked.indexOf('{');
    const bytes = ascii(marked.replace(/\{([\s\S])\}/u, '$1'));
    expect(decode(bytes)).toMatchObject({ kind: 'invalid', field, offset });
    expect(decode(bytes.subarray(0, offset + 1))).toEqual(decode(bytes));
    expect(decode(bytes.subarray(0, offset))).toEqual({ kind: 'incomplete' });
  });

  it('says what is wrong in words, without bytes from the network', () => {
    expect(decode(ascii('PROXY TCP4 1.2.3.4\x1b[31m'))).toEqual({
      kind: 'invalid',
      field: 'source-address',
      reason: 'a character that is not allowed here',
      offset: 18,
    });
  });
});

describe('a beginning that no header has is absent', () => {
  it.each([
    ['', undefined],
    ['P', undefined],
    ['PROXY', undefined],
    ['p', 0],
    ['proxy TCP4', 0],
    [' PROXY', 0],
    ['\nPROXY', 0],
    ['POST / HTTP/1.1', 1],
    ['PUT / HTTP/1.1', 1],
    ['PATCH /', 1],
    ['PRI * HTTP/2.0', 2],
    ['PROPFIND /', 3],
    ['PROXy', 4],
    ['\x16\x03\x01', 0],
    ['\0', 0],
  ])('%j', (text, offset) => {
    expect(decode(ascii(text))).toEqual(
      offset === undefined ? { kind: 'incomplete' } : { kind: 'absent', offset },
    );
  });
});

it('values that are not bytes are reported', () => {
  const notBytes = (value: unknown) => () => decode(value as Uint8Array);
  for (const value of ['PROXY UNKNOWN\r\n', new ArrayBuffer(4), [0x47], {}]) {
    expect(notBytes(value)).toThrow(new TypeError('bytes must be a Uint8Array'));
  }
  const shared = new Uint8Array(new SharedArrayBuffer(32)).subarray(4, 19);
  shared.set(ascii('PROXY UNKNOWN\r\n'));
  expect(decode(shared)).toMatchObject({ kind: 'valid', consumed: 15 });
});

describe('options', () => {
  it('allowDottedIpv6 takes dotted tails', () => {
    const options: DecodeOptions = { allowDottedIpv6: true };
    expect(decode(ascii('PROXY TCP6 ::ffff:192.0.2.1 64:ff9b::1.2.3.4 1 2\r\n'), options)).toMatchObject({
      kind: 'valid',
      source: { address: '::ffff:192.0.2.1', port: 1 },
      destination: { address: '64:ff9b::102:304', port: 2 },
    });
    expect(decode(ascii('PROXY TCP6 1:2:3:4:5:6:7.8.9.10 ::1.2.3.4 1 2\r\n'), options)).toMatchObject({
      source: { address: '1:2:3:4:5:6:708:90a', port: 1 },
      destination: { address: '::102:304', port: 2 },
    });
    for (const [text, offset] of [
      ['192.0.2.1 ', 14],
      ['1:2:3:4:5:6:7:8.9.9.9 ', 26],
      ['1:2:3:4:5:8.9.9.9 ', 22],
      ['1:2:3:4:5:6::8.9.9.9 ', 25],
      ['::ffff:a.0.0.1 ', 19],
      ['::ffff:256.0.0.1 ', 21],
      ['::ffff:01.0.0.1 ', 20],
      ['::ffff:1.2.3 ', 23],
      ['::ffff:1.2.3.4:5 ', 25],
      ['::ffff:1.2.3.04 ', 25],
    ] as const) {
      expect(decode(ascii(`PROXY TCP6 ${text}`), options)).toMatchObject({
        kind: 'invalid',
        field: 'source-address',
        offset,
      });
    }
    const long = '0000:0000:0000:0000:0000:ffff:255.255.255.255';
    expect(decode(ascii(`PROXY TCP6 ${long} ${long} 65535 65535\r\n`), options)).toMatchObject({
      kind: 'invalid',
      field: 'line',
      offset: 105,
    });
  });

  it('allowUnspecified false refuses UNKNOWN', () => {
    expect(decode(ascii('PROXY UNKNOWN\r\n'), { allowUnspecified: false })).toMatchObject({
      kind: 'invalid',
      field: 'family',
      offset: 6,
    });
  });

  it('are reported by name and value if they are wrong', () => {
    const wrong = (options: unknown) => () => decode(ascii('P'), options as DecodeOptions);
    expect(wrong({ maxLength: 65536 })).toThrow(
      new TypeError('maxLength must be a whole number from 0 to 65535, not 65536'),
    );
    expect(wrong({ maxLength: 1.5 })).toThrow(TypeError);
    expect(wrong({ allowDottedIpv6: 'yes' })).toThrow(
      new TypeError('allowDottedIpv6 must be true or false, not "yes"'),
    );
    expect(wrong({ allowUnspecified: 1 })).toThrow('allowUnspecified must be true or false, not 1');
    expect(wrong({ checkTlvs: null })).toThrow('checkTlvs must be true or false, not null');
  });
});
