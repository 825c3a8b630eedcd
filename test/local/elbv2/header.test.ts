import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectionHeader, healthCheckHeader } from '../../../src/local/elbv2/data-plane/proxy-header.js';
import { crc32c } from '../../../src/proxy-protocol/crc32c.js';
import { decode, encodeV2 } from '../../../src/proxy-protocol/index.js';
import { type Backend, backend, closed, instanceId, serve, until } from '../traffic.js';
import { balanceNetwork, received } from './network-traffic.js';

const require = createRequire(import.meta.url);

/** A backend to which health checks by another port leave all connections to clients. */
async function behind(port: number, of: object = {}) {
  const health = createServer((socket) => socket.resume().end());
  health.listen(0, '127.0.0.1');
  await once(health, 'listening');
  const { port: checked } = health.address() as { port: number };
  const traffic = await balanceNetwork({
    groups: [{ port, healthCheck: { port: checked }, ...of }],
  });
  return {
    ...traffic,
    [Symbol.asyncDispose]: async () => {
      await traffic[Symbol.asyncDispose]();
      health.close();
    },
  };
}

/** The n-th connection of a client, whether or not it has said anything. */
const connections = (): Promise<Backend> => serve(createServer({ allowHalfOpen: true }), { health: true });

describe('the header of a connection', () => {
  it("has the client's and the listener's address and port, a checksum, and 100 bytes", async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    client.socket.write('hello');
    const seen = await instance.connection(0);
    await until(() => received(seen).payload === 'hello');
    const { header, consumed, bytes } = received(seen);
    expect(header).toMatchObject({
      version: 2,
      command: 'PROXY',
      family: 'TCP4',
      source: { address: '127.0.0.1', port: client.socket.localPort },
      destination: { address: edge.host, port: edge.port },
      tlvs: [{ type: 0x03 }, { type: 0x04 }],
    });
    expect(consumed).toBe(100);
    // What was sent is seen by the decoder with the checksum, so it is right; another byte makes it wrong.
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    expect(decode(bytes)).toMatchObject({ kind: 'invalid' });
    seen.socket.write('answer');
    await until(() => client.text() === 'answer');
  });

  it("is read by other people's decoders", async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    const seen = await instance.connection(0);
    await until(() => received(seen).payload !== '');
    const { bytes } = received(seen);
    const { V2ProxyProtocol } = require('proxy-protocol-js');
    const balena = require('@balena/proxy-protocol-parser');
    const js = V2ProxyProtocol.parse(bytes);
    expect([...js.proxyAddress.sourceAddress.address]).toEqual([127, 0, 0, 1]);
    expect(js.proxyAddress).toMatchObject({
      sourcePort: client.socket.localPort,
      destinationPort: edge.port,
    });
    expect(balena.decode(bytes, true)).toMatchObject({
      protocol: 'tcp',
      remoteAddress: '127.0.0.1',
      remotePort: client.socket.localPort,
      localAddress: edge.host,
      localPort: edge.port,
    });
  });

  it("is held back until the client's first bytes, however late and split they come", async () => {
    await using instance = await connections();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    const seen = await instance.connection(0);
    // The server's own greeting passes, and brings no header.
    seen.socket.write('220 hello\r\n');
    await until(() => client.text() === '220 hello\r\n');
    await delay(100);
    expect(seen.chunks).toEqual([]);
    client.socket.write('E');
    await until(() => seen.chunks.length > 0);
    // In one piece with the first byte: several servers refuse a header that is cut.
    expect(seen.chunks[0]).toHaveLength(101);
    client.socket.write('HLO\r\n');
    await until(() => received(seen).payload === 'EHLO\r\n');
  });

  it('is there with the first bytes also where the client spoke before there was a connection', async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const sockets = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const socket = connect(edge.port, edge.host);
        socket.write(`client ${n}`);
        await once(socket, 'connect');
        return socket;
      }),
    );
    await until(() => instance.connections.length === 50);
    await until(() => instance.connections.every((one) => received(one).payload.startsWith('client ')));
    const seen = instance.connections.map((one) => {
      const { header, payload } = received(one);
      const source = header.kind === 'valid' ? header.source : undefined;
      return `${source !== undefined && 'port' in source ? source.port : 0} ${payload}`;
    });
    expect(seen.toSorted()).toEqual(sockets.map(({ localPort }, n) => `${localPort} client ${n}`).toSorted());
    for (const socket of sockets) socket.destroy();
  });

  it('keeps a server that waits for it before it speaks from speaking, as the real one does', async () => {
    await using instance = await serve(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.once('data', () => socket.write('220 hello\r\n'));
      }),
      { health: true },
    );
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const hanging = await edge.dial();
    await instance.connection(0);
    await delay(300);
    expect(hanging.text()).toBe('');

    await edge.set('proxy_protocol_v2.client_to_server.header_placement', 'on_first_ack');
    const greeted = await edge.dial();
    await until(() => greeted.text() === '220 hello\r\n');
    expect(received(await instance.connection(1))).toMatchObject({ consumed: 100, payload: '' });
  });

  it('goes by the attribute at the moment of the connection, which keeps what it was opened with', async () => {
    await using instance = await connections();
    await using edge = await behind(instance.port);
    const before = await edge.dial();
    const seenBefore = await instance.connection(0);
    await edge.proxy(true);
    before.socket.write('plain');
    await until(() => seenBefore.text() === 'plain');
    const held = await edge.dial();
    const seenHeld = await instance.connection(1);
    await edge.proxy(false);
    held.socket.write('held');
    await until(() => received(seenHeld).payload === 'held');
    expect(received(seenHeld).consumed).toBe(100);
    const after = await edge.dial();
    after.socket.write('plain again');
    const seenAfter = await instance.connection(2);
    await until(() => seenAfter.text() === 'plain again');
  });

  it('is one of TCP over IPv6 for an IPv6 client', async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const open = edge.local.openNetworkPorts()[0]?.addresses ?? [];
    if (!open.includes(`[::1]:${edge.port}`)) return;
    const client = await edge.dial({ host: '::1' });
    client.socket.write('x');
    const seen = await instance.connection(0);
    await until(() => received(seen).payload === 'x');
    expect(received(seen)).toMatchObject({
      consumed: 100,
      header: {
        family: 'TCP6',
        source: { address: '::1', port: client.socket.localPort },
        destination: { address: '::1', port: edge.port },
      },
    });
  });

  it('comes before one that the client sent itself', async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    const own = connectionHeader({ address: '192.0.2.1', port: 1 }, { address: '192.0.2.2', port: 2 });
    client.socket.write(own);
    const seen = await instance.connection(0);
    await until(() => received(seen).bytes.length === 200);
    expect(received(seen).header).toMatchObject({ source: { address: '127.0.0.1' } });
    expect(received(seen).bytes.subarray(100).equals(own)).toBe(true);
  });
});

describe('a connection', () => {
  it('brings no byte to the target if the client ends it without one', async () => {
    await using instance = await connections();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    const seen = await instance.connection(0);
    client.socket.end();
    await until(() => seen.ended);
    expect(seen.chunks).toEqual([]);
  });

  it('passes half-close on, both ways', async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    client.socket.end('question');
    const seen = await instance.connection(0);
    await until(() => seen.ended);
    expect(received(seen)).toMatchObject({ consumed: 100, payload: 'question' });
    seen.socket.end('answer');
    await until(() => client.text() === 'answer' && client.ended);
  });

  it('passes resets on, both ways', async () => {
    await using instance = await backend();
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const client = await edge.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    seen.socket.resetAndDestroy();
    expect(await closed(client.socket)).toBe(true);
    const other = await edge.dial();
    other.socket.write('x');
    const second = await instance.connection(1);
    other.socket.resetAndDestroy();
    expect(await closed(second.socket)).toBe(true);
  });

  it('to a target that refuses it is reset', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as { port: number };
    gone.close();
    await once(gone, 'close');
    await using edge = await balanceNetwork({ groups: [{ port }], healthy: false });
    const client = connect(edge.port, edge.host);
    const [error] = await once(client, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('carries megabytes both ways unchanged', async () => {
    await using instance = await serve(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.once('data', (chunk: Buffer) => {
          socket.write(chunk.subarray(100));
          socket.pipe(socket);
        });
      }),
    );
    await using edge = await behind(instance.port);
    await edge.proxy(true);
    const sent = Buffer.alloc(8 * 1024 * 1024, 'elb-proxy ');
    const client = await edge.dial();
    client.socket.end(sent);
    await until(() => client.ended, 30_000);
    expect(Buffer.concat(client.chunks).equals(sent)).toBe(true);
  });

  it("comes from the client's address where that is preserved, else from the load balancer's", async () => {
    if (process.platform !== 'linux') return;
    await using instance = await backend();
    await using edge = await behind(instance.port);
    const from = async (localAddress: string, n: number) => {
      const client = await edge.dial({ localAddress });
      client.socket.write('x');
      return (await instance.connection(n)).socket.remoteAddress;
    };
    expect(await from('127.0.0.77', 0)).toBe('127.0.0.77');
    await edge.set('preserve_client_ip.enabled', 'false');
    expect(await from('127.0.0.77', 1)).toBe(edge.host);
  });
});

describe('weights', () => {
  it('share connections out as they say, and each group sends what it has on', async () => {
    await using blue = await backend();
    await using green = await backend();
    await using edge = await balanceNetwork({
      groups: [{ port: blue.port, healthCheck: { port: blue.port } }, { port: green.port }],
    });
    await edge.proxy(true, 'group-1');
    const weigh = async (...weights: number[]) => {
      const [listener] = edge.local.elbv2().listeners;
      await edge.v2.modifyListener({
        ListenerArn: listener?.arn,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: weights.map((Weight, n) => ({
                TargetGroupArn: edge.groupArn(`group-${n}`),
                Weight,
              })),
            },
          },
        ],
      });
    };
    const counts = async (connectionsToMake: number) => {
      const before = [blue.connections.length, green.connections.length] as const;
      for (let n = 0; n < connectionsToMake; n++) {
        const client = await edge.dial();
        client.socket.write('x');
      }
      const now = () => [blue.connections.length - before[0], green.connections.length - before[1]];
      await until(() => now().reduce((sum, one) => sum + one, 0) >= connectionsToMake);
      return now();
    };
    // Checks of a group with the attribute on say something, too: they come from the load balancer.
    const ofClients = ({ connections: all }: Backend) =>
      all.filter((one) => {
        const { header } = received(one);
        return header.kind !== 'valid' || header.command === 'PROXY';
      });
    await weigh(90, 10);
    await counts(20);
    await until(() => ofClients(blue).length === 18 && ofClients(green).length === 2);
    await weigh(0, 100);
    for (let n = 0; n < 5; n++) (await edge.dial()).socket.write('x');
    await until(() => ofClients(green).length === 7);
    expect(ofClients(blue)).toHaveLength(18);
    expect(ofClients(blue).every((one) => one.text() === 'x')).toBe(true);
    expect(ofClients(green).every((one) => received(one).consumed === 100)).toBe(true);
    await weigh(0, 0);
    const client = connect(edge.port, edge.host);
    const [error] = await once(client, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('what is not carried', () => {
  it.each([
    ['UDP', 'UDP', 'no UDP', 0],
    ['QUIC', 'QUIC', 'no QUIC', 0],
    ['the UDP half of TCP_UDP', 'TCP_UDP', 'no UDP', 1],
  ])('%s is served by the API and refused with one line', async (_sentence, protocol, words, open) => {
    await using instance = await backend();
    await using edge = await balanceNetwork({
      groups: [{ port: instance.port, protocol }],
      listener: { protocol },
    });
    await edge.set('deregistration_delay.timeout_seconds', '5');
    const warnings = edge.events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`edge: ${words} on ${edge.host}:${edge.port}`);
    const [port] = edge.local.openNetworkPorts();
    expect(port?.addresses.filter((address) => address.startsWith('127.'))).toHaveLength(open);
  });
});

it('a header is what the encoder makes of it, whatever the addresses', () => {
  const tlvs = (used: number) => [
    { type: 0x03, value: new Uint8Array(4) },
    { type: 0x04, value: new Uint8Array(100 - used - 10) },
  ];
  const ends = ['127.0.0.1', '255.254.253.252', '10.0.0.9', '::1', '2001:db8::8:800:200c:417a'];
  for (const from of ends) {
    for (const to of ends) {
      const source = { address: from, port: 65_535 };
      const destination = { address: to, port: 1 };
      const four = !from.includes(':') && !to.includes(':');
      const expected = encodeV2({ source, destination, tlvs: tlvs(four ? 28 : 52) });
      expect(connectionHeader(source, destination).toString('hex')).toBe(expected.toString('hex'));
    }
  }
});

it("a health check's header is the published capture, and its checksum is right", () => {
  expect(healthCheckHeader).toHaveLength(100);
  expect(healthCheckHeader.toString('hex', 12, 26)).toBe('20110054030004bce5951f04004a');
  expect(crc32c(healthCheckHeader, 100, 19) >>> 0).toBe(0xbce5951f);
  expect(decode(healthCheckHeader)).toMatchObject({ kind: 'valid', command: 'LOCAL', consumed: 100 });
});

it('a listener that is deleted takes no more connections; those that are open go on', async () => {
  await using instance = await backend();
  await using edge = await behind(instance.port);
  const client = await edge.dial();
  client.socket.write('x');
  const seen = await instance.connection(0);
  await edge.v2.deleteListener({ ListenerArn: edge.local.elbv2().listeners[0]?.arn });
  const late = connect(edge.port, edge.host);
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  seen.socket.write('still here');
  await until(() => client.text() === 'still here');
});

it('targets take turns, each at its own port', async () => {
  await using first = await backend();
  await using second = await backend();
  await using edge = await balanceNetwork({
    groups: [{ port: first.port, targets: [instanceId, { id: instanceId, port: second.port }] }],
    healthy: false,
  });
  await until(async () => {
    const { TargetHealthDescriptions: all = [] } = await edge.v2.describeTargetHealth({
      TargetGroupArn: edge.groupArn(),
    });
    return all.length === 2 && all.every(({ TargetHealth }) => TargetHealth?.State === 'healthy');
  });
  for (let n = 0; n < 6; n++) (await edge.dial()).socket.write('x');
  await until(() => first.connections.length === 3 && second.connections.length === 3);
});
