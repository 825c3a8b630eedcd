import { describe, expect, it } from 'vitest';
import {
  createDecoder,
  type Decoded,
  decode,
  encodeV1,
  encodeV2,
  type V2Header,
} from '../../src/proxy-protocol/index.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';

const port = fc.nat(0xffff);
const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((numbers) => numbers.join('.'));
/** Any way to write an address, with runs of zeros and either case. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .chain((groups) =>
    fc
      .record({ pad: fc.boolean(), upper: fc.boolean(), compress: fc.boolean() })
      .map(({ pad, upper, compress }) => {
        let text = groups.map((group) => group.toString(16).padStart(pad ? 4 : 1, '0')).join(':');
        if (compress && !pad) text = text.replace(/(?:^|:)0(?::0)*(?::|$)/u, '::');
        return upper ? text.toUpperCase() : text;
      }),
  );
const path = fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0'));
const tlv = fc.record({ type: fc.nat(255), value: fc.uint8Array({ maxLength: 40 }) }).filter(
  // Those whose value has rules of its own.
  ({ type }) => type !== 0x03 && type !== 0x20,
);

const inet = (address: fc.Arbitrary<string>) => fc.record({ address, port });
const families = {
  TCP4: inet(ipv4),
  UDP4: inet(ipv4),
  TCP6: inet(ipv6),
  UDP6: inet(ipv6),
  UNIX_STREAM: fc.record({ path }),
  UNIX_DGRAM: fc.record({ path }),
} as const;

function v2Header(family: keyof typeof families): fc.Arbitrary<V2Header> {
  return fc.record({
    family: fc.constant(family),
    source: families[family],
    destination: families[family],
    tlvs: fc.array(tlv, { maxLength: 4 }),
    crc32c: fc.boolean(),
  });
}

const valid = fc.oneof(
  fc.record({ source: inet(ipv4), destination: inet(ipv4) }).map((header) => encodeV1(header)),
  fc.record({ source: inet(ipv6), destination: inet(ipv6) }).map((header) => encodeV1(header)),
  fc
    .string({ maxLength: 80 })
    .map((text) => Buffer.from(`PROXY UNKNOWN ${text.replaceAll(/[^ -~]/gu, '.')}\r\n`)),
  ...Object.keys(families).map((family) =>
    v2Header(family as keyof typeof families).map((header) => encodeV2(header)),
  ),
  fc.uint8Array({ maxLength: 60 }).map((block) => {
    const local = encodeV2({ command: 'LOCAL' });
    local.writeUInt16BE(block.length, 14);
    return Buffer.concat([local, block]);
  }),
);

/** Valid headers with a few bytes changed, cut or added: near enough to reach every branch. */
const nearlyValid = fc
  .tuple(
    valid,
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from(' .:\r\n019afAF%')))), {
      maxLength: 3,
    }),
    fc.nat(),
    fc.uint8Array({ maxLength: 20 }),
    fc.boolean(),
  )
  .map(([bytes, changes, cut, payload, whole]) => {
    const changed = Uint8Array.from(bytes);
    for (const [at, byte] of changes) changed[at % changed.length] = byte;
    return Buffer.concat([whole ? changed : changed.subarray(0, cut % changed.length), payload]);
  });

const anything = fc.oneof(
  nearlyValid,
  valid,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

/** The canonical form, by another's hand. */
function canonical(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}

/** What `URL` writes in hex groups and Node's sockets with dots. */
function asUrl(address: string): string {
  return canonical(address);
}

describe('encode, then decode', () => {
  it.each(['TCP4', 'TCP6'] as const)('version 1 %s gives what went in', (family) => {
    fc.assert(
      fc.property(
        families[family],
        families[family],
        fc.uint8Array({ maxLength: 9 }),
        (source, destination, payload) => {
          const bytes = encodeV1({ family, source, destination });
          expect(bytes.length).toBeLessThanOrEqual(family === 'TCP4' ? 56 : 104);
          const answer = decode(Buffer.concat([bytes, payload]));
          expect(answer).toMatchObject({ kind: 'valid', version: 1, family, consumed: bytes.length });
          if (answer.kind !== 'valid' || !('address' in answer.source!)) throw new Error('no address');
          expect(asUrl(answer.source.address)).toBe(canonical(source.address));
          expect(answer.source.port).toBe(source.port);
          expect(answer.destination).toMatchObject({ port: destination.port });
        },
      ),
    );
  });

  it('a line with any spelling of an IPv6 address gives the address', () => {
    fc.assert(
      fc.property(ipv6, ipv6, (source, destination) => {
        const answer = decode(Buffer.from(`PROXY TCP6 ${source} ${destination} 1 2\r\n`));
        if (answer.kind !== 'valid') throw new Error(JSON.stringify(answer));
        const [from, to] = [answer.source, answer.destination] as { address: string }[];
        expect([asUrl(from!.address), asUrl(to!.address)]).toEqual([
          canonical(source),
          canonical(destination),
        ]);
        expect(from!.address.includes('.') ? from!.address : asUrl(from!.address)).toBe(from!.address);
      }),
      { numRuns: byBudget(250, 1000) },
    );
  });

  it.each(Object.keys(families) as (keyof typeof families)[])('version 2 %s gives what went in', (family) => {
    fc.assert(
      fc.property(v2Header(family), fc.uint8Array({ maxLength: 9 }), (header, payload) => {
        const bytes = encodeV2(header);
        const answer = decode(Buffer.concat([bytes, payload]));
        if (answer.kind !== 'valid') throw new Error(JSON.stringify(answer));
        expect(answer).toMatchObject({ version: 2, command: 'PROXY', family, consumed: bytes.length });
        expect(normal(answer.source)).toEqual(normal(header.source));
        expect(normal(answer.destination)).toEqual(normal(header.destination));
        const sent = (header.tlvs ?? []).map(({ type, value }) => [type, [...value]]);
        const got = (answer.tlvs ?? []).map(({ type, value }) => [type, [...value]]);
        expect(got.slice(0, sent.length)).toEqual(sent);
        expect(got.slice(sent.length).map(([type]) => type)).toEqual(header.crc32c === true ? [3] : []);
        expect(encodeV2(answer as V2Header)).toEqual(bytes);
      }),
    );
  });
});

function normal(endpoint: V2Header['source']) {
  return endpoint !== undefined && 'address' in endpoint
    ? { ...endpoint, address: asUrl(endpoint.address) }
    : endpoint;
}

describe('any input', () => {
  it('gets the same answer in any pieces, and every further piece the same again', () => {
    fc.assert(
      fc.property(
        anything,
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
        (bytes, sizes) => {
          const whole = decode(bytes);
          const decoder = createDecoder();
          let answer: Decoded = { kind: 'incomplete' };
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length]!;
            // A copy that is spoilt afterwards: what is held must be the decoder's own.
            const chunk = Uint8Array.from(bytes.subarray(at, at + size));
            answer = decoder.push(chunk);
            if (answer.kind === 'incomplete') chunk.fill(0xaa);
            at += Math.max(size, turn >= sizes.length ? 1 : 0);
            if (size === 0 && turn >= sizes.length) answer = decoder.push(bytes.subarray(at - 1, at));
          }
          expect(answer).toEqual(whole);
          if (whole.kind === 'incomplete') return;
          expect(decoder.push(Buffer.from('more'))).toBe(answer);
        },
      ),
      { numRuns: byBudget(750, 3000) },
    );
  });

  it('never makes it throw, and an answer once given stays when more comes', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        let previous: Decoded = { kind: 'incomplete' };
        for (let length = 0; length <= bytes.length; length += 1) {
          const answer = decode(bytes.subarray(0, length));
          if (previous.kind !== 'incomplete') expect(answer).toEqual(previous);
          if (answer.kind === 'valid') expect(answer.consumed).toBeLessThanOrEqual(length);
          if (answer.kind === 'invalid' || answer.kind === 'absent')
            expect(answer.offset).toBeLessThan(length);
          previous = answer;
        }
      }),
      { numRuns: byBudget(250, 1000) },
    );
  });

  it('is read within its limits: 107 bytes for version 1, 16 and the length for version 2', () => {
    fc.assert(
      fc.property(anything, fc.uint8Array({ minLength: 200, maxLength: 200 }), (bytes, more) => {
        const padded = Buffer.concat([bytes, more]);
        // By what is behind the bytes, too: random ones may complete a header.
        const limit = padded[0] === 0x50 ? 107 : 16 + padded.readUInt16BE(14);
        let furthest = -1;
        const watched = new Proxy(padded, {
          get(target, property) {
            if (typeof property === 'string' && /^\d+$/u.test(property))
              furthest = Math.max(furthest, Number(property));
            const value: unknown = Reflect.get(target, property, target);
            return typeof value === 'function'
              ? (value as (...values: unknown[]) => unknown).bind(target)
              : value;
          },
        });
        try {
          const answer = decode(watched);
          if (answer.kind === 'valid') expect(answer.consumed).toBeLessThanOrEqual(limit);
        } catch (error) {
          // Text and views are cut out by built-in methods, which take no proxy; by then all bytes have been read.
          expect(error).toBeInstanceOf(TypeError);
        }
        expect(furthest).toBeLessThan(Math.max(limit, 12));
      }),
      { numRuns: byBudget(250, 1000) },
    );
  });
});

it('a decoder holds no more than one header', () => {
  const bytes = encodeV2({
    source: { address: '192.0.2.10', port: 51000 },
    destination: { address: '198.51.100.20', port: 443 },
    tlvs: [{ type: 4, value: new Uint8Array(500) }],
  });
  const decoder = createDecoder();
  decoder.push(bytes.subarray(0, 20));
  decoder.push(bytes.subarray(20, 300));
  const answer = decoder.push(Buffer.concat([bytes.subarray(300), Buffer.alloc(100_000)]));
  if (answer.kind !== 'valid') throw new Error(answer.kind);
  expect(answer.tlvs?.[0]?.value.buffer.byteLength).toBe(bytes.length);
});

it('takes a long header byte by byte in linear time', () => {
  const bytes = encodeV2({
    source: { address: '192.0.2.10', port: 51000 },
    destination: { address: '198.51.100.20', port: 443 },
    tlvs: Array.from({ length: 21_000 }, () => ({ type: 4, value: new Uint8Array(0) })),
    crc32c: true,
  });
  const decoder = createDecoder();
  const start = performance.now();
  const kinds = new Set<string>();
  for (const byte of bytes.subarray(0, -1)) kinds.add(decoder.push(Uint8Array.of(byte)).kind);
  expect([...kinds]).toEqual(['incomplete']);
  expect(decoder.push(bytes.subarray(-1)).kind).toBe('valid');
  expect(performance.now() - start).toBeLessThan(3000);
});
