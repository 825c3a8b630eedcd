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

/** The version of the CloudWatch API of which DescribeAlarms and SetAlarmState are answered. */
export const CLOUDWATCH_VERSION = '2010-08-01';

/** One answer to a request. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  /** Besides those of every answer; `content-type` if it is not XML. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wire code of an error. */
  readonly code?: string;
}

/** How an API's results and errors are written. */
export interface Answers {
  /** An action may have no result. */
  readonly result: (action: string, requestId: string, result: XmlElements | undefined) => Answer;
  readonly error: (error: ServiceError, requestId: string) => Answer;
}

/** The answers of an API that speaks the Query protocol. */
function queryAnswers(namespace: string): Answers {
  return {
    result: (action, requestId, result) => ({
      status: 200,
      body: buildXml({
        [`${action}Response`]: {
          '@_xmlns': namespace,
          [`${action}Result`]: result,
          ResponseMetadata: { RequestId: requestId },
        },
      }),
    }),
    error: (error, requestId) => ({
      status: error.status,
      code: error.code,
      body: buildXml({
        ErrorResponse: {
          '@_xmlns': namespace,
          Error: { Type: faultOf(error), Code: error.code, Message: error.message },
          RequestId: requestId,
        },
      }),
    }),
  };
}

/** Whose fault an error is, in the service's words. */
export function faultOf({ status }: ServiceError): 'Receiver' | 'Sender' {
  return status >= 500 ? 'Receiver' : 'Sender';
}

/** Classic Load Balancers' answers. */
export const classicAnswers = queryAnswers(
  `http://elasticloadbalancing.amazonaws.com/doc/${CLASSIC_VERSION}/`,
);

/** ELBv2's. */
export const elbV2Answers = queryAnswers(`http://elasticloadbalancing.amazonaws.com/doc/${ELBV2_VERSION}/`);

/** STS's. */
export const stsAnswers = queryAnswers(`https://sts.amazonaws.com/doc/${STS_VERSION}/`);

/** CloudWatch's in its oldest protocol. */
export const cloudWatchAnswers = queryAnswers(`http://monitoring.amazonaws.com/doc/${CLOUDWATCH_VERSION}/`);

/** EC2's, which have no Result element and a shape of their own for errors; names begin in lower case. */
export const ec2Answers: Answers = {
  result: (action, requestId, result) => ({
    status: 200,
    body: buildXml({
      [`${action}Response`]: {
        '@_xmlns': `http://ec2.amazonaws.com/doc/${EC2_VERSION}/`,
        requestId,
        ...result,
      },
    }),
  }),
  error: (error, requestId) => ({
    status: error.status,
    code: error.code,
    body: buildXml({
      Response: { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId },
    }),
  }),
};
