import type {
  DeserializeMiddleware,
  FinalizeRequestMiddleware,
  HandlerExecutionContext,
  MetadataBearer,
  Pluggable,
} from '@smithy/types';
import { type ApiKind, checkAnswer, requestIdIn } from './answer.js';
import { noteHost } from './asked-host.js';
import { readBody } from './body.js';
import type { AwsCall } from './calls.js';
import { hideSecrets } from './hide-secrets.js';
import { plainText } from './plain-text.js';
import { HttpRequest, HttpResponse } from './sdk.js';
import { isThrottle, sdkFields, wireCode } from './wire-code.js';

/** The plugin's options. */
interface WatchOptions {
  readonly api: ApiKind;
  readonly region: string;
  readonly bodyTimeoutMs: number;
  readonly onCall?: ((call: AwsCall) => void) | undefined;
}

type Attempts = Pick<WatchOptions, 'region' | 'onCall'> & Partial<Pick<WatchOptions, 'api'>>;

/**
 * A client plugin of two middlewares: around each attempt, for `onCall` and throttles that the SDK does not know; and next
 * to the wire, to hold the body to the API's form, because the SDK takes an empty or foreign 200 for an empty result.
 */
export function watchCalls<Input extends object, Output extends MetadataBearer>(
  options: WatchOptions,
): Pluggable<Input, Output> {
  return {
    applyToStack: (stack) => {
      watchAttempts<Input, Output>(options).applyToStack(stack);
      stack.addRelativeTo(answerMiddleware<Input, Output>(options), {
        name: 'elbProxyAnswer',
        relation: 'after',
        toMiddleware: 'deserializerMiddleware',
        override: true,
      });
    },
  };
}

/** The first of the two alone, for the client of another service, whose answers have a form of their own. */
export function watchAttempts<Input extends object, Output extends MetadataBearer>(
  options: Attempts,
): Pluggable<Input, Output> {
  return {
    applyToStack: (stack) => {
      stack.addRelativeTo(attemptMiddleware<Input, Output>(options), {
        name: 'elbProxyAttempt',
        relation: 'after',
        toMiddleware: 'retryMiddleware',
        override: true,
      });
    },
  };
}

function attemptMiddleware<Input extends object, Output extends MetadataBearer>({
  api,
  region,
  onCall,
}: Attempts): FinalizeRequestMiddleware<Input, Output> {
  return (next, context) => async (args) => {
    const started = performance.now();
    const tell = (outcome: Pick<AwsCall, 'httpStatus' | 'requestId' | 'errorCode' | 'throttled'>) =>
      onCall?.({
        ...(api === 'network' ? { api } : {}),
        action: actionOf(context),
        region,
        loadBalancer: loadBalancerIn(args.input),
        ...attemptIn(args.request),
        ...outcome,
        durationMs: Math.round((performance.now() - started) * 10) / 10,
      });
    try {
      const result = await next(args);
      const { httpStatusCode, requestId } = result.output.$metadata;
      tell({ httpStatus: httpStatusCode, requestId });
      return result;
    } catch (error) {
      const { $metadata, code, name } = sdkFields(error);
      noteHost(error, HttpRequest.isInstance(args.request) ? args.request.hostname : undefined);
      tell({
        httpStatus: $metadata?.httpStatusCode,
        requestId: $metadata?.requestId,
        errorCode: wireCode(error) ?? code ?? name ?? 'Error',
        ...(isThrottle(error) ? { throttled: true } : {}),
      });
      if (error instanceof Error && isThrottle(error)) {
        Object.assign(error, { $retryable: { throttling: true } });
      }
      throw error;
    }
  };
}

function answerMiddleware<Input extends object, Output extends MetadataBearer>({
  api,
  bodyTimeoutMs,
}: WatchOptions): DeserializeMiddleware<Input, Output> {
  return (next, context) => async (args) => {
    const result = await next(args);
    const answer = result.response;
    if (!HttpResponse.isInstance(answer)) return result;
    const whole = await readBody(answer.body, bodyTimeoutMs);
    const secrets = secretsIn(args.request);
    // A list is passed on as it came: what is read of it is held to the characters that names have.
    const body = answer.statusCode < 300 ? whole : hideSecrets(whole, secrets);
    answer.body = Buffer.from(body, 'utf8');
    const action = actionOf(context);
    const requestId = answer.headers['x-amzn-requestid'] ?? requestIdIn(body);
    if (requestId !== undefined) answer.headers['x-amzn-requestid'] = plainText(requestId, 100);
    const head = {
      api,
      action,
      status: answer.statusCode,
      contentType: answer.headers['content-type'],
      location: answer.headers['location'] && hideSecrets(answer.headers['location'], secrets),
      requestId,
    };
    const check = (text: string) => checkAnswer(text, head, action.startsWith('Describe'));
    try {
      check(body);
    } catch (error) {
      // The message quotes the answer.
      check(hideSecrets(body, secrets));
      throw error;
    }
    return result;
  };
}

function actionOf({ commandName = 'Command' }: HandlerExecutionContext): string {
  return commandName.replace(/Command$/, '');
}

/** The part of the signing keys that the request itself reveals. */
function secretsIn(request: unknown): readonly (string | undefined)[] {
  return HttpRequest.isInstance(request) ? [request.headers['x-amz-security-token']] : [];
}

/** The retry middleware writes its count into a header before each attempt. */
function attemptIn(request: unknown): Pick<AwsCall, 'attempt' | 'maxAttempts'> {
  const header = HttpRequest.isInstance(request) ? request.headers['amz-sdk-request'] : undefined;
  const [, attempt = '1', maxAttempts = '1'] = /attempt=(\d+); max=(\d+)/.exec(header ?? '') ?? [];
  return { attempt: Number(attempt), maxAttempts: Number(maxAttempts) };
}

/** By its name; what the newer API names by its ARN, be it a target group, is shown without the account. */
function loadBalancerIn(input: object): string | undefined {
  for (const field of namingFields) {
    const value: unknown = Reflect.get(input, field);
    const [first]: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (typeof first === 'string')
      return first.startsWith('arn:') ? first.split(':').slice(5).join(':') : first;
  }
  return undefined;
}

const namingFields = [
  'LoadBalancerName',
  'LoadBalancerNames',
  'Names',
  'LoadBalancerArn',
  'TargetGroupArn',
  'TargetGroupArns',
  'ResourceArns',
] as const;
