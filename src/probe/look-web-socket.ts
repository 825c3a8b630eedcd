import { hostAndPort } from '../core/host-and-port.js';
import { failureWords } from './failure-words.js';
import type { Look, Seen } from './look-http.js';
import { pinnedLookup } from './pinned-lookup.js';

/** Passes when a WebSocket opens (HTTP 101); the certificate is not checked. */
export function lookWebSocket(scheme: 'ws' | 'wss', path: string): Look {
  return async ({ host, address, port }, timeoutMs) => {
    const { WebSocket } = await import('ws');
    let late: NodeJS.Timeout | undefined;
    const socket = new WebSocket(`${scheme}://${hostAndPort(host, port)}${path}`, {
      rejectUnauthorized: false,
      lookup: pinnedLookup(address),
    });
    return new Promise<Seen>((resolve) => {
      // Not the library's own timeout, which begins again with every byte.
      late = setTimeout(() => {
        resolve({ passed: false, seen: 'no answer in time' });
        socket.terminate();
      }, timeoutMs);
      socket.once('open', () => {
        resolve({ passed: true, seen: 'HTTP 101, WebSocket open' });
        socket.terminate();
      });
      socket.once('unexpected-response', (_request, response) => {
        resolve({ passed: false, seen: `HTTP ${response.statusCode ?? 0}, no WebSocket` });
        socket.terminate();
      });
      socket.on('error', (error) =>
        resolve({
          passed: false,
          seen: failureWords(error, {
            [scheme === 'ws' ? 'secure' : 'plain']: `${scheme === 'ws' ? 'wss' : 'ws'}:${path}`,
          }),
        }),
      );
    }).finally(() => clearTimeout(late));
  };
}
