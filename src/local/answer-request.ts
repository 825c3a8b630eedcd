import type { Action, ActionContext } from './action.js';
import { actions } from './actions/index.js';
import { cloudWatchError, cloudWatchResult, runCloudWatch } from './cloudwatch/answer-cloudwatch.js';
import type { CloudWatchRequest } from './cloudwatch/wire.js';
import { ec2DescribeInstances } from './ec2-describe-instances.js';
import { actionsV2 } from './elbv2/actions/index.js';
import type { InstanceAddresses } from './instance-address.js';
import type { Parameters } from './request-parameters.js';
import {
  type Answer,
  type Answers,
  CLASSIC_VERSION,
  CLOUDWATCH_VERSION,
  classicAnswers,
  EC2_VERSION,
  ELBV2_VERSION,
  ec2Answers,
  elbV2Answers,
  STS_VERSION,
  stsAnswers,
} from './responses.js';
import { invalidAction, ServiceError } from './service-error.js';
import { runSsm, ssmError, ssmResult } from './ssm/answer-ssm.js';
import type { SystemsManager } from './ssm/systems-manager.js';
import type { Store } from './store.js';
import type { XmlElements } from './xml.js';

/** The input of a request's answer. */
export interface RequestContext extends ActionContext {
  readonly store: Store;
  readonly addresses: InstanceAddresses;
  readonly ssm: SystemsManager;
  readonly requestId: string;
  /** Called with an error that is this program's own fault. */
  readonly onInternalFailure: (error: unknown) => void;
}

/** Any error as one that the service answers with. */
export function asServiceError(error: unknown, onInternalFailure: (error: unknown) => void): ServiceError {
  if (error instanceof ServiceError) return error;
  onInternalFailure(error);
  return new ServiceError(
    'InternalFailure',
    'The request processing has failed because of an unknown error.',
    500,
  );
}

/** Runs an action of one of the two ELB APIs, which share a host and a signing name: only the version distinguishes them. */
async function runElb(
  served: ReadonlyMap<string, Action>,
  parameters: Parameters,
  context: RequestContext,
): Promise<XmlElements> {
  const name = parameters.get('Action');
  if (!name) throw new ServiceError('MissingAction', 'The request must contain the parameter Action');
  const action = served.get(name);
  if (action === undefined) throw invalidAction(name, parameters.get('Version') || 'NO_VERSION_SPECIFIED');
  return action.kind === 'read'
    ? action.run(context.store.current(), parameters, context)
    : context.store.change((state) => action.run(state, parameters, context));
}

function runEc2(parameters: Parameters, context: RequestContext): XmlElements {
  const name = parameters.get('Action') ?? '';
  if (name !== 'DescribeInstances') {
    throw new ServiceError('InvalidAction', `The action ${name} is not valid for this web service.`);
  }
  return ec2DescribeInstances(context.store.current(), parameters, context);
}

/** Signatures are not checked, so every caller is the same user of the account. */
function runSts(parameters: Parameters, { accountId }: RequestContext): XmlElements {
  const name = parameters.get('Action') ?? '';
  if (name !== 'GetCallerIdentity') throw invalidAction(name, STS_VERSION);
  return {
    Arn: `arn:aws:iam::${accountId}:user/local`,
    UserId: 'AIDALOCALLOCALLOCAL1',
    Account: accountId,
  };
}

type FormService = 'ec2' | 'sts' | 'elasticloadbalancing' | 'elasticloadbalancingv2';

/** The services: how each runs its actions and writes its answers. */
const services: Readonly<
  Record<
    FormService,
    Answers & {
      readonly run: (parameters: Parameters, context: RequestContext) => XmlElements | Promise<XmlElements>;
    }
  >
> = {
  ec2: { ...ec2Answers, run: runEc2 },
  sts: { ...stsAnswers, run: runSts },
  elasticloadbalancing: {
    ...classicAnswers,
    run: (parameters, context) =>
      runElb(parameters.get('Version') === CLASSIC_VERSION ? actions : new Map(), parameters, context),
  },
  elasticloadbalancingv2: {
    ...elbV2Answers,
    run: (parameters, context) => runElb(actionsV2, parameters, context),
  },
};

const byVersion: ReadonlyMap<string | undefined, FormService | 'cloudwatch'> = new Map([
  [EC2_VERSION, 'ec2'],
  [STS_VERSION, 'sts'],
  [CLOUDWATCH_VERSION, 'cloudwatch'],
  [ELBV2_VERSION, 'elasticloadbalancingv2'],
]);

/** The service that a form is meant for: on one port, only the API's version decides. */
export function serviceOf(parameters: Parameters): FormService | 'cloudwatch' {
  return byVersion.get(parameters.get('Version')) ?? 'elasticloadbalancing';
}

/** The answer to a request's parameters; never rejects. */
export async function answerRequest(parameters: Parameters, context: RequestContext): Promise<Answer> {
  const { requestId, onInternalFailure } = context;
  const action = parameters.get('Action') ?? '';
  const service = serviceOf(parameters);
  if (service === 'cloudwatch') return answerCloudWatch({ protocol: 'query', action, parameters }, context);
  const { run, result, error } = services[service];
  try {
    return result(action, requestId, await run(parameters, context));
  } catch (failure) {
    return error(asServiceError(failure, onInternalFailure), requestId);
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
