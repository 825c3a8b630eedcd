import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { Stage, verdictOn } from '../peers/verify-servers.js';
import { certificate, privateKey } from '../proxy-protocol/certificate.js';

const web = (): Server => createHttp((_, response) => void response.end('ok'));
const secure = (): Server =>
  createHttps({ cert: certificate, key: privateKey }, (_, response) => void response.end('ok'));
const required = (server: Server): Server => acceptProxyProtocol(server, { mode: 'required' });
const optional = (server: Server): Server => acceptProxyProtocol(server, { mode: 'optional' });
const dead = (): Server => createServer((socket) => void socket.destroy());

const families: readonly Readonly<Record<string, () => Server>>[] = [
  { 'no-proxy': web, 'requires-proxy': () => required(web()), 'accepts-both': () => optional(web()), dead },
  {
    'no-proxy': secure,
    'requires-proxy': () => required(secure()),
    'accepts-both': () => optional(secure()),
    dead,
  },
];

const pairs = families.flatMap((family, index) =>
  Object.keys(family).flatMap((one) =>
    Object.keys(family)
      .filter((other) => other !== one)
      .map((other) => ({ what: index === 0 ? 'HTTP' : 'TLS', index, one, other })),
  ),
);

describe('two servers that take turns behind one address', () => {
  let stage: Stage;
  const ports: Record<string, number>[] = [];

  beforeAll(async () => {
    stage = await Stage.open();
    for (const family of families) {
      const open: Record<string, number> = {};
      for (const [name, make] of Object.entries(family)) open[name] = await stage.listen(make());
      ports.push(open);
    }
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  // The weakest of the rules has used up its eight connections when it concludes.
  const unconfirmed = { what: 'TLS', one: 'no-proxy', other: 'requires-proxy', said: 'requires-proxy weak' };

  // What the one answers must never complete what the other did: only an error to the line proves something by itself.
  it.each(pairs)('$what: $one, then $other', async ({ what, index, one, other }) => {
    let turn = 0;
    const balancer = createServer({ allowHalfOpen: true }, (client) => {
      const port = ports[index]?.[turn++ % 2 === 0 ? one : other] ?? 0;
      const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        from.on('error', () => to.destroy()).on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    await stage.listen(balancer);
    const { said, result } = await verdictOn((balancer.address() as AddressInfo).port, { bannerWaitMs: 200 });
    expect(result.evidence.length).toBeLessThanOrEqual(8);
    if (what === unconfirmed.what && one === unconfirmed.one && other === unconfirmed.other)
      return expect(said).toBe(unconfirmed.said);
    const truths = [one, other].filter((name) => name !== 'dead');
    const allowed = truths.includes('no-proxy') ? ['inconclusive', 'no-proxy'] : ['inconclusive'];
    expect(allowed, JSON.stringify(result, undefined, 1)).toContain(result.verdict);
  });
});
