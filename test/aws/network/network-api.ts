import type { ElasticLoadBalancingV2 } from '../../../src/app/ports.js';
import { openNetworkLoadBalancing } from '../../../src/aws/network/open-network-load-balancing.js';
import type { OpenOptions } from '../../../src/aws/open-elastic-load-balancing.js';
import type { Reply } from '../api-server.js';
import { bareEnv } from '../opened.js';

/** A success answer of the ELBv2 API. */
export function successV2(action: string, result = ''): Reply {
  const namespace = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';
  return {
    body: `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** An element with children, or with text. */
export function xml(name: string, children: Element): string {
  if (typeof children === 'string') return `<${name}>${children}</${name}>`;
  const inner = Object.entries(children).flatMap(([key, value]) =>
    value === undefined ? [] : [xml(key, value)],
  );
  return `<${name}>${inner.join('')}</${name}>`;
}

/** The children of an element, or its text. */
export type Element = Readonly<Record<string, string | undefined>> | string;

/** A list as the Query protocol writes it. */
export function members(...each: readonly Element[]): string {
  return each.map((one) => xml('member', one)).join('');
}

export const arnPrefix = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';

/** A load balancer as the service gives it. */
export function loadBalancerXml(name: string, more: Readonly<Record<string, string | undefined>> = {}) {
  return {
    LoadBalancerArn: `${arnPrefix}:loadbalancer/net/${name}/0123456789abcdef`,
    LoadBalancerName: name,
    Type: 'network',
    ...more,
  };
}

/** A target group as the service gives it. */
export function targetGroupXml(name: string, more: Readonly<Record<string, string | undefined>> = {}) {
  return {
    TargetGroupArn: `${arnPrefix}:targetgroup/${name}/0123456789abcdef`,
    TargetGroupName: name,
    Protocol: 'TCP',
    Port: '8443',
    TargetType: 'instance',
    LoadBalancerArns: '',
    ...more,
  };
}

/** Opens the API at a URL. */
export function openedV2(
  url: string | undefined,
  more: Partial<OpenOptions> = {},
): Promise<ElasticLoadBalancingV2> {
  return openNetworkLoadBalancing({
    region: 'us-east-1',
    endpointUrl: url,
    timeouts: { connect: 10_000, request: 10_000 },
    ...more,
    env: {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret-really',
      ...(more.env ?? bareEnv),
    },
  });
}

/** All pages of a listing in one. */
export async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
