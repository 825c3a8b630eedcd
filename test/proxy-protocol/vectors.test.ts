import { describe, expect, it } from 'vitest';
import { createDecoder, type Decoded, decode } from '../../src/proxy-protocol/index.js';
import sample from './vectors.json' with { type: 'json' };

interface Vector {
  readonly id: string;
  readonly hex: string;
  readonly expect: string;
  readonly alsoOk?: readonly string[];
  readonly version?: number;
  readonly command?: string;
  readonly family?: string;
  readonly source?: { readonly canonical: string; readonly port: number };
  readonly destination?: { readonly canonical: string; readonly port: number };
  readonly consumed?: number;
  readonly tlvs?: readonly { readonly type: number; readonly hex: string }[];
  readonly error?: { readonly field?: string; readonly fieldStart?: number; readonly offset: number };
}

const vectors = sample as readonly Vector[];

function pushAll(chunks: readonly Uint8Array[]): Decoded {
  const decoder = createDecoder();
  let answer: Decoded = { kind: 'incomplete' };
  for (const chunk of chunks) answer = decoder.push(chunk);
  return answer;
}

describe('the graded sample', () => {
  describe.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const bytes = Buffer.from(vector.hex, 'hex');
    const whole = decode(bytes);

    it('gets the graded answer', () => {
      expect([vector.expect, ...(vector.alsoOk ?? [])]).toContain(whole.kind);
      if (whole.kind === 'valid') {
        expect(whole.version).toBe(vector.version);
        expect(whole.consumed).toBe(vector.consumed);
        if (vector.command !== undefined) expect(whole.command).toBe(vector.command);
        if (vector.family !== undefined) expect(whole.family).toBe(vector.family);
        expect(whole.source).toEqual(endpoint(vector.source));
        expect(whole.destination).toEqual(endpoint(vector.destination));
        if (vector.tlvs !== undefined) {
          expect(
            whole.tlvs?.map(({ type, value }) => ({ type, hex: Buffer.from(value).toString('hex') })),
          ).toEqual(vector.tlvs);
        }
      }
      if (whole.kind === 'invalid') {
        expect(whole.field).toBe(vector.error?.field);
        expect(whole.offset).toBeLessThanOrEqual(vector.error?.offset ?? -1);
        expect(whole.offset).toBeGreaterThanOrEqual(vector.error?.fieldStart ?? Infinity);
      }
      if (whole.kind === 'absent') expect(whole.offset).toBe(vector.error?.offset);
    });

    it('gets the same answer byte by byte', () => {
      expect(pushAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    });

    it('gets the same answer at every two-way split', () => {
      for (let at = 0; at <= bytes.length; at += 1) {
        expect(pushAll([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
      }
    });

    it('gets the answer at the byte that decides it, and not before', () => {
      const decisive =
        whole.kind === 'valid' ? whole.consumed - 1 : whole.kind === 'incomplete' ? Infinity : whole.offset;
      for (let length = 0; length <= bytes.length; length += 1) {
        expect(decode(bytes.subarray(0, length))).toEqual(length > decisive ? whole : { kind: 'incomplete' });
      }
    });
  });
});

function endpoint(graded: Vector['source']) {
  return graded === undefined ? undefined : { address: graded.canonical, port: graded.port };
}
