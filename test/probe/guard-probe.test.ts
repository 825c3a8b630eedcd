import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { guardProbe } from '../../src/probe/guard-probe.js';
import { freePorts } from '../helpers/free-ports.js';
import { Stage, silent } from '../peers/verify-servers.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';

/** A byte now and then, and never an answer. */
const dripping = (): Server =>
  createServer((socket) => {
    const timer = setInterval(() => socket.write('H'), 200);
    socket.on('close', () => clearInterval(timer)).resume();
  });

/** One look as the probe's own words have it. */
async function look(probe: string, port: number) {
  const made = guardProbe(probe);
  return await made.look({ host: '127.0.0.1', address: '127.0.0.1', port, secure: made.tls ?? false });
}

async function seen(probe: string, server: Server) {
  await using stage = await Stage.open();
  const port = await stage.listen(server);
  return await look(probe, port);
}

describe('one look of a guard', () => {
  it.each(['http:/', 'https:/', 'ws:/', 'wss:/', 'tls'])(
    '%s is bounded, whatever the server does',
    async (probe) => {
      for (const server of [silent(), dripping()]) {
        const { passed, ms } = await seen(probe, server);
        expect(passed).toBe(false);
        expect(ms).toBeLessThan(4500);
      }
    },
    20_000,
  );

  it.each([
    [200, true],
    [204, true],
    [302, true],
    [400, false],
    [404, false],
    [503, false],
  ])('http passes on 200 to 399: %s', async (status, passed) => {
    const server = createHttp((_, response) => void response.writeHead(status).end());
    expect(await seen('http:/', server)).toMatchObject({ passed, seen: `HTTP ${status}` });
  });

  it.each(['tcp', 'tls', 'http:/', 'wss:/'])('%s says that nothing listens there', async (probe) => {
    const { down } = await freePorts('down');
    expect(await look(probe, down)).toMatchObject({
      passed: false,
      seen: 'connection refused',
    });
  });

  it.each([
    ['https:/health', 'what answered is not TLS; if the listener is TCP, use http:/health'],
    ['wss:/live', 'what answered is not TLS; if the listener is TCP, use ws:/live'],
    ['tls', 'what answered is not TLS; if the listener is TCP, use http:/ or tcp'],
  ])('%s says that a plain server does not speak TLS, and what to use', async (probe, words) => {
    expect(
      await seen(
        probe,
        createHttp((_, response) => void response.end()),
      ),
    ).toMatchObject({
      passed: false,
      seen: words,
    });
    // One that greets first, as a mail server does.
    expect(
      await seen(
        probe,
        createServer((socket) => socket.on('error', () => 0).end('220 ready\r\n')),
      ),
    ).toMatchObject({
      passed: false,
      seen: words,
    });
  });

  it.each([
    ['http:/', 'what answered is not HTTP; if the listener speaks TLS, use https:/'],
    ['ws:/', 'what answered is not HTTP; if the listener speaks TLS, use wss:/'],
  ])('%s says that what answered is not HTTP', async (probe, words) => {
    const server = createServer((socket) =>
      socket.on('error', () => 0).end('\u0015\u0003\u0001\u0000\u0002\u0002F'),
    );
    expect(await seen(probe, server)).toMatchObject({ passed: false, seen: words });
  });

  it('a handshake that a TLS server refuses is not taken for a server without TLS', async () => {
    const server = createTls({
      key: privateKey,
      cert: certificate,
      minVersion: 'TLSv1.3',
      ciphers: 'TLS_AES_128_CCM_8_SHA256',
    });
    expect(await seen('tls', server)).toMatchObject({
      passed: false,
      seen: 'TLS was refused (alert: handshake failure)',
    });
  });

  it('says which listener it is for', () => {
    const tls = (probe: string) => guardProbe(probe).tls;
    expect(['tcp', 'tls', 'http:/', 'https:/', 'ws:/', 'wss:/'].map(tls)).toEqual([
      undefined,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
