import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import {
  answerCloudWatch,
  answerRequest,
  answerSsm,
  asServiceError,
  type RequestContext,
  serviceOf,
} from './answer-request.js';
import { cloudWatchError } from './cloudwatch/answer-cloudwatch.js';
import { cloudWatchHead, cloudWatchRequest } from './cloudwatch/wire.js';
import type { OnLocalEvent } from './local-event.js';
import { checkCaller, readBody, readParameters } from './read-request.js';
import type { Parameters } from './request-parameters.js';
import { requestRegion } from './request-region.js';
import { type Answer, classicAnswers } from './responses.js';
import { ServiceError } from './service-error.js';
import { ssmAction, ssmError } from './ssm/answer-ssm.js';

/** The options of the API's server. */
export interface ServerOptions extends Omit<RequestContext, 'requestId' | 'onInternalFailure' | 'region'> {
  /** The region of requests that are not signed for one. */
  readonly defaultRegion: string;
  readonly latencyMs: number;
  readonly onEvent: OnLocalEvent;
}

function send(response: ServerResponse, answer: Answer, requestId: string, close: boolean): void {
  response.writeHead(answer.status, {
    'content-type': 'text/xml',
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    'x-amzn-requestid': requestId,
    ...(close ? { connection: 'close' } : {}),
  });
  response.end(answer.body);
}

/** A request that is not even HTTP gets an error in the service's form, too, if the client is still there. */
function refuseMalformed(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const requestId = randomUUID();
  const malformed = new ServiceError('MalformedQueryString', 'The request is not valid HTTP', status);
  const body = classicAnswers.error(malformed, requestId).body.toString();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: text/xml\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-amzn-requestid: ${requestId}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** The API over HTTP. */
export interface ApiServer {
  /** It does not listen yet. */
  readonly server: Server;
  /** Stops listening, lets the requests under way finish, and closes all connections. */
  readonly stop: () => Promise<void>;
}

// A caller that never finishes its request must not hold a stop back for longer.
const STOP_MS = 1000;

/** Makes the API's server. */
export function createApiServer(options: ServerOptions): ApiServer {
  const { onEvent } = options;
  const onInternalFailure = (error: unknown): void =>
    onEvent({ kind: 'warning', code: 'InternalFailure', message: messageOf(error) });

  const underWay = new Set<Promise<unknown>>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const requestId = randomUUID();
    let parameters: Parameters = new Map();
    // The newer protocols name the action in the request's head; a form does in its body.
    const head = cloudWatchHead(request);
    const managed = ssmAction(request.headers);
    let region = options.defaultRegion;
    let answer: Answer;
    let close = false;
    try {
      checkCaller(request);
      const wire = head && cloudWatchRequest(head, await readBody(request));
      const body = managed === undefined ? undefined : await readBody(request);
      parameters = wire?.parameters ?? (body === undefined ? await readParameters(request) : parameters);
      region = requestRegion(request.headers.authorization, parameters) ?? region;
      if (options.latencyMs > 0) await delay(options.latencyMs);
      const context = { ...options, region, requestId, onInternalFailure };
      if (managed !== undefined && body !== undefined) answer = answerSsm(managed, body, context);
      else answer = await (wire ? answerCloudWatch(wire, context) : answerRequest(parameters, context));
    } catch (error) {
      // The rest of a body that was refused is not read: the connection ends with this answer.
      close = true;
      const failure = asServiceError(error, onInternalFailure);
      if (managed !== undefined) answer = ssmError(failure);
      else
        answer = head
          ? cloudWatchError(head.protocol, failure, requestId)
          : classicAnswers.error(failure, requestId);
    }
    onEvent({
      kind: 'request',
      service: managed === undefined ? (head ? 'cloudwatch' : serviceOf(parameters)) : 'ssm',
      action: managed ?? head?.action ?? parameters.get('Action') ?? '',
      region,
      requestId,
      status: answer.status,
      ...(answer.code === undefined ? {} : { code: answer.code }),
      ms: performance.now() - started,
    });
    if (!response.destroyed) send(response, answer, requestId, close);
  }

  // Without a Host header Node would answer by itself, without a body.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const done = Promise.all([handle(request, response), once(response, 'close')])
      .catch(onInternalFailure)
      .finally(() => underWay.delete(done));
    underWay.add(done);
  });
  server.on('clientError', refuseMalformed);

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const timer = new AbortController();
    await Promise.race([
      Promise.all(underWay),
      delay(STOP_MS, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
    server.closeAllConnections();
    await closed;
  }

  return { server, stop };
}
