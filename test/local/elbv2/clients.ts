import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AcceptOptions, acceptProxyProtocol } from '../../../src/proxy-protocol/index.js';
import { byBudget } from '../../helpers/budget.js';
import { until } from '../traffic.js';
import type { NetworkTraffic } from './network-traffic.js';

/** How many requests are on the way while something is switched. */
export const requests = byBudget(1000, 10_000);

/** A backend that answers with the address that it sees. */
export async function application(mode: AcceptOptions['mode'] | 'plain', port = 0, host = '127.0.0.1') {
  const server = createServer(({ socket }, response) => {
    response.setHeader('connection', 'close').end(`hello, ${socket.remoteAddress}\n`);
  });
  if (mode !== 'plain' && mode !== undefined) acceptProxyProtocol(server, { mode, trusted: ['127.0.0.0/8'] });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

/** Clients who ask again and again, each time on a new connection, until they are stopped. */
export function clients({ host, port }: Pick<NetworkTraffic, 'host' | 'port'>) {
  // Few enough to leave what is switched some of the processor.
  const [count, pauseMs] = byBudget([4, 20], [8, 0]);
  const failures: string[] = [];
  let asked = 0;
  const over = new AbortController();
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const failed = (why: string): void => {
        failures.push(`request ${asked}: ${why}`);
        resolve();
      };
      asked += 1;
      const outgoing = request({ host, port, path: '/', agent: false, timeout: 10_000 }, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200) resolve();
          else failed(`HTTP ${response.statusCode}`);
        });
        response.once('error', (error) => failed(error.message));
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer')));
      outgoing.once('error', (error) => failed(error.message));
      outgoing.end();
    });
  const all = Array.from({ length: count }, async () => {
    while (!over.signal.aborted) {
      await ask();
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  });
  return {
    failures,
    /** Goes on until so many more have been asked. */
    more: (n: number) => {
      const goal = asked + n;
      return until(() => asked >= goal, 120_000);
    },
    /** Goes on until there were so many in all. */
    inAll: (n: number) => until(() => asked >= n, 120_000),
    stop: async () => {
      over.abort();
      await Promise.all(all);
      return asked;
    },
  };
}
