import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type AcceptOptions,
  acceptProxyProtocol,
  encodeV1,
  encodeV2,
  type Refusal,
} from '../../src/proxy-protocol/index.js';
import { byBudget } from '../helpers/budget.js';
import { certificate, privateKey } from './certificate.js';

const client = { address: '192.0.2.10', port: 51000 };
const balancer = { address: '198.51.100.20', port: 443 };
const line = encodeV1({ source: client, destination: balancer });
const binary = encodeV2({
  source: { address: '2001:db8::a', port: 51000 },
  destination: { address: '2001:db8::b', port: 443 },
  tlvs: [{ type: 2, value: Buffer.from('example.com') }],
  crc32c: true,
});
const tlsOptions = { cert: certificate, key: privateKey };

const servers: net.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    (server as Partial<http.Server>).closeAllConnections?.();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
});

async function listen<S extends net.Server>(
  server: S,
  host = '127.0.0.1',
): Promise<{ server: S; port: number }> {
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as net.AddressInfo).port };
}

async function connect(port: number, host = '127.0.0.1'): Promise<net.Socket> {
  const socket = net.connect({ port, host, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Everything that arrives until the other end closes. */
async function readAll(socket: net.Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await new Promise((resolve) => {
    socket.on('end', resolve);
    socket.on('close', resolve);
  });
  socket.end();
  return text;
}

/** Ways in which bytes may be cut on their way. */
const ways: Record<string, (socket: net.Socket, header: Buffer, payload: Buffer) => Promise<void>> = {
  'header alone, then payload': async (socket, header, payload) => {
    socket.write(header);
    await delay(20);
    socket.write(payload);
  },
  'both in one segment': async (socket, header, payload) => {
    socket.write(Buffer.concat([header, payload]));
  },
  'byte by byte': async (socket, header, payload) => {
    for (const byte of Buffer.concat([header, payload])) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  'cut inside the header': async (socket, header, payload) => {
    socket.write(header.subarray(0, header.length - 1));
    await delay(20);
    socket.write(Buffer.concat([header.subarray(header.length - 1), payload]));
  },
  'cut inside the payload': async (socket, header, payload) => {
    socket.write(Buffer.concat([header, payload.subarray(0, 3)]));
    await delay(20);
    socket.write(payload.subarray(3));
  },
};

const headers = [
  ['version 1', line, client],
  ['version 2', binary, { address: '2001:db8::a', port: 51000 }],
] as const;

/** What a server says of a socket. */
function seen(socket: net.Socket) {
  return {
    address: socket.remoteAddress,
    port: socket.remotePort,
    family: socket.remoteFamily,
    header: socket.proxyProtocol?.version,
  };
}

function expectedOf(source: { address: string; port: number }, version: number) {
  return { ...source, family: source.address.includes(':') ? 'IPv6' : 'IPv4', header: version };
}

/** A server that answers with what it sees and, where it is not HTTP, with the bytes that it got. */
const targets = {
  net: (options: AcceptOptions = {}) =>
    acceptProxyProtocol(
      net.createServer((socket) => {
        socket.on('data', (chunk: Buffer) =>
          socket.write(`${JSON.stringify(seen(socket))} ${chunk.toString('latin1')}`),
        );
        socket.on('error', () => {});
      }),
      options,
    ),
  tls: (options: AcceptOptions = {}) =>
    acceptProxyProtocol(
      tls.createServer(tlsOptions, (socket) => {
        socket.on('data', (chunk: Buffer) =>
          socket.write(`${JSON.stringify(seen(socket))} ${chunk.toString('latin1')}`),
        );
        socket.on('error', () => {});
      }),
      options,
    ),
  http: (options: AcceptOptions = {}) =>
    acceptProxyProtocol(
      http.createServer((request, response) => response.end(JSON.stringify(seen(request.socket)))),
      options,
    ),
  https: (options: AcceptOptions = {}) =>
    acceptProxyProtocol(
      https.createServer(tlsOptions, (request, response) =>
        response.end(JSON.stringify(seen(request.socket))),
      ),
      options,
    ),
};

const request = Buffer.from('GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n');

describe.each(headers)('with a header of %s', (_, header, source) => {
  const expected = expectedOf(source, header === line ? 1 : 2);

  describe.each(Object.entries(ways))('%s', (_way, send) => {
    it('a net server gets the payload untouched and the client', async () => {
      const { server, port } = await listen(net.createServer());
      acceptProxyProtocol(server);
      const chunks: Buffer[] = [];
      let socketSeen: unknown;
      server.on('connection', (socket) => {
        socketSeen = seen(socket);
        socket.on('data', (chunk) => chunks.push(chunk));
        socket.on('end', () => socket.end('all of it'));
      });
      const payload = Buffer.from(Array.from({ length: 300 }, (_byte, index) => index % 256));
      const socket = await connect(port);
      const answer = readAll(socket);
      await send(socket, header, payload);
      socket.end();
      expect(await answer).toBe('all of it');
      expect(Buffer.concat(chunks)).toEqual(payload);
      expect(socketSeen).toEqual(expected);
    });

    it('an http server answers', async () => {
      const { port } = await listen(targets.http());
      const socket = await connect(port);
      const answer = readAll(socket);
      await send(socket, header, request);
      socket.end();
      expect(await answer).toContain(`\r\n\r\n${JSON.stringify(expected)}`);
    });

    it.each(['tls', 'https'] as const)('a %s server shakes hands and answers', async (kind) => {
      const { port } = await listen(targets[kind]());
      const socket = await connect(port);
      // The ClientHello is caught, to be sent with the header in the way under test.
      const hello = await clientHello(socket);
      await send(socket, header, hello.bytes);
      hello.connect();
      await once(hello.tlsSocket, 'secureConnect');
      let answer = '';
      hello.tlsSocket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
      hello.tlsSocket.write(request);
      await expect.poll(() => answer).toContain(JSON.stringify(expected));
      hello.tlsSocket.destroy();
      socket.destroy();
    });
  });

  it('a WebSocket server upgrades and sees the client', async () => {
    const { server, port } = await listen(targets.http());
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, upgrade) => {
      socket.send(JSON.stringify(seen(upgrade.socket)));
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`));
    });
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}/`, {
      createConnection: () => {
        const socket = net.connect(port, '127.0.0.1');
        socket.write(header);
        return socket;
      },
    });
    const messages: string[] = [];
    webSocket.on('message', (data: Buffer) => messages.push(data.toString()));
    await once(webSocket, 'open');
    webSocket.send('hello');
    await expect.poll(() => messages).toEqual([JSON.stringify(expected), 'echo hello']);
    webSocket.terminate();
    sockets.close();
  });
});

describe.each(['h2c', 'h2'])('an HTTP/2 server, %s', (kind) => {
  it('answers, and its requests report the client', async () => {
    const server = kind === 'h2' ? http2.createSecureServer(tlsOptions) : http2.createServer();
    acceptProxyProtocol(server as net.Server);
    server.on('request', (incoming: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      response.end(JSON.stringify(seen(incoming.socket)));
    });
    const { port } = await listen(server as net.Server);
    const socket = await connect(port);
    socket.write(line);
    const session = http2.connect(kind === 'h2' ? 'https://localhost' : 'http://localhost', {
      createConnection: () =>
        kind === 'h2'
          ? tls.connect({ socket, rejectUnauthorized: false, servername: 'localhost', ALPNProtocols: ['h2'] })
          : socket,
    });
    let text = '';
    const stream = session.request({ ':path': '/' });
    for await (const chunk of stream) text += String(chunk);
    expect(JSON.parse(text)).toEqual(expectedOf(client, 1));
    const closed = once(session, 'close');
    session.close();
    await closed;
    socket.destroy();
  });
});

/** A TLS client whose first flight is caught before it goes out. */
async function clientHello(socket: net.Socket) {
  const { Duplex } = await import('node:stream');
  let first: ((bytes: Buffer) => void) | undefined;
  let open = false;
  const caught = new Promise<Buffer>((resolve) => (first = resolve));
  const pipe = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, callback) {
      if (open) socket.write(chunk);
      else first?.(chunk);
      callback();
    },
  });
  const tlsSocket = tls.connect({ socket: pipe, rejectUnauthorized: false, servername: 'localhost' });
  tlsSocket.on('error', () => {});
  const bytes = await caught;
  return {
    bytes,
    tlsSocket,
    connect: () => {
      open = true;
      socket.on('data', (chunk) => pipe.push(chunk));
      socket.on('end', () => pipe.push(null));
    },
  };
}

describe('a connection without a valid header', () => {
  async function refusalOf(
    bytes: Uint8Array | undefined,
    options: AcceptOptions = {},
    after: (socket: net.Socket) => void = () => {},
  ): Promise<Refusal> {
    let served = false;
    let refused: ((refusal: Refusal) => void) | undefined;
    const refusal = new Promise<Refusal>((resolve) => (refused = resolve));
    const { server, port } = await listen(net.createServer(() => (served = true)));
    acceptProxyProtocol(server, { ...options, onRefused: (why) => refused?.(why) });
    const socket = await connect(port);
    const closed = once(socket, 'close');
    socket.resume();
    if (bytes !== undefined) socket.write(bytes);
    after(socket);
    const answer = await refusal;
    socket.end();
    await closed;
    expect(served).toBe(false);
    expect(answer.remotePort).toBe(socket.localPort ?? answer.remotePort);
    return answer;
  }

  it('is refused when application data comes first', async () => {
    expect(await refusalOf(request)).toMatchObject({
      code: 'absent',
      reason: 'no PROXY header: byte 0 is in none',
      remoteAddress: '127.0.0.1',
      answer: { kind: 'absent', offset: 0 },
    });
  });

  it('is refused when a broken line comes, and the field is named', async () => {
    const broken = Buffer.from('PROXY TCP4 192.0.2.256 198.51.100.20 51000 443\r\n');
    expect(await refusalOf(broken)).toMatchObject({
      code: 'invalid',
      reason: 'invalid PROXY header: source-address: a number above 255 (byte 21)',
      answer: { field: 'source-address', offset: 21 },
    });
  });

  it('is refused when the line is longer than any', async () => {
    expect(await refusalOf(Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}\r\n`))).toMatchObject({
      code: 'invalid',
      answer: { field: 'line', offset: 105 },
    });
  });

  it('is refused when version 2 is longer than this server takes', async () => {
    expect(await refusalOf(binary, { decode: { maxLength: 40 } })).toMatchObject({
      code: 'invalid',
      answer: { field: 'length' },
    });
  });

  it('is refused when the header is not whole in time', async () => {
    expect(await refusalOf(line.subarray(0, 20), { timeoutMs: 100 })).toMatchObject({
      code: 'timeout',
      reason: 'no whole PROXY header within 100 ms, 20 bytes of it',
    });
    expect(await refusalOf(undefined, { timeoutMs: 100 })).toMatchObject({ code: 'timeout' });
  });

  it('is refused at the time limit even when a byte comes now and then', async () => {
    const start = performance.now();
    await refusalOf(line.subarray(0, 5), { timeoutMs: 300 }, (socket) => {
      let at = 5;
      const timer = setInterval(() => {
        if (!socket.writable || at > 12) clearInterval(timer);
        else socket.write(line.subarray(at, (at += 1)));
      }, 50);
    });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('says how the peer closed: without a byte, or in the middle', async () => {
    expect(await refusalOf(undefined, {}, (socket) => socket.end())).toMatchObject({ code: 'empty' });
    expect(await refusalOf(line.subarray(0, 9), {}, (socket) => socket.end())).toMatchObject({
      code: 'incomplete',
      reason: 'closed after 9 bytes of a PROXY header',
    });
  });

  it('survives a reset in the middle', async () => {
    expect(
      await refusalOf(line.subarray(0, 9), {}, (socket) => setTimeout(() => socket.resetAndDestroy(), 30)),
    ).toMatchObject({
      code: 'incomplete',
    });
  });

  it('is distinguished from an untrusted peer when it was reset before it was accepted', async () => {
    const refusals: Refusal[] = [];
    const server = acceptProxyProtocol(net.createServer(), {
      onRefused: (refusal) => refusals.push(refusal),
    });
    // As Node hands a connection over whose peer is gone: without an address.
    for (const mode of ['closed', 'listening']) {
      if (mode === 'listening') await listen(server);
      server.emit('connection', new net.Socket());
      expect(refusals.splice(0)).toEqual([
        {
          code: 'empty',
          reason: 'reset before the connection was accepted',
          remoteAddress: undefined,
          remotePort: undefined,
        },
      ]);
    }
  });

  it('is refused from a peer that is not trusted, before a byte is read', async () => {
    expect(await refusalOf(line, { trusted: ['10.0.0.0/8', '2001:db8::/32'] })).toMatchObject({
      code: 'untrusted',
      reason: 'not a trusted peer: 127.0.0.1',
    });
  });
});

describe('trusted', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.0/8'], '127.0.0.1', true],
    [['127.0.0.2/32'], '127.0.0.1', false],
    [['127.0.0.2/32'], '127.0.0.2', true],
    [['0.0.0.0/0'], '127.0.0.1', true],
  ] as const)('%j and a peer at %s: %s', async (trusted, localAddress, expected) => {
    // Dual stack: the peer shows as ::ffff:127.0.0.1.
    const { port } = await listen(targets.net({ trusted }), '::');
    const socket = net.connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true });
    socket.on('error', () => {});
    const answer = readAll(socket);
    socket.write(Buffer.concat([line, Buffer.from('payload')]));
    // The payload comes back with the first data; a peer that is not trusted is closed.
    socket.once('data', () => socket.destroy());
    expect((await answer).includes('payload')).toBe(expected);
  });

  it('holds for every peer on a path', async () => {
    const server = targets.net();
    servers.push(server);
    const path = `\0elb-proxy-test-${process.pid}`;
    server.listen(path);
    await once(server, 'listening');
    const socket = net.connect(path);
    socket.write(Buffer.concat([line, Buffer.from('payload')]));
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toBe(`${JSON.stringify(expectedOf(client, 1))} payload`);
    socket.destroy();
  });
});

describe('mode optional', () => {
  it('serves a connection without a header, untouched, with its real address', async () => {
    const { port } = await listen(targets.http({ mode: 'optional' }));
    const socket = await connect(port);
    const answer = readAll(socket);
    // In pieces that could have become a header: P, then OST.
    socket.write('P');
    await delay(20);
    socket.end('OST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const text = await answer;
    expect(text).toContain('200 OK');
    expect(text).toContain('"address":"127.0.0.1"');
    expect(text).not.toContain('header');
  });

  it('serves TLS without a header', async () => {
    const { port } = await listen(targets.https({ mode: 'optional' }));
    const response = await fetchText({ port, rejectUnauthorized: false, agent: false });
    expect(response).toContain('127.0.0.1');
  });

  it('takes a header when there is one', async () => {
    const { port } = await listen(targets.net({ mode: 'optional' }));
    const socket = await connect(port);
    socket.write(Buffer.concat([line, Buffer.from('payload')]));
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('192.0.2.10');
    socket.destroy();
  });

  it('does not read a header from a peer that is not trusted, but leaves all bytes as they are', async () => {
    const { port } = await listen(targets.net({ mode: 'optional', trusted: ['10.0.0.0/8'] }));
    const socket = await connect(port);
    socket.write(line);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('127.0.0.1');
    expect(chunk.toString()).toContain(line.toString());
    socket.destroy();
  });

  it('refuses a broken header', async () => {
    const refusals: string[] = [];
    const { port } = await listen(
      targets.net({ mode: 'optional', onRefused: ({ code }) => refusals.push(code) }),
    );
    const socket = await connect(port);
    socket.write('PROXY NONSENSE\r\nGET / HTTP/1.1\r\n\r\n');
    expect(await readAll(socket)).toBe('');
    expect(refusals).toEqual(['invalid']);
  });

  it('lets the server speak first, after the time limit', async () => {
    const server = acceptProxyProtocol(
      net.createServer((socket) => socket.end('220 ready\r\n')),
      { mode: 'optional', timeoutMs: 50 },
    );
    const { port } = await listen(server);
    const socket = await connect(port);
    const answer = readAll(socket);
    socket.end();
    const late = await connect(port);
    const lateAnswer = readAll(late);
    await delay(100);
    late.end();
    expect(await lateAnswer).toBe('220 ready\r\n');
    expect(await answer).toBe('');
  });
});

describe('headers without a client', () => {
  it.each([
    ['LOCAL', encodeV2({ command: 'LOCAL' })],
    ['UNKNOWN', encodeV1({ family: 'UNKNOWN' })],
    ['UNSPEC', encodeV2({ family: 'UNSPEC' })],
  ])('%s leaves the real address', async (_, header) => {
    const { port } = await listen(targets.net());
    const socket = await connect(port);
    socket.write(Buffer.concat([header, Buffer.from('payload')]));
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toBe(
      `${JSON.stringify({ address: '127.0.0.1', port: socket.localPort, family: 'IPv4', header: header[0] === 0x50 ? 1 : 2 })} payload`,
    );
    socket.destroy();
  });

  it('a client on a UNIX socket has no address, as in Node', async () => {
    const { port } = await listen(targets.net());
    const socket = await connect(port);
    socket.write(encodeV2({ source: { path: '/run/client' }, destination: { path: '/run/server' } }));
    socket.write('payload');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('{"header":2} ');
    socket.destroy();
  });
});

describe('the server stays what it was', () => {
  it('keeps HTTP connections alive', async () => {
    const { port } = await listen(targets.http());
    const socket = await connect(port);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(line);
    for (let count = 1; count <= 3; count += 1) {
      socket.write('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n');
      await expect.poll(() => text.split('192.0.2.10').length - 1).toBe(count);
    }
    socket.destroy();
  });

  it('receives a large body that begins in the segment of the header', async () => {
    const server = acceptProxyProtocol(
      http.createServer((incoming, response) => {
        let length = 0;
        incoming.on('data', (chunk: Buffer) => (length += chunk.length));
        incoming.on('end', () => response.end(String(length)));
      }),
    );
    const { port } = await listen(server);
    const socket = await connect(port);
    const answer = readAll(socket);
    const body = Buffer.alloc(3_000_000, 'x');
    socket.end(
      Buffer.concat([
        line,
        Buffer.from(
          `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    );
    expect(await answer).toContain('\r\n\r\n3000000');
  });

  it('passes a half-close on, where it is allowed', async () => {
    const server = acceptProxyProtocol(
      net.createServer({ allowHalfOpen: true }, (socket) => {
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
        socket.on('end', () => setTimeout(() => socket.end(`after the end: ${text}`), 20));
      }),
    );
    const { port } = await listen(server);
    for (const payload of ['', 'payload']) {
      const socket = await connect(port);
      const answer = readAll(socket);
      socket.end(Buffer.concat([line, Buffer.from(payload)]));
      expect(await answer).toBe(`after the end: ${payload}`);
    }
  });

  it('ends a TLS connection that closes behind its header', async () => {
    const { server, port } = await listen(targets.tls());
    const socket = await connect(port);
    socket.end(line);
    await once(socket.resume(), 'close');
    await expect.poll(() => connections(server)).toBe(0);
  });

  it('passes the client to tlsClientError, too', async () => {
    const { server, port } = await listen(targets.https());
    const failed = once(server, 'tlsClientError') as Promise<[Error, tls.TLSSocket]>;
    const socket = await connect(port);
    socket.write(Buffer.concat([line, request]));
    const [, tlsSocket] = await failed;
    expect(tlsSocket.remoteAddress).toBe('192.0.2.10');
    socket.destroy();
  });

  it('leaves earlier connections alone', async () => {
    const { server, port } = await listen(net.createServer((socket) => socket.pipe(socket)));
    const accepted = once(server, 'connection');
    const before = await connect(port);
    await accepted;
    acceptProxyProtocol(server);
    before.write('echo');
    expect(String((await once(before, 'data'))[0])).toBe('echo');
    before.destroy();
  });

  it('closes at once while a header is awaited', async () => {
    const refusals: Refusal[] = [];
    const { server, port } = await listen(targets.http({ onRefused: (refusal) => refusals.push(refusal) }));
    const silent = await connect(port);
    const partial = await connect(port);
    partial.write('PROXY TCP4');
    await expect.poll(() => connections(server)).toBe(2);
    const start = performance.now();
    const ends = Promise.all([readAll(silent), readAll(partial)]);
    await new Promise((resolve) => server.close(resolve));
    await ends;
    expect(performance.now() - start).toBeLessThan(1000);
    expect(refusals).toEqual([]);
  });

  it('says what is wrong with an option', () => {
    const wrong = (options: unknown) => () =>
      acceptProxyProtocol(net.createServer(), options as AcceptOptions);
    expect(wrong({ mode: 'maybe' })).toThrow(
      new TypeError(`mode must be 'required' or 'optional', not "maybe"`),
    );
    expect(wrong({ trusted: [] })).toThrow(
      'trusted must be a list of addresses and CIDR blocks, with at least one',
    );
    expect(wrong({ trusted: '10.0.0.0/8' })).toThrow('trusted must be a list');
    for (const entry of [
      '10.0.0.0/33',
      '10.0.0/8',
      'fe80::1%eth0',
      '::/129',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      'nonsense',
    ]) {
      expect(wrong({ trusted: ['::1', entry] })).toThrow(
        new TypeError(`trusted[1] must be an address or a CIDR block, not ${JSON.stringify(entry)}`),
      );
    }
    for (const timeoutMs of [0, -1, Number.NaN, Infinity, 2 ** 31, '5000']) {
      expect(wrong({ timeoutMs })).toThrow(
        `timeoutMs must be a number from 1 to 2147483647, not ${timeoutMs}`,
      );
    }
    expect(wrong({ onRefused: true })).toThrow('onRefused must be a function');
    expect(wrong({ decode: { maxLength: -1 } })).toThrow(
      'maxLength must be a whole number from 0 to 65535, not -1',
    );
    expect(() => acceptProxyProtocol({} as net.Server)).toThrow('server must be');
    expect(() => acceptProxyProtocol(net.createServer({ pauseOnConnect: true }))).toThrow(
      new TypeError('server must not have pauseOnConnect: the header is read before the connection'),
    );
    const server = net.createServer();
    expect(acceptProxyProtocol(server)).toBe(server);
    expect(() => acceptProxyProtocol(server)).toThrow(
      'acceptProxyProtocol was called for this server before',
    );
  });
});

describe('many connections', () => {
  const many = byBudget(50, 200);

  it.each([
    [`${many} in a row`, 1],
    [`${many} at once`, many],
  ])('%s leak nothing', async (_, atOnce) => {
    const timersBefore = timers();
    const sockets: net.Socket[] = [];
    const { server, port } = await listen(targets.http());
    server.on('connection', (socket: net.Socket) => sockets.push(socket));
    const plain = http.createServer();
    const plainSockets: net.Socket[] = [];
    plain.on('connection', (socket) => plainSockets.push(socket));
    const plainPort = (await listen(plain)).port;
    const reference = await connect(plainPort);
    await expect.poll(() => plainSockets.length).toBe(1);
    await delay(10);

    const listenersOf = (socket: net.Socket) =>
      Object.fromEntries(socket.eventNames().map((name) => [name, socket.listenerCount(name)]));
    const serverListeners = server.eventNames().map((name) => [name, server.listenerCount(name)]);
    const wanted = listenersOf(plainSockets[0]!);
    reference.destroy();

    const one = async () => {
      const socket = await connect(port);
      socket.write(line);
      socket.write('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n');
      expect(String((await once(socket, 'data'))[0])).toContain('192.0.2.10');
      socket.destroy();
    };
    for (let done = 0; done < many; done += atOnce) await Promise.all(Array.from({ length: atOnce }, one));
    expect(sockets).toHaveLength(many);
    await expect.poll(() => connections(server)).toBe(0);
    expect(server.eventNames().map((name) => [name, server.listenerCount(name)])).toEqual(serverListeners);
    expect(sockets.every((socket) => socket.destroyed && socket.listenerCount('readable') === 0)).toBe(true);

    const last = await connect(port);
    last.write(line);
    await expect.poll(() => sockets.length).toBe(many + 1);
    await delay(10);
    expect(listenersOf(sockets[many]!)).toEqual(wanted);
    last.destroy();
    expect(timers()).toBeLessThanOrEqual(timersBefore);
  });

  const overTls = async (port: number): Promise<tls.TLSSocket> => {
    const below = await connect(port);
    below.write(line);
    const socket = tls.connect({ socket: below, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  };
  const plainly = async (port: number): Promise<net.Socket> => {
    const socket = await connect(port);
    socket.write(line);
    return socket;
  };
  const ask = 'GET / HTTP/1.1\r\nHost: example.com\r\n';
  const upgrade = `${ask}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n`;
  const kinds = {
    net: [targets.net, plainly, ask],
    tls: [targets.tls, overTls, ask],
    http: [targets.http, plainly, ask],
    https: [targets.https, overTls, ask],
    ws: [webSockets, plainly, upgrade],
  } as const;

  it.each(
    (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap(
      (name) =>
        [
          [name, 'in a row', 1],
          [name, 'at once', many],
        ] as const,
    ),
  )(`${many} to %s %s leave no connection, no listener and no timer behind`, async (name, _, atOnce) => {
    const [make, open, asked] = kinds[name];
    const timersBefore = timers();
    const { server, port } = await listen<net.Server>(make());
    const sockets: net.Socket[] = [];
    server.on('connection', (socket: net.Socket) => sockets.push(socket));
    const listeners = () => server.eventNames().map((event) => [event, server.listenerCount(event)]);
    const before = listeners();
    const one = async () => {
      const socket = await open(port);
      socket.on('error', () => {}).write(`${asked}\r\n`);
      let text = '';
      for await (const chunk of socket.setEncoding('latin1')) {
        text += chunk;
        if (text.includes(client.address)) break;
      }
      expect(text).toContain(client.address);
    };
    for (let done = 0; done < many; done += atOnce) await Promise.all(Array.from({ length: atOnce }, one));
    expect(sockets).toHaveLength(many);
    await expect.poll(() => connections(server)).toBe(0);
    expect(sockets.filter((socket) => !socket.destroyed || socket.listenerCount('readable') > 0)).toEqual([]);
    expect(listeners()).toEqual(before);
    await expect.poll(timers).toBeLessThanOrEqual(timersBefore);
  });

  it(`${many} refused ones leak nothing`, async () => {
    const timersBefore = timers();
    let refused = 0;
    const { server, port } = await listen(targets.https({ onRefused: () => (refused += 1) }));
    await Promise.all(
      Array.from({ length: many }, async () => {
        const socket = await connect(port);
        socket.write('GET / HTTP/1.1\r\n\r\n');
        await readAll(socket);
      }),
    );
    expect(refused).toBe(many);
    await expect.poll(() => connections(server)).toBe(0);
    expect(timers()).toBeLessThanOrEqual(timersBefore);
  });
});

/** A WebSocket server that greets each client by the address that it sees. */
function webSockets(): net.Server {
  const server = acceptProxyProtocol(http.createServer());
  new WebSocketServer({ server }).on('connection', (socket, { socket: below }) => {
    socket.on('error', () => {});
    socket.send(String(below.remoteAddress));
  });
  return server;
}

async function connections(server: net.Server): Promise<number> {
  return await new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

/** Timers that run now: those of the test runner, and of each header that is awaited. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

async function fetchText(options: https.RequestOptions): Promise<string> {
  const outgoing = https.get({ host: '127.0.0.1', ...options });
  const [response] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}
