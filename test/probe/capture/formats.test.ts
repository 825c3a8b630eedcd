import { describe, expect, it } from 'vitest';
import {
  block,
  enhanced,
  frame,
  interfaceBlock,
  line,
  links,
  obsolete,
  pcap,
  pcapng,
  simple,
  start,
  Talk,
} from '../../helpers/capture-files.js';
import { judged } from './judged.js';

const talk = () => new Talk().open().send(`${line}GET / HTTP/1.1\r\n\r\n`).close();
const overIpv6 = () =>
  new Talk({ address: '2001:db8::8', port: 33_612 }, { address: '2001:db8:0:1::5', port: 8443 })
    .open()
    .send(`${line}GET / HTTP/1.1\r\n\r\n`)
    .close();

const one = {
  at: new Date(start).toISOString(),
  from: '10.0.0.8:33612',
  to: '10.0.0.5:8443',
  verdict: 'proxy-v1',
  source: { address: '203.0.113.9', port: 51_234 },
  data: 'http',
};

describe('a pcap file', () => {
  it.each([
    ['little-endian, microseconds', {}],
    ['big-endian, microseconds', { bigEndian: true }],
    ['little-endian, nanoseconds', { nanoseconds: true }],
    ['big-endian, nanoseconds', { bigEndian: true, nanoseconds: true }],
    ['with the longer packet headers of a patched libpcap', { kuznetzov: true }],
  ])('is read in any form: %s', async (_, options) => {
    const { connections, ended, packets } = await judged(pcap(talk().frames(), options));
    expect(connections).toMatchObject([one]);
    expect({ ended, packets }).toEqual({ ended: 'end', packets: 6 });
  });

  it('is read with the flags of a frame check sequence in its link type', async () => {
    const { connections } = await judged(pcap(talk().frames(), { linkType: 0x54000001 }));
    expect(connections).toMatchObject([one]);
  });

  it.each([1, 2, 3, 7, 16, 41, 1000])('says the same in chunks of %i bytes', async (chunk) => {
    const file = pcap(talk().frames());
    expect(await judged(file, { chunk })).toEqual(await judged(file));
  });
});

describe('a link layer', () => {
  it.each(Object.keys(links) as (keyof typeof links)[])('%s is read, for IPv4 and IPv6', async (link) => {
    const four = await judged(pcap(talk().frames(link), { linkType: links[link].type }));
    expect(four.connections).toMatchObject([one]);
    const six = await judged(pcap(overIpv6().frames(link), { linkType: links[link].type }));
    expect(six.connections).toMatchObject([
      { ...one, from: '[2001:db8::8]:33612', to: '[2001:db8:0:1::5]:8443' },
    ]);
  });
});

describe('a pcapng file', () => {
  const ethernet = interfaceBlock(1);

  it.each([
    ['little-endian', false],
    ['big-endian', true],
  ])('is read in either byte order: %s', async (_, bigEndian) => {
    const file = pcapng(
      [
        ethernet,
        ...talk()
          .frames()
          .map((each) => enhanced(each)),
      ],
      bigEndian,
    );
    for (const chunk of [1, 13, 65_536]) {
      const { connections, ended } = await judged(file, { chunk });
      expect(connections).toMatchObject([one]);
      expect(ended).toBe('end');
    }
  });

  it('is read where a second section has the other byte order and other interfaces', async () => {
    const second = new Talk({ address: '10.0.0.9', port: 1024 }).open().send(line).close();
    const file = Buffer.concat([
      pcapng([
        ethernet,
        ...talk()
          .frames()
          .map((each) => enhanced(each)),
      ]),
      pcapng([interfaceBlock(101), ...second.frames('raw IP').map((each) => enhanced(each))], true),
    ]);
    const { connections } = await judged(file);
    expect(connections).toMatchObject([one, { from: '10.0.0.9:1024', verdict: 'proxy-v1' }]);
  });

  it('is read with several interfaces, each with its own link type and clock', async () => {
    const cooked = new Talk({ address: '10.0.0.9', port: 1024 }).open().send(line).close();
    const blocks = [
      interfaceBlock(1, { resolution: 9 }),
      interfaceBlock(276, { resolution: 3, offset: 3600 }),
      ...talk()
        .frames()
        .map((each) => enhanced(each, 0, 1_000_000n)),
      ...cooked.frames('linux cooked 2').map((each) => enhanced(each, 1, 1n)),
    ];
    const { connections } = await judged(pcapng(blocks));
    expect(connections).toMatchObject([
      one,
      { from: '10.0.0.9:1024', at: new Date(start + 3_600_000).toISOString() },
    ]);
  });

  it('is read with timestamps in powers of two', async () => {
    const blocks = talk()
      .frames()
      .map((each) => enhanced({ ...each, at: each.at * 1.024 }, 0, 1n));
    const { connections } = await judged(pcapng([interfaceBlock(1, { resolution: 0x80 | 10 }), ...blocks]));
    expect(Math.abs(Date.parse(connections[0]?.at ?? '') - start)).toBeLessThanOrEqual(1);
  });

  it('is read in blocks of the older kinds, and passes over what it does not know', async () => {
    const frames = talk().frames();
    const blocks = [
      block(0x0bad, Buffer.alloc(400_000, 7)),
      ethernet,
      block(5, Buffer.alloc(24)),
      ...frames.flatMap((each, index) => [
        index % 2 === 0 ? obsolete(each) : simple(each),
        block(4, Buffer.from('names')),
      ]),
    ];
    for (const chunk of [11, 65_536]) {
      const { connections, ended } = await judged(pcapng(blocks), { chunk });
      expect(connections).toMatchObject([one]);
      expect(ended).toBe('end');
    }
  });

  it('cuts a simple packet block by the snap length of its interface', async () => {
    const frames = talk()
      .frames()
      .map(({ bytes, at, length }) => frame(bytes.subarray(0, Math.min(70, length)), at));
    const lengths = talk()
      .frames()
      .map(({ length }) => length);
    const blocks = frames.map((each, index) => simple({ ...each, length: lengths[index] ?? 0 }));
    const { notJudged } = await judged(pcapng([interfaceBlock(1, { snapLength: 70 }), ...blocks]));
    expect(notJudged).toMatchObject([{ code: 'cut-packets' }]);
  });

  it('has packets of an interface that can’t be read passed over, and says so', async () => {
    const wireless = frame(Buffer.alloc(80), start);
    const blocks = [
      interfaceBlock(105),
      ethernet,
      enhanced(wireless, 0),
      ...talk()
        .frames()
        .map((each) => enhanced(each, 1)),
    ];
    const { connections, notes } = await judged(pcapng(blocks));
    expect(connections).toMatchObject([one]);
    expect(notes).toEqual(['1 packet of link type 105 (IEEE 802.11) could not be read.']);
  });
});

describe('a file that breaks off', () => {
  const whole = pcap([
    ...talk().frames(),
    ...new Talk({ address: '10.0.0.9', port: 9 }).open().send(line).frames(),
  ]);

  it('inside a packet is judged up to there, wherever that is', async () => {
    expect((await judged(whole)).ended).toBe('end');
    for (let length = 24; length < whole.length; length += 1) {
      const { ended, connections, notes } = await judged(whole.subarray(0, length));
      const first = length >= 24 + 4 * 16 + 74 + 74 + 54 + 54 + 61;
      if (first) expect(connections[0]).toMatchObject({ verdict: 'proxy-v1' });
      else expect(connections).toEqual([]);
      if (ended === 'cut')
        expect(notes[0]).toMatch(/^The capture ends inside a packet, at byte \d+: judged up to there\.$/);
      else expect(ended).toBe('end');
    }
  });

  it('a file that breaks off in a packet of impossible length is judged up to there', async () => {
    const broken = Buffer.concat([pcap(talk().frames()), Buffer.alloc(64, 0xff)]);
    const { ended, connections, notes } = await judged(broken);
    expect(ended).toBe('damaged');
    expect(connections).toMatchObject([one]);
    expect(notes[0]).toMatch(/damaged at byte \d+ \(a packet of 4294967295 bytes is said to be there\)/);
  });

  it.each([
    ['a block too short', Buffer.from('0600000008000000', 'hex')],
    ['a block that is not a multiple of four', Buffer.from('060000000d000000', 'hex')],
    ['an interface that is not described', enhanced(frame(Buffer.alloc(60), start), 7)({ bigEndian: false })],
    [
      'a length that differs at its end',
      Buffer.concat([
        block(9, Buffer.alloc(8))({ bigEndian: false }).subarray(0, 16),
        Buffer.from('63000000', 'hex'),
      ]),
    ],
  ])('a pcapng file that breaks off at %s is judged up to there', async (_, rubbish) => {
    const file = pcapng([
      interfaceBlock(1),
      ...talk()
        .frames()
        .map((each) => enhanced(each)),
    ]);
    const { ended, connections } = await judged(Buffer.concat([file, rubbish, Buffer.alloc(16)]));
    expect(ended).toBe('damaged');
    expect(connections).toMatchObject([one]);
  });
});

describe('what is not a capture', () => {
  it.each([
    ['', /^web\.pcap is empty/],
    ['\x1f\x8b\x08\x00', /compressed \(gzip\)/],
    ['15:30:12.1 IP 10.0.0.8.33612 > 10.0.0.5.8443: Flags [S]\n', /is text, not a pcap or pcapng capture/],
    ['\x7fELF\x02\x01\x01\0', /is not a pcap or pcapng capture: it begins with 7f454c46/],
    ['a', /is text/],
    ['snoop\0\0\0\0\0\0\x02', /a snoop capture/],
    ['\xd4\xc3\xb2\xa1\x02\0\x04\0', /ends inside its header/],
    ['\n\r\r\n\x1c\0\0\0\0\0\0\0\0\0\0\0', /is not a complete capture: a section has no byte order/],
  ])('%j says in one line what it is', async (text, words) => {
    const failed = await judged(Buffer.from(text, 'latin1')).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'not-a-capture',
      fault: 'user',
      message: expect.stringMatching(words),
    });
  });

  it('has packets of another link type: which, and what to capture in its place', async () => {
    const wireless = pcap([frame(Buffer.alloc(80), start)], { linkType: 127 });
    for (const live of [false, true])
      await expect(judged(wireless, { live })).rejects.toMatchObject({
        code: 'capture-link-type',
        message: expect.stringContaining('127 (IEEE 802.11 with radiotap)'),
        hint: expect.stringContaining('Ethernet'),
      });
  });
});
