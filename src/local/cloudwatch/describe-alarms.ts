import type { ActionContext } from '../action.js';
import { decodeMarker, encodeMarker } from '../marker.js';
import { optionalStringList } from '../request-lists.js';
import { optionalInteger, type Parameters } from '../request-parameters.js';
import { constraintError, ServiceError, validationError } from '../service-error.js';
import type { Alarm, State } from '../shapes.js';
import { alarmStates } from './alarm-rule.js';
import type { PlainObject } from './plain-value.js';

const types = ['MetricAlarm', 'CompositeAlarm'];

/** `DescribeAlarms`: those named, those with a prefix, or all; without AlarmTypes only metric alarms, as in AWS. */
export function describeAlarms(
  { alarms }: State,
  parameters: Parameters,
  { region, accountId }: ActionContext,
): PlainObject {
  const names = optionalStringList(parameters, 'AlarmNames') ?? [];
  const prefix = parameters.get('AlarmNamePrefix');
  if (names.length > 0 && prefix !== undefined)
    throw validationError('AlarmNamePrefix and AlarmNames cannot both be specified');
  if (names.length > 100)
    throw constraintError(`[${names.length}]`, 'alarmNames', 'have length less than or equal to 100');
  const wanted = optionalStringList(parameters, 'AlarmTypes') ?? ['MetricAlarm'];
  for (const type of wanted) checkOneOf(type, types, 'alarmTypes');
  const state = parameters.get('StateValue');
  if (state !== undefined) checkOneOf(state, alarmStates, 'stateValue');
  const most = optionalInteger(parameters, 'MaxRecords', { min: 1, max: 100 }) ?? 50;
  const after = pageAfter(parameters.get('NextToken'));
  const found = alarms
    .filter((alarm) => alarm.region === region && wanted.includes(typeOf(alarm)))
    .filter(({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix ?? ''))
    .filter((alarm) => state === undefined || alarm.state === state)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const rest = after === undefined ? found : found.filter(({ name }) => name > after);
  // Named alarms all come at once.
  const page = names.length > 0 ? rest : rest.slice(0, most);
  const described = (type: string) =>
    page.filter((alarm) => typeOf(alarm) === type).map((alarm) => describe(alarm, accountId));
  return {
    CompositeAlarms: described('CompositeAlarm'),
    MetricAlarms: described('MetricAlarm'),
    ...(rest.length > page.length ? { NextToken: encodeMarker(page.at(-1)?.name ?? '') } : {}),
  };
}

function checkOneOf(value: string, allowed: readonly string[], at: string): void {
  if (!allowed.includes(value))
    throw constraintError(value, at, `satisfy enum value set: [${allowed.join(', ')}]`);
}

function pageAfter(token: string | undefined): string | undefined {
  try {
    return decodeMarker(token);
  } catch {
    throw new ServiceError('InvalidNextToken', 'The next token is not valid');
  }
}

const typeOf = ({ rule }: Alarm): string => (rule === undefined ? 'MetricAlarm' : 'CompositeAlarm');

function describe(alarm: Alarm, accountId: string): PlainObject {
  const { name, region, description, state, reason, updatedAt, transitionedAt, rule } = alarm;
  return {
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    ...(description === undefined ? {} : { AlarmDescription: description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.createdAt),
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(updatedAt),
    StateTransitionedTimestamp: new Date(transitionedAt),
    ...(rule === undefined ? metricOf(alarm) : { AlarmRule: rule }),
  };
}

function metricOf({ namespace, metricName, dimensions, period, evaluationPeriods }: Alarm): PlainObject {
  return {
    MetricName: metricName,
    Namespace: namespace,
    Statistic: 'Maximum',
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Period: period,
    EvaluationPeriods: evaluationPeriods,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'missing',
  };
}
