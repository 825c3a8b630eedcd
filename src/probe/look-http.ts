import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookAt } from '../app/guard/network.js';
import { failureWords } from './failure-words.js';
import { pinnedLookup } from './pinned-lookup.js';

/** The result of one look. */
export interface Seen {
  readonly passed: boolean;
  readonly seen: string;
}

/** Looks at a port of an address once, under a host's name, within `timeoutMs` milliseconds. Never rejects. */
export type Look = (at: Pick<LookAt, 'host' | 'address' | 'port'>, timeoutMs: number) => Promise<Seen>;

/** An HTTP request on a connection of its own: passes on an answer of 200 to 399. */
export function lookHttp(scheme: 'http' | 'https', path: string): Look {
  return ({ host, address, port }, timeoutMs) =>
    new Promise((resolve) => {
      const options = {
        host,
        port,
        path,
        agent: false,
        lookup: pinnedLookup(address),
        rejectUnauthorized: false,
        headers: { 'user-agent': 'elb-proxy-guard' },
        signal: AbortSignal.timeout(timeoutMs),
      };
      const request = (scheme === 'http' ? httpRequest : httpsRequest)(options, (response) => {
        const { statusCode = 0 } = response;
        resolve({ passed: statusCode >= 200 && statusCode < 400, seen: `HTTP ${statusCode}` });
        response.resume();
        request.destroy();
      });
      request.once('error', (error) =>
        resolve({
          passed: false,
          seen: failureWords(error, {
            [scheme === 'http' ? 'secure' : 'plain']: `${scheme === 'http' ? 'https' : 'http'}:${path}`,
          }),
        }),
      );
      request.end();
    });
}
