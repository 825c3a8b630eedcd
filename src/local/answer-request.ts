import type { Action, ActionContext } from './action.js';
import { actions } from './actions/index.js';
import { cloudWatchError, cloudWatchResult, runCloudWatch } from './cloudwatch/answer-cloudwatch.js';
import { CLOUDWATCH_VERSION, type CloudWatchRequest } from './cloudwatch/wire.js';
import { ec2DescribeInstances } from './ec2-describe-instances.js';
import { actionsV2 } from './elbv2/actions/index.js';
import type { InstanceAddresses } from './instance-address.js';
import type { LocalEvent } from './local-event.js';
import type { Parameters } from './request-parameters.js';
import {
  type Answer,
  CLASSIC_VERSION,
  classicError,
  classicResult,
  EC2_VERSION,
  ELBV2_VERSION,
  ec2Error,
  ec2Result,
  elbV2Error,
  elbV2Result,
  STS_VERSION,
  stsError,
  stsResult,
} from './responses.js';
import { invalidAction, ServiceError } from './service-error.js';
import { runSsm, ssmError, ssmResult } from './ssm/answer-ssm.js';
import type { SystemsManager } from './ssm/systems-manager.js';
import type { Store } from './store.js';
import { stsGetCallerIdentity } from './sts-get-caller-identity.js';
import type { XmlElements } from './xml.js';

/** A service whose requests are forms. */
type LocalService = Exclude<Extract<LocalEvent, { kind: 'request' }>['service'], 'ssm'>;

/** Where a request is answered from. */
export interface RequestContext extends ActionContext {
  readonly store: Store;
  readonly addresses: InstanceAddresses;
  readonly ssm: SystemsManager;
  readonly requestId: string;
  /** Called with an error that is this program's own fault. */
  readonly onInternalFailure: (error: unknown) => void;
}

/** Any error as one that can be answered with. */
export function asServiceError(error: unknown, onInternalFailure: (error: unknown) => void): ServiceError {
  if (error instanceof ServiceError) return error;
  onInternalFailure(error);
  return new ServiceError(
    'InternalFailure',
    500,
    'The request processing has failed because of an unknown error.',
  );
}

/** Runs an action of one of the two ELB APIs, which share a host and a signing name: only the version distinguishes them. */
async function runElb(
  served: ReadonlyMap<string, Action>,
  parameters: Parameters,
  context: RequestContext,
): Promise<XmlElements> {
  const name = parameters.get('Action');
  if (!name) throw new ServiceError('MissingAction', 400, 'The request must contain the parameter Action');
  const action = served.get(name);
  if (action === undefined) throw invalidAction(name, parameters.get('Version') || 'NO_VERSION_SPECIFIED');
  return action.kind === 'read'
    ? action.run(context.store.current(), parameters, context)
    : context.store.change((state) => action.run(state, parameters, context));
}

const none: ReadonlyMap<string, Action> = new Map();

function runEc2(parameters: Parameters, context: RequestContext): XmlElements {
  const name = parameters.get('Action') ?? '';
  if (name !== 'DescribeInstances') {
    throw new ServiceError('InvalidAction', 400, `The action ${name} is not valid for this web service.`);
  }
  return ec2DescribeInstances(context.store.current(), parameters, context);
}

function runSts(parameters: Parameters, context: RequestContext): XmlElements {
  const name = parameters.get('Action') ?? '';
  if (name !== 'GetCallerIdentity') throw invalidAction(name, STS_VERSION);
  return stsGetCallerIdentity(context);
}

/** The service that a form is meant for: on one port, only the API's version decides. */
export function serviceOf(parameters: Parameters): LocalService {
  switch (parameters.get('Version')) {
    case EC2_VERSION:
      return 'ec2';
    case STS_VERSION:
      return 'sts';
    case CLOUDWATCH_VERSION:
      return 'cloudwatch';
    case ELBV2_VERSION:
      return 'elasticloadbalancingv2';
    default:
      return 'elasticloadbalancing';
  }
}

/** The answer to a request's parameters; never rejects. */
export async function answerRequest(parameters: Parameters, context: RequestContext): Promise<Answer> {
  const { requestId } = context;
  const name = parameters.get('Action') ?? '';
  const service = serviceOf(parameters);
  try {
    switch (service) {
      case 'ec2':
        return ec2Result(name, requestId, runEc2(parameters, context));
      case 'sts':
        return stsResult(name, requestId, runSts(parameters, context));
      case 'cloudwatch':
        return await answerCloudWatch({ protocol: 'query', action: name, parameters }, context);
      case 'elasticloadbalancing':
        return classicResult(
          name,
          requestId,
          await runElb(parameters.get('Version') === CLASSIC_VERSION ? actions : none, parameters, context),
        );
      case 'elasticloadbalancingv2':
        return elbV2Result(name, requestId, await runElb(actionsV2, parameters, context));
    }
  } catch (error) {
    return errors[service](asServiceError(error, context.onInternalFailure), requestId);
  }
}

/** The answer to a request for CloudWatch; never rejects. */
export async function answerCloudWatch(request: CloudWatchRequest, context: RequestContext): Promise<Answer> {
  const { requestId, onInternalFailure } = context;
  try {
    return cloudWatchResult(request, await runCloudWatch(request, context), requestId);
  } catch (error) {
    return cloudWatchError(request.protocol, asServiceError(error, onInternalFailure), requestId);
  }
}

/** The answer to a request for Systems Manager; never rejects. */
export function answerSsm(action: string, body: Buffer, context: RequestContext): Answer {
  try {
    return ssmResult(runSsm(action, body, context));
  } catch (error) {
    return ssmError(asServiceError(error, context.onInternalFailure));
  }
}

const errors = {
  ec2: ec2Error,
  sts: stsError,
  elasticloadbalancing: classicError,
  elasticloadbalancingv2: elbV2Error,
  cloudwatch: (error: ServiceError, requestId: string) => cloudWatchError('query', error, requestId),
} as const;
