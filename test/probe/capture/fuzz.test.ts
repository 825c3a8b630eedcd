import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElbProxyError } from '../../../src/errors.js';
import { byBudget } from '../../helpers/budget.js';
import {
  client,
  enhanced,
  interfaceBlock,
  line,
  links,
  pcap,
  pcapng,
  Talk,
} from '../../helpers/capture-files.js';
import { type Judged, judged } from './judged.js';

const talks = [
  new Talk().open().send(`${line}GET / HTTP/1.1\r\n\r\n`).close(),
  new Talk({ ...client, port: 4 }).open().send('GET / HTTP/1.1\r\n\r\n').close(),
  new Talk({ ...client, port: 5 }).open().close(),
];
const frames = talks.flatMap((talk) => talk.frames());
const files = [
  pcap(frames),
  pcap(frames, { bigEndian: true, nanoseconds: true }),
  pcapng([interfaceBlock(links.ethernet.type), ...frames.map((one) => enhanced(one))]),
];

/** What is said, or the code of why nothing is. */
async function outcome(file: Uint8Array, chunk = 65_536): Promise<Judged | string> {
  try {
    return await judged(file, { chunk });
  } catch (error) {
    if (error instanceof ElbProxyError) return error.code;
    throw error;
  }
}

const runs = { numRuns: byBudget(300, 20_000) };
const aFile = fc.constantFrom(...files);

describe('any bytes in the place of a capture', () => {
  it('are read to an end, or refused with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const said = await outcome(bytes);
        expect(typeof said === 'string' || said.connections.length === 0).toBe(true);
      }),
      runs,
    );
  });

  it('random bytes behind a capture’s good beginning do no harm, and invent no connection', async () => {
    await fc.assert(
      fc.asyncProperty(aFile, fc.nat(), fc.uint8Array({ maxLength: 200 }), async (file, at, bytes) => {
        const cut = at % file.length;
        const said = await outcome(Buffer.concat([file.subarray(0, cut), bytes]));
        if (typeof said !== 'string') expect(said.connections.length).toBeLessThanOrEqual(talks.length);
      }),
      runs,
    );
  });

  it('here and there in a file do no harm', async () => {
    const edit = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(aFile, fc.array(edit, { minLength: 1, maxLength: 12 }), async (file, edits) => {
        const other = Buffer.from(file);
        for (const [at, byte] of edits) other[at % other.length] = byte;
        const said = await outcome(other);
        if (typeof said === 'string') return;
        // An edit can make two connections of one, and no more than an edit each.
        expect(said.connections.length + said.notJudged.length).toBeLessThanOrEqual(
          talks.length + edits.length,
        );
      }),
      runs,
    );
  });
});

describe('a capture', () => {
  it('says the same in whatever pieces it comes', async () => {
    const whole = await Promise.all(files.map((file) => outcome(file)));
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), fc.integer({ min: 1, max: 200 }), async (which, chunk) => {
        expect(await outcome(files[which] ?? Buffer.alloc(0), chunk)).toEqual(whole[which]);
      }),
      { numRuns: byBudget(60, 2000) },
    );
  });

  it('that is cut anywhere says nothing of a connection that the whole does not say', async () => {
    for (const file of files) {
      const whole = await judged(file);
      const known = whole.connections.map(({ from, verdict }) => `${from} ${verdict}`);
      for (let length = 0; length < file.length; length += byBudget(7, 1)) {
        const said = await outcome(file.subarray(0, length));
        if (typeof said === 'string') continue;
        // A line with nothing behind it yet is a line all the same.
        for (const { from, verdict } of said.connections)
          expect(known, `${length} bytes`).toContain(`${from} ${verdict}`);
      }
    }
  });
});
