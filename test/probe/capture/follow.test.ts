import { describe, expect, it } from 'vitest';
import { encodeV2 } from '../../../src/proxy-protocol/index.js';
import {
  ACK,
  client,
  FIN,
  frame,
  ipPacket,
  line,
  links,
  pcap,
  RST,
  SYN,
  server,
  start,
  Talk,
} from '../../helpers/capture-files.js';
import { judged } from './judged.js';

const request = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';

/** What is said of talks, one after the other. */
const said = async (...talks: Talk[]) => judged(pcap(talks.flatMap((talk) => talk.frames())));
/** The one verdict, or why there is none. */
const verdictOf = async (talk: Talk, apartMs = 1) => {
  const { connections, notJudged } = await judged(pcap(talk.frames('ethernet', apartMs)));
  return [...connections.map(({ verdict }) => verdict), ...notJudged.map(({ code }) => code)].join();
};

describe('the verdict on a connection', () => {
  it.each([
    ['a line and a request', [`${line}${request}`], { verdict: 'proxy-v1', family: 'TCP4', data: 'http' }],
    ['a line alone', [line], { verdict: 'proxy-v1' }],
    ['a request', [request], { verdict: 'absent', data: 'http' }],
    ['a ClientHello', ['\x16\x03\x01\x02\0\x01'], { verdict: 'absent', data: 'tls-client-hello' }],
    ['a line that is broken', ['PROXY TCP4 nonsense\r\n'], { verdict: 'malformed', field: 'source-address' }],
    ['half a line', ['PROXY TCP4 203'], { verdict: 'malformed', field: 'end' }],
    ['two lines', [line + line + request], { verdict: 'proxy-v1', second: { version: 1 } }],
    [
      'a line in two segments',
      [line.slice(0, 9), line.slice(9) + request],
      { verdict: 'proxy-v1', pieces: 2 },
    ],
    [
      'a line for each byte',
      [...line.split(''), request],
      { verdict: 'proxy-v1', pieces: line.length, data: 'http' },
    ],
    ['nothing', [], { verdict: 'empty' }],
  ])('that began with %s is the one of verify listen', async (_, pieces, expected) => {
    const talk = new Talk().open();
    for (const piece of pieces) talk.send(piece);
    const { connections, notJudged } = await said(talk.close());
    expect(connections).toMatchObject([{ ...expected, from: '10.0.0.8:33612', to: '10.0.0.5:8443' }]);
    expect(notJudged).toEqual([]);
  });

  it('the verdict on a connection with a version 2 header names the client', async () => {
    const header = encodeV2({
      source: { address: '203.0.113.9', port: 51_234 },
      destination: { address: '10.0.0.8', port: 443 },
    });
    const { connections } = await said(new Talk().open().send(header).send(request).close());
    expect(connections).toMatchObject([
      { verdict: 'proxy-v2', version: 2, source: { address: '203.0.113.9', port: 51_234 } },
    ]);
  });

  it('is that of a health check where the line describes the check itself', async () => {
    const check = 'PROXY TCP4 10.0.0.8 10.0.0.8 33612 8443\r\n';
    const { connections } = await said(new Talk().open().send(check).close());
    expect(connections).toMatchObject([{ verdict: 'proxy-v1', healthCheck: true }]);
  });

  it('is not one of a health check where what follows the line was cut off or is missing', async () => {
    const check = 'PROXY TCP4 10.0.0.8 10.0.0.8 33612 8443\r\n';
    const talk = new Talk().open().send(`${check}secret`).close();
    const cut = talk.packets.map((ip, index) =>
      frame(links.ethernet.wrap(ip), start + index, 54 + check.length),
    );
    const { connections } = await judged(pcap(cut));
    expect(connections[0]).toMatchObject({ verdict: 'proxy-v1' });
    expect(connections[0]).not.toHaveProperty('healthCheck');
    const missing = await said(
      new Talk()
        .open()
        .send(check)
        .skip(6)
        .answer()
        .add({ flags: RST | ACK }),
    );
    expect(missing.connections[0]).not.toHaveProperty('healthCheck');
  });

  it('has the bytes escaped, never raw', async () => {
    const { connections } = await said(new Talk().open().send('\u001b[2Jhostile').close());
    expect(connections[0]?.text).toBe('\\x1b[2Jhostile');
  });

  it('is given once a request is whole, without waiting for the end of the connection', async () => {
    expect(await verdictOf(new Talk().open().send(line + request))).toBe('proxy-v1');
  });
});

describe('segments', () => {
  it.each([
    ['in order', [0, 1, 2]],
    ['backwards', [2, 1, 0]],
    ['retransmitted', [0, 0, 1, 1, 2, 0]],
    ['the last first', [2, 0, 1]],
  ])('are put in order: %s', async (_, order) => {
    const parts = [line.slice(0, 10), line.slice(10, 30), line.slice(30) + request];
    const starts = [0, 10, 30];
    for (const initial of [1000, 0xffff_ffff, 0xffff_ffff - 12, 0x7fff_fff0]) {
      const talk = new Talk(client, server, initial).open();
      const first = talk.next;
      for (const index of order)
        talk.add({ sequence: (first + starts[index]!) >>> 0, data: parts[index] ?? '' });
      talk.skip(line.length + request.length).close();
      const { connections } = await said(talk);
      expect(connections, String(initial)).toMatchObject([{ verdict: 'proxy-v1', data: 'http' }]);
    }
  });

  it('that overlap count once', async () => {
    const whole = line + request;
    const talk = new Talk().open();
    const first = talk.next;
    talk.add({ data: whole.slice(0, 20) });
    talk.add({ sequence: first + 10, data: whole.slice(10, 40) });
    talk.add({ sequence: first, data: whole });
    const { connections } = await said(talk.skip(whole.length).close());
    expect(connections).toMatchObject([{ verdict: 'proxy-v1', data: 'http' }]);
    expect(connections[0]?.text).toContain('GET / HTTP/1.1\\r\\nHost: web');
  });

  it('that probe an idle connection do not count as bytes', async () => {
    const talk = new Talk().open();
    talk.add({ sequence: talk.next - 1, data: '\0' });
    expect((await said(talk.send(line + request).close())).connections).toMatchObject([
      { verdict: 'proxy-v1' },
    ]);
  });

  it.each([
    ['IPv4 options', { ipOptions: 8 }, client, server],
    ['TCP options', { tcpOptions: 12 }, client, server],
    ['a length of zero, by segmentation offload', { totalLength: 0 }, client, server],
    [
      'IPv6 extension headers',
      {
        extensions: [
          [0, [0, 1, 4, 0, 0, 0, 0]],
          [60, [0, 1, 4, 0, 0, 0, 0]],
          [44, [0, 0, 0, 0, 0, 0, 0]],
          [51, [4, ...Array.from({ length: 22 }, () => 0)]],
        ],
      },
      { address: 'fd00::8', port: 1 },
      { address: 'fd00::5', port: 8443 },
    ],
  ] as const)('are found behind %s', async (_, options, from, to) => {
    const { connections } = await said(
      new Talk(from, to)
        .open()
        .send(line + request, options)
        .close(),
    );
    expect(connections).toMatchObject([{ verdict: 'proxy-v1', data: 'http' }]);
  });

  it('segments of a fast open carry data in the first packet', async () => {
    const talk = new Talk().add({ flags: SYN, acknowledgement: 0, data: line });
    talk
      .skip(1 + line.length)
      .answer({ flags: SYN | ACK })
      .add({});
    expect((await said(talk.send(request).close())).connections).toMatchObject([
      { verdict: 'proxy-v1', data: 'http' },
    ]);
  });
});

describe('nothing is said', () => {
  it('nothing is said of a connection that began before the capture, and once only', async () => {
    const talk = new Talk()
      .send(line + request)
      .answer()
      .send('more')
      .close();
    const { connections, notJudged } = await said(talk);
    expect(connections).toEqual([]);
    expect(notJudged).toMatchObject([
      { code: 'began-before', from: '10.0.0.8:33612', at: new Date(start).toISOString() },
    ]);
  });

  it('nothing is said if bytes are missing in front of what is there', async () => {
    expect(await verdictOf(new Talk().open().skip(4).send('GET / HTTP/1.1\r\n\r\n').close())).toBe(
      'bytes-missing',
    );
    expect(await verdictOf(new Talk().open().send('PROXY').skip(4).send('rest\r\n').close())).toBe(
      'bytes-missing',
    );
  });

  it('nothing is said if the server acknowledged what the capture does not have', async () => {
    expect(
      await verdictOf(
        new Talk()
          .open()
          .skip(40)
          .answer()
          .add({ flags: RST | ACK }),
      ),
    ).toBe('bytes-missing');
    expect(await verdictOf(new Talk().open().skip(40).answer().close())).toBe('bytes-missing');
  });

  it('nothing is said if more is ahead of a hole than is kept', async () => {
    const talk = new Talk().open().skip(1);
    for (let index = 0; index < 70; index += 1) talk.send('x'.repeat(1000));
    const { notJudged } = await said(talk);
    expect(notJudged).toMatchObject([{ code: 'bytes-missing' }]);
  });

  it('nothing is said if a snap length cut the header off: it says so, and what to give tcpdump', async () => {
    const talk = new Talk()
      .open()
      .send(line + request)
      .close();
    const cut = talk.packets.map((ip, index) => frame(links.ethernet.wrap(ip), start + index, 64));
    const { connections, notJudged, notes } = await judged(pcap(cut));
    expect(connections).toEqual([]);
    expect(notJudged).toMatchObject([
      { code: 'cut-packets', reason: expect.stringContaining('a snap length of 64 bytes') },
    ]);
    expect(notes).toEqual([
      'Captured with a snap length of 64 bytes, which cuts off first bytes: use tcpdump -s 0.',
    ]);
  });

  it('nothing is said if a snap length cut even the headers off', async () => {
    const talk = new Talk().open().send(line).close();
    const cut = talk.packets.map((ip, index) => frame(links.ethernet.wrap(ip), start + index, 40));
    const { connections, notes } = await judged(pcap(cut));
    expect(connections).toEqual([]);
    expect(notes).toEqual([
      'Captured with a snap length of 40 bytes, which cuts off headers: use tcpdump -s 0.',
    ]);
  });

  it('nothing is said if the header came in IP fragments', async () => {
    expect(await verdictOf(new Talk().open().send(line, { fragment: 0x2000 }).close())).toBe('fragments');
  });

  it('nothing is said if the capture ends first', async () => {
    expect(await verdictOf(new Talk().open())).toBe('ended-early');
    expect(await verdictOf(new Talk().open().send(line.slice(0, 9)))).toBe('ended-early');
  });

  it('nothing is said if it came to nothing', async () => {
    const syn = new Talk().add({ flags: SYN, acknowledgement: 0 }).skip(1);
    expect(await verdictOf(syn.answer({ flags: RST | ACK }))).toBe('refused');
    expect(await verdictOf(new Talk().add({ flags: SYN, acknowledgement: 0 }))).toBe('unanswered');
    const half = new Talk()
      .add({ flags: SYN, acknowledgement: 0 })
      .skip(1)
      .answer({ flags: SYN | ACK });
    expect(await verdictOf(half.add({ flags: RST }))).toBe('unanswered');
  });

  it('nothing is said if only the server’s side was captured', async () => {
    const talk = new Talk()
      .open()
      .send(line + request)
      .answer({ data: 'HTTP/1.1 200 OK\r\n\r\n' })
      .close();
    const packets = talk.packets.filter((ip) => ip.readUInt16BE(20) === 8443);
    const { notJudged } = await judged(
      pcap(packets.map((ip, index) => frame(links.ethernet.wrap(ip), start + index))),
    );
    expect(notJudged).toMatchObject([{ code: 'bytes-missing' }]);
  });
});

describe('time in the capture', () => {
  it('makes half a header malformed after three seconds, as it does for verify listen', async () => {
    const talk = new Talk().open().send(line.slice(0, 9));
    const later = new Talk({ ...client, port: 2 }).open();
    const frames = [...talk.frames(), ...later.frames('ethernet', 1, start + 4000)];
    const { connections, notJudged } = await judged(pcap(frames));
    expect(connections).toMatchObject([
      { verdict: 'malformed', field: 'end', reason: expect.stringContaining('within 3000 ms') },
    ]);
    expect(notJudged).toMatchObject([{ code: 'ended-early' }]);
  });

  it('makes a line alone a verdict after a short pause', async () => {
    const frames = [
      ...new Talk().open().send(line).frames(),
      ...new Talk({ ...client, port: 2 })
        .open()
        .send(request)
        .frames('ethernet', 1, start + 400),
    ];
    const { connections } = await judged(pcap(frames));
    expect(connections.map(({ verdict }) => verdict)).toEqual(['proxy-v1', 'absent']);
  });

  it('makes an open connection empty after three seconds without a byte', async () => {
    const frames = [...new Talk().open().frames(), frame(Buffer.alloc(60), start + 5000)];
    const { connections } = await judged(pcap(frames));
    expect(connections).toMatchObject([{ verdict: 'empty', reason: expect.stringContaining('still open') }]);
  });

  it('that goes back, or jumps, loses nothing', async () => {
    const talks = [5_000_000, 0, -5_000_000, 10].map((away, index) =>
      new Talk({ ...client, port: index + 1 })
        .open()
        .send(line + request)
        .close()
        .frames('ethernet', 1, start + away),
    );
    expect((await judged(pcap(talks.flat()))).connections).toHaveLength(4);
  });
});

describe('connections', () => {
  it('side by side are kept apart, by address and by port', async () => {
    const talks = [
      new Talk(client, server).open(),
      new Talk({ ...client, port: 4 }, server).open(),
      new Talk({ ...client, address: '10.0.0.9' }, server).open(),
      new Talk(client, { ...server, address: '10.0.0.6' }).open(),
    ];
    for (const piece of [line.slice(0, 8), line.slice(8), request])
      for (const talk of talks) talk.send(piece);
    const frames = talks.flatMap((talk) => talk.frames()).sort((one, other) => one.at - other.at);
    const { connections } = await judged(pcap(frames));
    expect(connections).toHaveLength(4);
    for (const one of connections)
      expect(one).toMatchObject({ verdict: 'proxy-v1', pieces: 2, data: 'http' });
  });

  it('that use the same ports again are judged each', async () => {
    const { connections } = await said(
      new Talk()
        .open()
        .send(line + request)
        .close(),
      new Talk(client, server, 5_000_000).open().send(request).close(),
      new Talk(client, server, 9_000_000).open(),
      new Talk(client, server, 19_000_000).open().send(line + request),
    );
    expect(connections.map(({ verdict }) => verdict)).toEqual(['proxy-v1', 'absent', 'empty', 'proxy-v1']);
  });

  it('that several interfaces saw count once', async () => {
    const talk = new Talk()
      .open()
      .send(line + request)
      .answer({ data: 'HTTP/1.1 200 OK\r\n\r\n' })
      .close();
    const twice = talk.frames().flatMap((each) => [each, each]);
    const { connections, notJudged } = await judged(pcap([...twice, ...talk.frames()]));
    expect(connections).toHaveLength(1);
    expect(notJudged).toEqual([]);
  });

  it('connections to other ports are passed over, and counted for who gave the wrong one', async () => {
    const other = (port: number, from: number) =>
      new Talk({ ...client, port: from }, { ...server, port }).open().send(line).close();
    const { connections, otherPorts } = await said(other(80, 1), other(443, 2), other(443, 3));
    expect(connections).toEqual([]);
    expect(otherPorts).toEqual([
      { port: 443, connections: 2 },
      { port: 80, connections: 1 },
    ]);
  });

  it('connections to several ports are judged; who is the client is known where both ends have one of them', async () => {
    const talk = new Talk({ address: '10.0.0.8', port: 9443 })
      .open()
      .send(line + request)
      .close();
    const { connections } = await judged(pcap(talk.frames()), { ports: [8443, 9443] });
    expect(connections).toMatchObject([{ from: '10.0.0.8:9443', to: '10.0.0.5:8443', verdict: 'proxy-v1' }]);
  });

  it('whose beginning was answered, but not seen, are judged: the answer says where they began', async () => {
    const talk = new Talk()
      .open()
      .send(line + request)
      .close();
    talk.packets.shift();
    expect((await said(talk)).connections).toMatchObject([{ verdict: 'proxy-v1' }]);
  });

  it('connections of other protocols, and anything but IP, are skipped', async () => {
    const udp = ipPacket({ from: client, to: server, flags: FIN });
    udp[9] = 17;
    const frames = [udp, Buffer.from([0x45]), Buffer.alloc(0), Buffer.alloc(40, 0xff)].map((ip) =>
      frame(links.ethernet.wrap(ip.length === 0 ? Buffer.from([0]) : ip), start),
    );
    const { connections, notJudged } = await judged(
      pcap([...frames, ...new Talk().open().send(request).frames()]),
    );
    expect(connections).toHaveLength(1);
    expect(notJudged).toEqual([]);
  });
});
