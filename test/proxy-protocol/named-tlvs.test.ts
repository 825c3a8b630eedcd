import { describe, expect, it } from 'vitest';
import { nameTlvs, type Tlv } from '../../src/proxy-protocol/index.js';

const tlv = (type: number, text: string): Tlv => ({ type, value: Buffer.from(text, 'latin1') });
const inner = (type: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([type, 0, text.length]), Buffer.from(text)]);
const tls = (client: number, verify: number, ...inside: Buffer[]): Tlv => ({
  type: 0x20,
  value: Buffer.concat([Buffer.from([client, 0, 0, 0, verify]), ...inside]),
});

describe('type-length-values by name', () => {
  it("are the protocol, the authority, the id, the namespace and AWS's endpoint", () => {
    expect(
      nameTlvs([
        tlv(0x01, 'h2'),
        tlv(0x02, 'example.com'),
        tlv(0x05, '\x00\x01'),
        tlv(0x30, 'blue'),
        tlv(0xea, '\x01vpce-0123'),
        tlv(0x02, 'second.example.com'),
      ]),
    ).toEqual({
      alpn: 'h2',
      authority: 'example.com',
      uniqueId: Buffer.from([0, 1]),
      networkNamespace: 'blue',
      vpceEndpointId: 'vpce-0123',
    });
  });

  it("are only those that are there, and only AWS's own kind of 0xEA", () => {
    expect(nameTlvs([])).toEqual({});
    expect(nameTlvs([tlv(0xea, '\x02vpce-0123'), tlv(0xea, '')])).toEqual({});
    expect(nameTlvs([tlv(0x20, '\x01')])).toEqual({});
  });

  it("describe the client's TLS", () => {
    const { ssl } = nameTlvs([
      tls(
        0x07,
        0,
        inner(0x21, 'TLSv1.3'),
        inner(0x22, 'client'),
        inner(0x23, 'TLS_AES_128_GCM_SHA256'),
        inner(0x24, 'SHA256'),
        inner(0x25, 'RSA2048'),
      ),
    ]);
    expect(ssl).toEqual({
      overTls: true,
      certificate: 'connection',
      verified: true,
      version: 'TLSv1.3',
      commonName: 'client',
      cipher: 'TLS_AES_128_GCM_SHA256',
      signatureAlgorithm: 'SHA256',
      keyAlgorithm: 'RSA2048',
    });
    expect(nameTlvs([tls(0x01, 0)]).ssl).toEqual({
      overTls: true,
      certificate: undefined,
      verified: false,
    });
    expect(nameTlvs([tls(0x05, 1)]).ssl).toMatchObject({ certificate: 'session', verified: false });
  });
});
