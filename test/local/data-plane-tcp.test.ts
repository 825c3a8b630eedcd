import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { byBudget, seededRandom } from '../helpers/budget.js';
import { proxyPolicy } from './clients.js';
import { backend, balance, closed, collect, instanceId, secondInstanceId, serve, until } from './traffic.js';

const linux = process.platform === 'linux';
const clientAddress = linux ? '127.0.0.2' : '127.0.0.1';

describe('a TCP listener', () => {
  it('puts the PROXY line in front of what the client says, from the moment the policy is set until it is taken off', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    const from = { localAddress: clientAddress };

    const before = await web.dial(from);
    before.socket.write('before');
    expect((await instance.connection(0)).text()).toBe('before');

    await web.enable();
    const client = await web.dial(from);
    client.socket.write('hello');
    const line = `PROXY TCP4 ${clientAddress} ${web.host} ${client.socket.localPort} ${web.port}\r\n`;
    const seen = await instance.connection(1);
    await until(() => seen.text() === `${line}hello`);

    // What is open keeps the state that it was opened with.
    before.socket.write(' and after');
    await until(() => instance.connections[0]?.text() === 'before and after');

    await web.disable();
    client.socket.write(' again');
    await until(() => seen.text() === `${line}hello again`);
    const after = await web.dial(from);
    after.socket.write('plain');
    expect((await instance.connection(2)).text()).toBe('plain');
  });

  it('sends the line before the client has said a word, so that a backend that speaks first can be used', async () => {
    const server = createServer((socket) => {
      let head = '';
      socket
        .on('error', () => undefined)
        .on('data', (chunk: Buffer) => {
          head += chunk.toString('latin1');
          if (head.endsWith('\r\n')) socket.write(`220 ${head.split(' ')[2]}\r\n`);
        });
    });
    await using instance = await serve(server);
    await using web = await balance(instance.port);
    await web.enable();
    const client = await web.dial({ localAddress: clientAddress });
    await until(() => client.text() === `220 ${clientAddress}\r\n`);
    expect(instance.connections.at(-1)?.chunks).toHaveLength(1);
  });

  it('takes True for true, and sends one line for two policies', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    await web.enable('TFEnableProxyProtocol', 'True');
    await web.elb.createLoadBalancerPolicy(proxyPolicy('web', 'other'));
    await web.elb.setLoadBalancerPoliciesForBackendServer({
      LoadBalancerName: 'web',
      InstancePort: instance.port,
      PolicyNames: ['TFEnableProxyProtocol', 'other'],
    });
    const client = await web.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    await until(() => /^PROXY TCP4 \S+ \S+ \d+ \d+\r\nx$/.test(seen.text()));
  });

  it('sends none for a policy that says false', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    await web.enable('off', 'false');
    const client = await web.dial();
    client.socket.write('x');
    expect((await instance.connection(0)).text()).toBe('x');
  });

  it('says TCP6 for a client at ::1, where the machine has it', async (context) => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    if (!web.local.openPorts()[0]?.addresses.includes(`[::1]:${web.port}`))
      return context.skip('no ::1 here');
    await web.enable();
    const client = await web.dial({ host: '::1' });
    client.socket.write('six');
    const line = `PROXY TCP6 ::1 ::1 ${client.socket.localPort} ${web.port}\r\n`;
    const seen = await instance.connection(0);
    await until(() => seen.text() === `${line}six`);
  });

  it("connects to instances from the load balancer's own address", async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    const client = await web.dial();
    client.socket.write('x');
    // Where the machine has only 127.0.0.1, that is the load balancer's own address, too.
    expect((await instance.connection(0)).socket.remoteAddress).toBe(web.host);
  });

  it('passes half-close on, both ways', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    const client = await web.dial();
    client.socket.end('question');
    const seen = await instance.connection(0);
    await until(() => seen.ended);
    expect(client.socket.readyState).toBe('readOnly');
    seen.socket.write('answer');
    await until(() => client.text() === 'answer');
    seen.socket.end();
    expect(await closed(client.socket)).toBe(false);

    const other = await web.dial();
    other.socket.write('x');
    const first = await instance.connection(1);
    first.socket.end('bye');
    await until(() => other.ended && other.text() === 'bye');
    other.socket.end('still here');
    await until(() => first.ended && first.text() === 'xstill here');
    expect(await closed(first.socket)).toBe(false);
  });

  it('passes a reset on, both ways', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    for (const turn of [0, 1]) {
      const client = await web.dial();
      client.socket.write('x');
      const seen = await instance.connection(turn);
      const [goes, stays] = turn === 0 ? [client, seen] : [seen, client];
      goes.socket.resetAndDestroy();
      await closed(stays.socket);
      expect(stays.socket.errored).toMatchObject({ code: 'ECONNRESET' });
    }
  });

  it('stops reading from a side whose other side does not read', async () => {
    const paused = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    const sockets: Socket[] = [];
    paused.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    await using instance = await serve(paused, { health: true });
    await using web = await balance(instance.port);
    const client = await web.dial();
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let sent = 0;
    // Until the client itself has to wait, and goes on waiting.
    const full = await until(async () => {
      if (sent < 256) client.socket.write(chunk, () => sent++);
      const now = client.socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return now > 8 * chunk.length && client.socket.writableLength >= now ? now : undefined;
    });
    expect(full).toBeGreaterThan(0);
    // Kernel buffers are a few megabytes; what the data plane itself holds is counted here with the client's.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    const written = client.socket.bytesWritten;
    const last = sockets.at(-1);
    if (last === undefined) throw new Error('no connection');
    const received = collect(last);
    last.resume();
    client.socket.end();
    await until(() => received.ended);
    expect(Buffer.concat(received.chunks)).toHaveLength(written);
  });

  it('closes both sides when no byte passed for as long as the idle timeout says', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port);
    await web.elb.modifyLoadBalancerAttributes({
      LoadBalancerName: 'web',
      LoadBalancerAttributes: { ConnectionSettings: { IdleTimeout: 1 } },
    });
    const started = performance.now();
    const client = await web.dial();
    client.socket.write('x');
    const seen = await instance.connection(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    seen.socket.write('y');
    await until(() => client.ended);
    expect(performance.now() - started).toBeGreaterThan(1400);
    await until(() => seen.ended);
  });

  it('goes round robin over the instances that are in service', async (context) => {
    if (!linux) return context.skip('one loopback address');
    await using first = await backend({ host: '127.0.0.2' });
    await using second = await backend({ host: '127.0.0.3', port: first.port });
    const ids = [instanceId, secondInstanceId];
    const instances = { [instanceId]: '127.0.0.2', [secondInstanceId]: '127.0.0.3' };
    await using web = await balance(first.port, { instances, ids });
    for (let n = 0; n < 6; n++) (await web.dial()).socket.write(String(n));
    await until(() => first.connections.length === 3 && second.connections.length === 3);
    await web.elb.deregisterInstancesFromLoadBalancer({
      LoadBalancerName: 'web',
      Instances: [{ InstanceId: instanceId }],
    });
    for (let n = 0; n < 2; n++) (await web.dial()).socket.write(String(n));
    await until(() => second.connections.length === 5);
    expect(first.connections).toHaveLength(3);
  });

  it('closes a connection when no instance is in service, or none answers', async () => {
    await using instance = await backend();
    await using web = await balance(instance.port, { ids: [] });
    const refused = await web.dial();
    await until(() => refused.ended || refused.socket.closed);
    expect(instance.connections).toHaveLength(0);

    await using gone = await balance(instance.port);
    await instance[Symbol.asyncDispose]();
    for (let n = 0; n < 2; n++) {
      const client = await gone.dial();
      await until(() => client.ended || client.socket.closed);
    }
  });

  it('goes on serving whatever clients send first', async () => {
    await using instance = await serve(createServer());
    await using web = await balance(instance.port);
    await web.enable();
    const random = seededRandom();
    const visit = async (n: number): Promise<void> => {
      const bytes = Buffer.from(Array.from({ length: 1 + (n % 10) }, () => Math.floor(random() * 256)));
      const { socket } = await web.dial({ allowHalfOpen: false });
      if (n % 3 === 0) socket.write(bytes, () => socket.resetAndDestroy());
      else if (n % 3 === 1) socket.end(bytes);
      else socket.write(bytes, () => socket.destroy());
      await closed(socket);
    };
    for (let n = 0; n < byBudget(2000, 10_000); n += 50)
      await Promise.all(Array.from({ length: 50 }, (_, i) => visit(n + i)));
    const client = await web.dial();
    client.socket.write('still there');
    await until(() => instance.connections.some((one) => one.text().endsWith('\r\nstill there')));
  });
});
