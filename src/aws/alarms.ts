import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmSeen, ReadAlarms } from '../app/guard/alarm.js';
import { withoutUndefined } from '../core/without-undefined.js';
import { ElbProxyError } from '../errors.js';
import type { AwsCall } from './calls.js';
import { endpointBeside } from './custom-endpoint.js';
import { faultOf, isDenied, withHint } from './faults.js';
import type { Identity } from './identity/identity.js';
import { plainText } from './plain-text.js';
import { readRetries } from './retries.js';
import { settingsOf } from './settings.js';
import { watchAttempts } from './watch-calls.js';
import { sdkFields, withJsonCode } from './wire-code.js';

interface AlarmsOptions {
  readonly identity: Identity;
  /** Called for each HTTP attempt as it ends; for `--debug`. */
  readonly onCall?: ((call: AwsCall) => void) | undefined;
}

/** Reads CloudWatch alarms of any region by name, metric and composite ones. */
export function openAlarms({ identity, onCall }: AlarmsOptions): ReadAlarms {
  const clients = new Map<string, CloudWatchClient>();
  const clientOf = (region: string): CloudWatchClient => {
    const known = clients.get(region);
    if (known !== undefined) return known;
    const settings = settingsOf(identity, region);
    // A look has to end in time: one that is still throttled then is reported as such.
    const maxAttempts = settings.maxAttemptsChosen ? settings.maxAttempts : 4;
    const client = new CloudWatchClient({
      ...identity.client('cloudwatch', region),
      maxAttempts,
      retryStrategy: readRetries({ ...settings, maxAttempts }),
    });
    client.middlewareStack.use(watchAttempts({ region, onCall }));
    clients.set(region, client);
    return client;
  };
  return async (region, names) => {
    const endpoint = endpointBeside(identity, 'cloudwatch', 'no alarm was read');
    try {
      const answer = await clientOf(region).send(
        new DescribeAlarmsCommand({
          AlarmNames: [...names],
          // Without it, composite alarms are left out.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        }),
      );
      if (answer.MetricAlarms === undefined && answer.CompositeAlarms === undefined)
        throw new ElbProxyError(`DescribeAlarms in ${region} failed: the answer lacks MetricAlarms`, {
          code: 'incomplete-answer',
          fault: 'service',
        });
      return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].flatMap((alarm) =>
        seenOf(alarm),
      );
    } catch (error) {
      const context = { service: 'cloudwatch', action: 'DescribeAlarms', region, endpoint } as const;
      const fault = unreadable(error, region) ?? faultOf(withJsonCode(error), context);
      throw isDenied(fault)
        ? withHint(
            fault,
            'the caller lacks the IAM action cloudwatch:DescribeAlarms (on *, where an alarm is a composite one); elb-proxy iam-policy --guard-alarms prints a policy that has it',
          )
        : fault;
    }
  };
}

/** An alarm that lacks its name or its state says nothing: it counts as one that could not be read. */
function seenOf(alarm: MetricAlarm): readonly AlarmSeen[] {
  const { AlarmName, StateValue, StateReason, StateTransitionedTimestamp } = alarm;
  if (AlarmName === undefined || StateValue === undefined) return [];
  return [
    withoutUndefined({
      name: AlarmName,
      state: StateValue,
      reason: StateReason === undefined ? undefined : plainText(StateReason, 200),
      since: StateTransitionedTimestamp?.toISOString(),
      noticesAfterMs: noticesAfterMs(alarm),
    }),
  ];
}

function noticesAfterMs({
  Period,
  Metrics,
  DatapointsToAlarm,
  EvaluationPeriods,
}: MetricAlarm): number | undefined {
  const periods = [Period, ...(Metrics ?? []).map((metric) => metric.Period ?? metric.MetricStat?.Period)];
  const longest = Math.max(...periods.map((seconds) => seconds ?? 0));
  const points = DatapointsToAlarm ?? EvaluationPeriods;
  return longest > 0 && points !== undefined ? longest * points * 1000 : undefined;
}

/** Anything but the API's JSON, such as a network's login page. */
function unreadable(error: unknown, region: string): ElbProxyError | undefined {
  const { $metadata } = sdkFields(error);
  if (!(error instanceof SyntaxError)) return undefined;
  return new ElbProxyError(
    `DescribeAlarms in ${region} failed: HTTP ${$metadata?.httpStatusCode ?? 0} with an answer that is not CloudWatch's`,
    {
      code: 'not-a-cloudwatch-api',
      fault: 'service',
      cause: error,
      hint: "check AWS_ENDPOINT_URL_CLOUDWATCH if it is set; otherwise a proxy or the network's login page answered instead",
    },
  );
}
