import type { ActionContext } from '../action.js';
import { type Answer, CLOUDWATCH_VERSION, cloudWatchAnswers, faultOf } from '../responses.js';
import { invalidAction, ServiceError } from '../service-error.js';
import type { Store } from '../store.js';
import { encodeCbor } from './cbor.js';
import { describeAlarms } from './describe-alarms.js';
import { asXml, type PlainObject, withTimes } from './plain-value.js';
import { setAlarmState } from './set-alarm-state.js';
import type { CloudWatchProtocol, CloudWatchRequest } from './wire.js';

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
        ? invalidAction(action, CLOUDWATCH_VERSION)
        : new ServiceError('UnknownOperationException', `There is no operation ${action} here`, 404);
  }
}

/** An answer in the protocol of its request; an action without a result gives undefined. */
export function cloudWatchResult(
  { protocol, action }: Pick<CloudWatchRequest, 'protocol' | 'action'>,
  result: PlainObject | undefined,
  requestId: string,
): Answer {
  return protocol === 'query'
    ? cloudWatchAnswers.result(action, requestId, result && asXml(result))
    : { status: 200, ...bodyIn(protocol, result ?? {}) };
}

/** The same for an error. */
export function cloudWatchError(
  protocol: CloudWatchProtocol,
  error: ServiceError,
  requestId: string,
): Answer {
  if (protocol === 'query') return cloudWatchAnswers.error(error, requestId);
  const { code, status, message } = error;
  const type = protocol === 'json' ? code : `com.amazonaws.cloudwatch#${code}`;
  const { body, headers } = bodyIn(protocol, { __type: type, message });
  // The error code of the older protocol, for clients that know only that (Smithy's awsQueryCompatible).
  const known = { 'x-amzn-query-error': `${code};${faultOf(error)}` };
  return { status, code, body, headers: { ...headers, ...known } };
}

function bodyIn(protocol: 'json' | 'cbor', value: PlainObject): Pick<Answer, 'body' | 'headers'> {
  return protocol === 'json'
    ? {
        body: JSON.stringify(withTimes(value, (time) => time.getTime() / 1000)),
        headers: { 'content-type': 'application/x-amz-json-1.0' },
      }
    : {
        body: encodeCbor(value),
        headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      };
}
