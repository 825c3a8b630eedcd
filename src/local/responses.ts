import type { ServiceError } from './service-error.js';
import { buildXml, type XmlElements } from './xml.js';

/** The version of the Classic API. */
export const CLASSIC_VERSION = '2012-06-01';

/** The version of the API of Application, Network and Gateway Load Balancers. */
export const ELBV2_VERSION = '2015-12-01';

/** The version of the EC2 API of which DescribeInstances is answered. */
export const EC2_VERSION = '2016-11-15';

/** The version of the STS API of which GetCallerIdentity is answered. */
export const STS_VERSION = '2011-06-15';

const classicNamespace = `http://elasticloadbalancing.amazonaws.com/doc/${CLASSIC_VERSION}/`;
const elbV2Namespace = `http://elasticloadbalancing.amazonaws.com/doc/${ELBV2_VERSION}/`;
const ec2Namespace = `http://ec2.amazonaws.com/doc/${EC2_VERSION}/`;
const stsNamespace = `https://sts.amazonaws.com/doc/${STS_VERSION}/`;

/** One answer: its status and its XML. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  /** Besides those of every answer; `content-type` if it is not XML. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wire code of an error. */
  readonly code?: string;
}

type Result = (action: string, requestId: string, result: XmlElements) => Answer;
type Failure = (error: ServiceError, requestId: string) => Answer;

/** The answers of the Query protocol, which both ELB APIs and STS speak. */
const queryResult =
  (namespace: string): Result =>
  (action, requestId, result) => ({
    status: 200,
    body: buildXml({
      [`${action}Response`]: {
        '@_xmlns': namespace,
        [`${action}Result`]: result,
        ResponseMetadata: { RequestId: requestId },
      },
    }),
  });

const queryError =
  (namespace: string): Failure =>
  (error, requestId) => ({
    status: error.status,
    code: error.code,
    body: buildXml({
      ErrorResponse: {
        '@_xmlns': namespace,
        Error: {
          Type: error.status >= 500 ? 'Receiver' : 'Sender',
          Code: error.code,
          Message: error.message,
        },
        RequestId: requestId,
      },
    }),
  });

/** A Classic action's answer. */
export const classicResult = queryResult(classicNamespace);

/** A Classic action's error. */
export const classicError = queryError(classicNamespace);

/** An ELBv2 action's answer. */
export const elbV2Result = queryResult(elbV2Namespace);

/** An ELBv2 action's error. */
export const elbV2Error = queryError(elbV2Namespace);

/** An STS action's answer. */
export const stsResult = queryResult(stsNamespace);

/** An STS action's error. */
export const stsError = queryError(stsNamespace);

/** An EC2 action's answer: EC2 has no Result element, and its names begin in lower case. */
export const ec2Result = (action: string, requestId: string, result: XmlElements): Answer => ({
  status: 200,
  body: buildXml({ [`${action}Response`]: { '@_xmlns': ec2Namespace, requestId, ...result } }),
});

/** An EC2 action's error, in EC2's own shape. */
export const ec2Error = (error: ServiceError, requestId: string): Answer => ({
  status: error.status,
  code: error.code,
  body: buildXml({
    Response: { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId },
  }),
});
