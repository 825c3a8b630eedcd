import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { XMLParser } from 'fast-xml-parser';
import { type LocalElb, type LocalEvent, type LocalOptions, startLocal } from '../../src/local/index.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A service on a free port, the SDK's client for it, and its events. */
export interface Running extends AsyncDisposable {
  readonly local: LocalElb;
  readonly elb: ElasticLoadBalancing;
  readonly events: LocalEvent[];
}

export const sdkClient = (endpoint: string, region = 'us-east-1'): ElasticLoadBalancing =>
  new ElasticLoadBalancing({
    endpoint,
    region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

/** Starts a service, without a data plane unless it is asked for. */
export async function start(options: LocalOptions = {}): Promise<Running> {
  const events: LocalEvent[] = [];
  const local = await startLocal({
    port: 0,
    dataPlane: false,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const elb = sdkClient(local.endpoint);
  return {
    local,
    elb,
    events,
    [Symbol.asyncDispose]: async () => {
      elb.destroy();
      await local.close();
    },
  };
}

/** An error as a caller of the SDK sees it. */
export interface SdkError {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly message: string;
}

/** The error that a call ends with; a call that succeeds fails the test. */
export async function errorOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    const { Code, message, $metadata } = error as {
      Code?: string;
      message: string;
      $metadata?: { httpStatusCode?: number };
    };
    return { code: Code, status: $metadata?.httpStatusCode, message };
  }
  throw new Error('the call succeeded');
}

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });

/** A raw answer: what came back for bytes that no SDK would send. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text();
  const xml = parser.parse(text) as { ErrorResponse?: { Error?: { Code?: string; Message?: string } } };
  const error = xml.ErrorResponse?.Error;
  return {
    status: response.status,
    headers: response.headers,
    text,
    code: error?.Code,
    message: error?.Message,
  };
}

/** Posts a form body as it is. */
export const post = async (
  endpoint: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> =>
  readAnswer(
    await fetch(endpoint, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    }),
  );

/** A listener of one protocol on both sides and one port number on both sides. */
export const tcp = (loadBalancerPort: number, instancePort = loadBalancerPort) => ({
  Protocol: 'TCP',
  LoadBalancerPort: loadBalancerPort,
  InstanceProtocol: 'TCP',
  InstancePort: instancePort,
});

export const certificate = 'arn:aws:iam::123456789012:server-certificate/web';

export const zones = { AvailabilityZones: ['us-east-1a'] };

export const proxyPolicy = (loadBalancerName: string, policyName = 'proxy', value = 'true') => ({
  LoadBalancerName: loadBalancerName,
  PolicyName: policyName,
  PolicyTypeName: 'ProxyProtocolPolicyType',
  PolicyAttributes: [{ AttributeName: 'ProxyProtocol', AttributeValue: value }],
});
