import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createSecureServer, request as secureRequest } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { describe, expect, it } from 'vitest';
import { certificateSource } from '../../src/local/data-plane/certificate-source.js';
import { balance, collect, type Traffic, until } from './traffic.js';

interface Heard {
  readonly request: IncomingMessage;
  readonly body: string;
}

interface HttpBackend extends AsyncDisposable {
  readonly port: number;
  readonly heard: Heard[];
  readonly firstBytes: string[];
}

/** An HTTP backend that answers `GOT <method> <path>`, and keeps what it was asked. */
async function httpBackend(server: Server = createServer()): Promise<HttpBackend> {
  const heard: Heard[] = [];
  const firstBytes: string[] = [];
  server.on('request', (incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
    incoming.on('end', () => {
      heard.push({ request: incoming, body });
      response.setHeader('x-backend', 'yes');
      response.end(`GOT ${incoming.method} ${incoming.url}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    firstBytes,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function ask(
  { host, port }: Pick<Traffic, 'host' | 'port'>,
  { path = '/', method = 'GET', headers = {}, body = '', secure = false } = {},
): Promise<Answer> {
  const options = { host, port, path, method, headers, agent: false, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? secureRequest : request)(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => {
        const { statusCode: status, statusMessage: reason } = response;
        resolve({ status, reason, headers: response.headers, body: text });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('an HTTP listener', () => {
  it('names the client in X-Forwarded headers and never in a PROXY line, whatever the policies', async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    await web.enable();
    const answer = await ask(web, {
      path: '/path?query',
      method: 'POST',
      body: 'body',
      headers: { host: 'example.com' },
    });
    expect(answer).toMatchObject({ status: 200, body: 'GOT POST /path?query' });
    expect(answer.headers).toMatchObject({ 'x-backend': 'yes', connection: 'close' });
    expect(instance.heard[0]).toMatchObject({ body: 'body' });
    expect(instance.heard[0]?.request.headers).toMatchObject({
      host: 'example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(web.port),
    });
  });

  it('appends to X-Forwarded-For and replaces the other two', async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    const headers = {
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-port': '70',
    };
    await ask(web, { headers });
    expect(instance.heard[0]?.request.headers).toMatchObject({
      'x-forwarded-for': '192.0.2.7, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(web.port),
    });
  });

  it('takes hop-by-hop headers off, so that a WebSocket client gets a plain answer', async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    const answer = await ask(web, {
      headers: { connection: 'Upgrade, X-Hop', upgrade: 'websocket', 'x-hop': '1', 'x-stays': '1' },
    });
    expect(answer).toMatchObject({ status: 200, body: 'GOT GET /' });
    const { headers } = instance.heard[0]?.request ?? {};
    expect(headers).toMatchObject({ 'x-stays': '1', connection: 'keep-alive' });
    expect(headers).not.toHaveProperty('upgrade');
    expect(headers).not.toHaveProperty('x-hop');
  });

  it('keeps a client connection open for further requests', async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    const client = await web.dial();
    client.socket.write('GET /1 HTTP/1.1\r\nhost: a\r\n\r\n');
    await until(() => client.text().endsWith('GOT GET /1'));
    client.socket.write('GET /2 HTTP/1.1\r\nhost: a\r\n\r\n');
    await until(() => client.text().endsWith('GOT GET /2'));
    expect(client.text()).toContain('\r\nConnection: keep-alive\r\n');
    expect(client.ended).toBe(false);
  });

  it('answers 503 without a healthy instance, and 504 when it refuses, closes or is silent', async () => {
    await using instance = await httpBackend();
    await using none = await balance(instance.port, { protocol: 'HTTP', ids: [] });
    expect(await ask(none)).toMatchObject({
      status: 503,
      reason: 'Service Unavailable: Back-end server is at capacity',
    });

    await using refusing = await balance(instance.port, { protocol: 'HTTP' });
    await instance[Symbol.asyncDispose]();
    expect(await ask(refusing)).toMatchObject({ status: 504 });

    await using closing = await rawBackend((socket) => socket.once('data', () => socket.end()));
    await using web = await balance(closing.port, { protocol: 'HTTP' });
    expect(await ask(web)).toMatchObject({ status: 504 });

    await using silent = await rawBackend(() => undefined);
    await using waiting = await balance(silent.port, { protocol: 'HTTP' });
    await waiting.elb.modifyLoadBalancerAttributes({
      LoadBalancerName: 'web',
      LoadBalancerAttributes: { ConnectionSettings: { IdleTimeout: 1 } },
    });
    expect(await ask(waiting)).toMatchObject({ status: 504 });
  });

  it("ends a client's idle connection by the present idle timeout, not an earlier one", async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    const client = collect(connect(web.port, web.host));
    const get = () => client.socket.write('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
    get();
    await until(() => client.text().includes('GOT'));
    await web.elb.modifyLoadBalancerAttributes({
      LoadBalancerName: 'web',
      LoadBalancerAttributes: { ConnectionSettings: { IdleTimeout: 1 } },
    });
    get();
    await until(() => client.ended);
    expect(client.text().split('GOT')).toHaveLength(3);
  });

  it('answers 502 when the instance does not speak HTTP', async () => {
    await using instance = await rawBackend((socket) =>
      socket.once('data', () => socket.end('220 mail\r\n')),
    );
    await using web = await balance(instance.port, { protocol: 'HTTP' });
    expect(await ask(web)).toMatchObject({ status: 502 });
  });
});

describe('an HTTPS listener', () => {
  it('ends the TLS and says https', async () => {
    await using instance = await httpBackend();
    await using web = await balance(instance.port, { protocol: 'HTTPS', instanceProtocol: 'HTTP' });
    expect(await ask(web, { secure: true })).toMatchObject({ status: 200, body: 'GOT GET /' });
    expect(instance.heard[0]?.request.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-port': String(web.port),
    });
  });

  it('speaks TLS to an HTTPS back end, without a server name and without checking its certificate', async () => {
    const certificate = await certificateSource(undefined)();
    const server = createSecureServer(certificate);
    await using instance = await httpBackend(server);
    await using web = await balance(instance.port, { protocol: 'HTTPS' });
    await web.enable();
    const answer = await ask(web, { secure: true, headers: { host: 'example.com' } });
    expect(answer).toMatchObject({ status: 200, body: 'GOT GET /' });
    expect(instance.heard[0]?.request.socket).toMatchObject({ servername: false });
  });
});

/** A backend that treats each connection as scripted. */
async function rawBackend(
  act: (socket: Socket) => unknown,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: TcpServer = createTcpServer((socket) => {
    sockets.add(socket);
    collect(socket);
    act(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
