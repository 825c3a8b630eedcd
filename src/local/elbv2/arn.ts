import { createHash } from 'node:crypto';
import { validationError } from '../service-error.js';
import type { LoadBalancerType } from './shapes.js';

/** The kinds of things with ARNs in this API. */
export type ResourceKind = 'load balancer' | 'target group' | 'listener' | 'rule';

/** Where something is made. */
export interface ArnPlace {
  readonly region: string;
  readonly accountId: string;
}

const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
};

const arnOf = ({ region, accountId }: ArnPlace, resource: string): string =>
  `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${accountId}:${resource}`;

/** The n-th id of a place: 16 hexadecimal digits, the same each time for the same things. */
const idOf = ({ region, accountId }: ArnPlace, ...of: readonly (string | number)[]): string =>
  createHash('sha256')
    .update([region, accountId, ...of].join('/'))
    .digest('hex')
    .slice(0, 16);

const shortTypes: Readonly<Record<LoadBalancerType, string>> = {
  application: 'app',
  network: 'net',
  gateway: 'gwy',
};

/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/net/NAME/ID`. */
export const loadBalancerArn = (place: ArnPlace, type: LoadBalancerType, name: string, n: number): string =>
  arnOf(place, `loadbalancer/${shortTypes[type]}/${name}/${idOf(place, 'load balancer', name, n)}`);

/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID`. */
export const targetGroupArn = (place: ArnPlace, name: string, n: number): string =>
  arnOf(place, `targetgroup/${name}/${idOf(place, 'target group', name, n)}`);

/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/net/NAME/ID/ID`. */
export const listenerArn = (place: ArnPlace, ofLoadBalancer: string, n: number): string =>
  `${ofLoadBalancer.replace(':loadbalancer/', ':listener/')}/${idOf(place, 'listener', ofLoadBalancer, n)}`;

/** The ARN of a listener's default rule, which is the only one that it has here. */
export function defaultRuleArn(ofListener: string): string {
  const id = createHash('sha256').update(ofListener).digest('hex').slice(0, 16);
  return `${ofListener.replace(':listener/', ':listener-rule/')}/${id}`;
}

const prefix = 'arn:aws[\\w-]*:elasticloadbalancing:[\\w-]+:\\d{12}:';
const name = '[A-Za-z0-9-]+';
const id = '[0-9a-f]{16}';
const forms: readonly (readonly [ResourceKind, RegExp])[] = [
  ['load balancer', new RegExp(`^${prefix}loadbalancer/(?:app|net|gwy)/${name}/${id}$`)],
  ['target group', new RegExp(`^${prefix}targetgroup/${name}/${id}$`)],
  ['listener', new RegExp(`^${prefix}listener/(?:app|net|gwy)/${name}/${id}/${id}$`)],
  ['rule', new RegExp(`^${prefix}listener-rule/(?:app|net|gwy)/${name}/${id}/${id}/${id}$`)],
];

/** The kind of resource that an ARN names; undefined if it has none of the forms. */
export const kindOfArn = (text: string): ResourceKind | undefined =>
  forms.find(([, form]) => form.test(text))?.[0];

/** `ValidationError`, in the service's words, unless the text has the form of such an ARN. */
export function checkArn(text: string, kind: ResourceKind): string {
  if (kindOfArn(text) !== kind) throw validationError(`'${text}' is not a valid ${kind} ARN`);
  return text;
}
