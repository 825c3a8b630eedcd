import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** A request as it came over the wire. */
export interface Received {
  readonly action: string;
  readonly body: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** What to do with a request. */
export type Reply =
  | { readonly status?: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'silence'
  | 'half a body, then silence'
  | 'half a body, then reset';

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts an HTTP server on a loopback port that answers as asked and keeps what it got; it closes when the file's tests are done. */
export async function apiServer(
  answer: (received: Received, nth: number) => Reply,
): Promise<{ readonly url: string; readonly received: readonly Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body);
      const one = { action: form.get('Action') ?? '', body, form, headers: request.headers };
      received.push(one);
      return carryOut(answer(one, received.length), request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

function carryOut(reply: Reply, { socket }: IncomingMessage, response: ServerResponse): void {
  if (reply === 'silence') return;
  if (reply === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (typeof reply === 'string') {
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '4000' });
    response.write('<DescribeLoadBalancersResponse>');
    if (reply === 'half a body, then reset') setTimeout(() => socket.destroy(), 20);
    return;
  }
  response.writeHead(reply.status ?? 200, { 'content-type': 'text/xml', ...reply.headers });
  response.end(reply.body);
}

const namespace = 'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/';

/** A success answer of the Query API. */
export function success(action: string, result = '', requestId = 'request-1'): Reply {
  return {
    body: `<?xml version="1.0"?><${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** An error answer of the Query API. */
export function failure(
  status: number,
  code: string,
  message = `the text of ${code}`,
  requestId = 'request-9',
): Reply {
  return {
    status,
    body: `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

/** The result part of a DescribeLoadBalancers answer with load balancers of these names. */
export function loadBalancersXml(...names: readonly string[]): string {
  const members = names
    .map((name) => `<member><LoadBalancerName>${name}</LoadBalancerName></member>`)
    .join('');
  return `<LoadBalancerDescriptions>${members}</LoadBalancerDescriptions>`;
}
