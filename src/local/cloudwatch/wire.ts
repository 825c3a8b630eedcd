import type { IncomingMessage } from 'node:http';
import { encodeParameters } from '../request-lists.js';
import type { Parameters } from '../request-parameters.js';
import { validationError } from '../service-error.js';
import { decodeCbor } from './cbor.js';

/**
 * How a request is written: the AWS CLI up to 2.9 sends forms (Query), the JavaScript SDK JSON, boto3 and newer AWS CLIs
 * CBOR.
 */
export type CloudWatchProtocol = 'query' | 'json' | 'cbor';

/** A request for CloudWatch, in any of its protocols. */
export interface CloudWatchRequest {
  readonly protocol: CloudWatchProtocol;
  readonly action: string;
  readonly parameters: Parameters;
}

const service = 'GraniteServiceVersion20100801';

/** The protocol and action that a request's head names, where it is one of the newer two; nothing is read yet. */
export function cloudWatchHead(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
): Pick<CloudWatchRequest, 'protocol' | 'action'> | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string' && target.startsWith(`${service}.`))
    return { protocol: 'json', action: target.slice(service.length + 1) };
  const [path = ''] = (request.url ?? '').split('?');
  const action = new RegExp(`/service/${service}/operation/(\\w+)$`).exec(path)?.[1];
  return action !== undefined && request.headers['smithy-protocol'] === 'rpc-v2-cbor'
    ? { protocol: 'cbor', action }
    : undefined;
}

/** Such a request with its body. @throws ServiceError if the body is not in its protocol */
export function cloudWatchRequest(
  head: Pick<CloudWatchRequest, 'protocol' | 'action'>,
  body: Buffer,
): CloudWatchRequest {
  return { ...head, parameters: encodeParameters(decoded(head.protocol, body)) };
}

function decoded(protocol: CloudWatchProtocol, body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return protocol === 'cbor' ? decodeCbor(body) : (JSON.parse(body.toString()) as unknown);
  } catch {
    throw validationError(`The request's body is not ${protocol === 'cbor' ? 'CBOR' : 'JSON'}`);
  }
}
