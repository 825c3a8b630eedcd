import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { byBudget } from '../../helpers/budget.js';
import { balanceNetwork, type NetworkTraffic } from './network-traffic.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held once everything unused is gone, in bytes. */
async function held(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** One client: most ask and are answered, some say nothing, some reset in the middle. */
function visit({ host, port }: NetworkTraffic, nth: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      if (nth % 10 === 8) socket.end();
      else if (nth % 10 === 9) socket.write('one', () => socket.resetAndDestroy());
      else socket.end('GET / HTTP/1.0\r\n\r\n');
    });
    socket
      .resume()
      .on('error', () => undefined)
      .once('close', () => resolve());
  });
}

async function visits(traffic: NetworkTraffic, count: number): Promise<void> {
  let begun = 0;
  const clients = Array.from({ length: 32 }, async () => {
    while (begun < count) await visit(traffic, begun++);
  });
  await Promise.all(clients);
}

it('holds nothing of connections that are over', { timeout: 600_000 }, async () => {
  const backend = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined).on('data', () => socket.end('ok'));
    socket.on('end', () => socket.end());
  }).listen(0, '127.0.0.1', 1024);
  await once(backend, 'listening');
  const { port } = backend.address() as AddressInfo;
  await using traffic = await balanceNetwork({
    groups: [{ port, attributes: { 'proxy_protocol_v2.enabled': 'true' } }],
  });
  // What is made once, for the first connections.
  await visits(traffic, 500);
  const before = await held();
  const count = byBudget(2000, 100_000);
  await visits(traffic, count);
  const grown = (await held()) - before;
  expect(grown / count, `bytes for each of ${count} connections`).toBeLessThan(byBudget(400, 30));
  backend.close();
});
