import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { type Parameters, parseParameters } from './request-parameters.js';
import { ServiceError } from './service-error.js';

/** The longest body that is read: 1 MiB. */
const MAX_BODY_BYTES = 1024 * 1024;

// The rest of a body that is too long is read for a while and discarded: closing with bytes unread would reset the
// connection, and the answer would be lost with it.
const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;

/**
 * Whether a Host header (with or without a port) names this machine.
 *
 * A page in a browser can make its own host name resolve to 127.0.0.1 (DNS rebinding) and would then be
 * talking to this service; its Host header gives it away.
 */
function isLoopbackHost(header: string | undefined): boolean {
  const host = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  if (host === undefined) return false;
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether an Origin or a Referer header names a page that this machine served. */
function isLoopbackOrigin(header: string): boolean {
  return URL.canParse(header) && isLoopbackHost(new URL(header).host);
}

/** Refuses requests that a page in a browser could send here behind its user's back. */
export function checkCaller(request: IncomingMessage): void {
  if (!isLoopbackHost(request.headers.host)) {
    throw new ServiceError(
      'AccessDenied',
      'This endpoint answers only requests whose Host is localhost or a loopback address',
      403,
    );
  }
  // A form can be posted across origins without asking first, and an image's address is enough for a GET: the Host
  // is ours in both. Origin or Referer names the sender; where a page hides both, the browser itself says that
  // it was another site's. All actions are refused alike, since a GET may write as well.
  const { origin, referer, 'sec-fetch-site': site } = request.headers;
  const sender = origin ?? referer;
  if (sender === undefined ? site === 'cross-site' : !isLoopbackOrigin(sender)) {
    throw new ServiceError('AccessDenied', 'This endpoint does not answer pages of other origins', 403);
  }
}

/** A request's whole body. @throws ServiceError if it is too long */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (length > MAX_DISCARDED_BYTES) break;
  }
  if (length > MAX_BODY_BYTES) {
    const message = `The request is longer than ${MAX_BODY_BYTES} bytes`;
    throw new ServiceError('RequestEntityTooLarge', message, 413);
  }
  return Buffer.concat(chunks);
}

/** The parameters of a request: a POST's form body, a GET's query string. */
export async function readParameters(request: IncomingMessage): Promise<Parameters> {
  // Any path will do: Apache Libcloud uses /2012-06-01/, and the service accepts it.
  const [, ...query] = (request.url ?? '').split('?');
  const method = request.method ?? '';
  switch (method) {
    case 'GET':
    case 'HEAD':
      return parseParameters(query.join('?'));
    case 'POST': {
      const body = (await readBody(request)).toString();
      return parseParameters([query.join('?'), body].filter((part) => part !== '').join('&'));
    }
    default:
      throw new ServiceError('MethodNotAllowed', `Use POST or GET, not ${method}`, 405);
  }
}
