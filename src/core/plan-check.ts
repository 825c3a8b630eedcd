import { type HazardCode, hazardLevels } from './hazards.js';
import { proxyProtocolPolicyType } from './model.js';
import { proxyProtocolV2Key } from './network-load-balancer.js';
import { type Plan, planFormatVersion } from './plan.js';

// The shape that plan-schema.ts describes, as plain functions: most lines of a journal can be checked without loading a
// schema library. They may reject what the schema accepts (then the schema decides), but never the other way round.

/** Whether a value that came from JSON is of a shape. */
export type Check = (value: unknown) => boolean;

/** A text of at most so many characters. */
export const text =
  (most: number, least = 0): Check =>
  (value) =>
    typeof value === 'string' && value.length >= least && value.length <= most;

/** A text of a form. */
export const form =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/** A whole number within bounds. */
export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** One of several values. */
export const oneOf = (...values: readonly unknown[]): Check => {
  const all = new Set(values);
  return (value) => all.has(value);
};

/** A list, each item of a shape. */
export const list =
  (item: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(item);

/** A value, or none. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object with these keys; `strict`: and no others. */
export const object = (shape: Readonly<Record<string, Check>>, strict = true): Check => {
  const keys = Object.keys(shape);
  return (value) => {
    if (!isObject(value)) return false;
    if (strict && Object.keys(value).some((key) => !Object.hasOwn(shape, key))) return false;
    return keys.every((key) => shape[key]?.(Object.hasOwn(value, key) ? value[key] : undefined) === true);
  };
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A time as this tool writes it: ISO 8601, UTC, with seconds. */
export const time: Check = (value) =>
  typeof value === 'string' &&
  value.length <= 40 &&
  timeForm.test(value) &&
  (value.slice(5, 10) !== '02-29' || isLeapYear(Number(value.slice(0, 4))));
/** Each month with the days that it may have. */
const timeForm =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-9])|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A change's name. */
export const changeId: Check = form(/^[A-Za-z0-9-]{1,64}$/);

// oxlint-disable-next-line no-control-regex -- they are what is to be refused
const name: Check = form(/^[^\u0000-\u001f\u007f-\u009f]{1,255}$/);
const port = whole(1, 65_535);
const texts = text(1024);
const names = list(name, 1000);

const attributes: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(([key, item]) => key.length <= 255 && key !== '__proto__' && texts(item));

const policy = { policyName: name, policyTypeName: oneOf(proxyProtocolPolicyType), attributes };
const classicSteps: Readonly<Record<string, Check>> = {
  CreateLoadBalancerPolicy: object({ call: texts, ...policy }),
  SetLoadBalancerPoliciesForBackendServer: object({
    call: texts,
    instancePort: port,
    before: names,
    after: names,
  }),
  DeleteLoadBalancerPolicy: object({ call: texts, ...policy }),
};

const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
// oxlint-disable-next-line no-control-regex -- they are what is to be refused
const arn: Check = form(/^(?=.{1,1024}$)arn:[^\u0000-\u0020\u007f-\u009f]+$/);
const modify = object({
  call: oneOf('ModifyTargetGroupAttributes'),
  targetGroupArn: arn,
  key: oneOf(proxyProtocolV2Key),
  before: oneOf('true', 'false', null),
  after: oneOf('true', 'false'),
});

/** One of the calls that this tool makes. */
export const step: Check = (value) => classicStep(value) || modify(value);

const classicStep: Check = (value) => {
  const call = isObject(value) ? value['call'] : undefined;
  return (
    typeof call === 'string' && Object.hasOwn(classicSteps, call) && classicSteps[call]?.(value) === true
  );
};

const codes = oneOf(...(Object.keys(hazardLevels) as HazardCode[]));

const identity = {
  name,
  region: form(/^[a-z0-9-]{1,64}$/),
  accountId: optional(texts),
  dnsName: optional(texts),
  createdTime: optional(time),
};
const hazardsSeen = {
  hazards: list(
    object({
      code: codes,
      level: oneOf('blocker', 'warning', 'note'),
      instancePort: optional(port),
      targetGroup: optional(text(255)),
      message: text(4096),
      advice: text(4096),
    }),
    1000,
  ),
  forced: list(codes, 100),
};

const classicChange = object({
  loadBalancer: object({ kind: optional(oneOf('classic')), ...identity }),
  affects: object({
    instancePorts: list(port, 1000),
    listeners: list(
      object({ protocol: texts, loadBalancerPort: port, instanceProtocol: texts, instancePort: port }),
      1000,
    ),
    instances: optional(object({ inService: whole(0), total: whole(0) })),
  }),
  steps: list(classicStep, 1000),
  ...hazardsSeen,
});

const short = text(64);
const networkChange = object({
  loadBalancer: object({ kind: oneOf('network'), arn, ...identity }),
  targetGroup: object({
    arn,
    name: text(255, 1),
    protocol: text(64, 1),
    port: optional(port),
    targetType: optional(short),
    healthCheck: optional(
      object({
        enabled: optional(oneOf(true, false)),
        protocol: optional(short),
        port: optional(short),
        path: optional(texts),
        matcher: optional(texts),
        interval: optional(number),
        timeout: optional(number),
        healthyThreshold: optional(number),
        unhealthyThreshold: optional(number),
      }),
    ),
    loadBalancerArns: list(arn, 100),
  }),
  affects: object({
    listeners: list(object({ protocol: short, port }), 1000),
    targets: optional(object({ healthy: whole(0), total: whole(0) })),
  }),
  steps: list(modify, 1),
  ...hazardsSeen,
});

const change: Check = (value) => classicChange(value) || networkChange(value);

const planShape = object({
  formatVersion: oneOf(planFormatVersion),
  tool: texts,
  createdAt: time,
  action: oneOf('enable', 'disable', 'undo'),
  pending: oneOf(true, false),
  digest: form(/^sha256:[0-9a-f]{64}$/),
  endpoint: optional(texts),
  caller: optional(object({ accountId: form(/^\d{12}$/), arn: text(2048, 1) })),
  undoes: optional(changeId),
  changes: list(change, 10_000),
});

/** Whether a value is a plan for certain. */
export function isPlan(value: unknown): value is Plan {
  return planShape(value);
}
