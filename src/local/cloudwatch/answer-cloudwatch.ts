import type { ActionContext } from '../action.js';
import type { Answer } from '../responses.js';
import { ServiceError } from '../service-error.js';
import type { Store } from '../store.js';
import { buildXml } from '../xml.js';
import { encodeCbor } from './cbor.js';
import { describeAlarms } from './describe-alarms.js';
import { asJson, asXml, type PlainObject } from './plain-value.js';
import { setAlarmState } from './set-alarm-state.js';
import { CLOUDWATCH_VERSION, type CloudWatchProtocol, type CloudWatchRequest } from './wire.js';

const namespace = `http://monitoring.amazonaws.com/doc/${CLOUDWATCH_VERSION}/`;

/** Runs an action. @throws ServiceError */
export async function runCloudWatch(
  { protocol, action, parameters }: CloudWatchRequest,
  context: ActionContext & { readonly store: Store },
): Promise<PlainObject | undefined> {
  switch (action) {
    case 'DescribeAlarms':
      return describeAlarms(context.store.current(), parameters, context);
    case 'SetAlarmState':
      await context.store.change((state) => ({
        state: setAlarmState(state, parameters, context),
        result: undefined,
      }));
      return undefined;
    default:
      throw protocol === 'query'
        ? new ServiceError(
            'InvalidAction',
            400,
            `Could not find operation ${action} for version ${CLOUDWATCH_VERSION}`,
          )
        : new ServiceError('UnknownOperationException', 404, `There is no operation ${action} here`);
  }
}

/** An answer in the protocol of its request; an action without a result gives undefined. */
export function cloudWatchResult(
  { protocol, action }: Pick<CloudWatchRequest, 'protocol' | 'action'>,
  result: PlainObject | undefined,
  requestId: string,
): Answer {
  switch (protocol) {
    case 'query':
      return {
        status: 200,
        body: buildXml({
          [`${action}Response`]: {
            '@_xmlns': namespace,
            ...(result === undefined ? {} : { [`${action}Result`]: asXml(result) }),
            ResponseMetadata: { RequestId: requestId },
          },
        }),
      };
    case 'json':
      return { status: 200, ...jsonBody(result === undefined ? {} : asJson(result)) };
    case 'cbor':
      return { status: 200, ...cborBody(result ?? {}) };
  }
}

/** The same for an error. */
export function cloudWatchError(
  protocol: CloudWatchProtocol,
  error: ServiceError,
  requestId: string,
): Answer {
  const { code, status, message } = error;
  const type = status >= 500 ? 'Receiver' : 'Sender';
  // What clients of the older protocol know an error by (Smithy's awsQueryCompatible).
  const headers = { 'x-amzn-query-error': `${code};${type}` };
  switch (protocol) {
    case 'query':
      return {
        status,
        code,
        body: buildXml({
          ErrorResponse: {
            '@_xmlns': namespace,
            Error: { Type: type, Code: code, Message: message },
            RequestId: requestId,
          },
        }),
      };
    case 'json': {
      const { body, headers: own } = jsonBody({ __type: code, message });
      return { status, code, body, headers: { ...own, ...headers } };
    }
    case 'cbor': {
      const { body, headers: own } = cborBody({ __type: `com.amazonaws.cloudwatch#${code}`, message });
      return { status, code, body, headers: { ...own, ...headers } };
    }
  }
}

function jsonBody(value: unknown) {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/x-amz-json-1.0' } };
}

function cborBody(value: PlainObject) {
  return {
    body: encodeCbor(value),
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  };
}
