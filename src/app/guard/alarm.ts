import { shellWord } from '../../core/next-command.js';
import type { Clock } from '../ports.js';
import { type Checked, checkByCall } from './check-by-call.js';
import type { GuardProbe, GuardWatcher, Looked } from './watcher.js';

/** A CloudWatch alarm as it is now. */
export interface AlarmSeen {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason?: string | undefined;
  /** When the state last became another one, ISO 8601; absent if the service does not say. */
  readonly since?: string | undefined;
  /** How long its metric must be bad before it goes off, in milliseconds; absent for composite alarms. */
  readonly noticesAfterMs?: number | undefined;
}

/** CloudWatch's alarms of one region. Rejects with an ElbProxyError. */
export type ReadAlarms = (region: string, names: readonly string[]) => Promise<readonly AlarmSeen[]>;

interface AlarmGuardOptions {
  readonly read: ReadAlarms;
  /** INSUFFICIENT_DATA passes as OK does. */
  readonly missingDataPasses: boolean;
  readonly clock: Clock;
}

/** Milliseconds between two checks. */
const everyMs = 2000;

/** Guards that follow the user's own alarms: one per name, all read in one call. */
export function alarmGuards(names: readonly string[], options: AlarmGuardOptions): readonly GuardProbe[] {
  const readers = new Map<string, () => Promise<readonly AlarmSeen[]>>();
  const readerOf = (region: string) => {
    const reader = readers.get(region) ?? shared(() => options.read(region, names));
    readers.set(region, reader);
    return reader;
  };
  return names.map((name) => {
    const watchers = new Map<string, GuardWatcher>();
    return {
      name: `alarm:${name}`,
      watcherOf: ({ loadBalancer: { region } }) => {
        const watcher = watchers.get(region) ?? alarmWatcher(name, region, readerOf(region), options);
        watchers.set(region, watcher);
        return watcher;
      },
    };
  });
}

/** Requests during a call share its answer. */
function shared<T>(call: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () =>
    (underWay ??= call().finally(() => {
      underWay = undefined;
    }));
}

function alarmWatcher(
  name: string,
  region: string,
  read: () => Promise<readonly AlarmSeen[]>,
  { missingDataPasses, clock }: AlarmGuardOptions,
): GuardWatcher {
  let before: AlarmSeen | undefined;

  const look = (judge: (alarm: AlarmSeen) => Checked): Promise<Looked> => {
    const call = read().then((alarms) => {
      const alarm = alarms.find((one) => one.name === name);
      return alarm === undefined ? absent(region) : judge(alarm);
    });
    return checkByCall(region, call, clock, unreadable);
  };

  const passes = ({ state }: AlarmSeen): boolean =>
    state === 'OK' || (state === 'INSUFFICIENT_DATA' && missingDataPasses);

  return {
    before: () =>
      look((alarm) => {
        before = alarm;
        return { passed: passes(alarm), seen: stateWords(alarm), hint: adviceBefore(alarm) };
      }),
    look: () =>
      look((alarm) => {
        const leftOk =
          before?.state === 'OK' &&
          !missingDataPasses &&
          alarm.since !== undefined &&
          before.since !== alarm.since;
        if (passes(alarm) && leftOk)
          return {
            passed: false,
            seen: `OK again since ${alarm.since}, but not in between`,
            hint: adviceAfter(alarm),
          };
        return { passed: passes(alarm), seen: stateWords(alarm), hint: adviceAfter(alarm) };
      }),
    everyMs: () => everyMs,
    // Its owner has already configured how long the metric may be bad before it goes off.
    patient: false,
    holdMs: () => undefined,
    noticesAfterMs: () => before?.noticesAfterMs,
  };
}

function stateWords({ state, reason, since }: AlarmSeen): string {
  if (state === 'OK') return state;
  const when = since === undefined ? '' : ` since ${since}`;
  return `${state}${when}${reason ? `: ${reason.replace(/\.$/, '')}` : ''}`;
}

function adviceBefore({ state }: AlarmSeen): string {
  return state === 'INSUFFICIENT_DATA'
    ? 'wait until it has data; or let missing data pass, before and after the change: --guard-alarm-missing-data ok'
    : 'wait until it is OK, or watch another alarm: one that is already off could not show whether the change broke anything';
}

function adviceAfter({ name }: AlarmSeen): string {
  return `see what the alarm saw with: aws cloudwatch describe-alarm-history --alarm-name ${shellWord(name)}`;
}

function absent(region: string): Checked {
  return {
    passed: false,
    seen: `there is no alarm of this name in ${region}, or this caller may not see it`,
    hint: 'composite alarms are visible only to callers that may call cloudwatch:DescribeAlarms on * (elb-proxy iam-policy --guard-alarms); list the alarms with: aws cloudwatch describe-alarms --alarm-types MetricAlarm CompositeAlarm',
  };
}

const unreadable = "an alarm that can't be read counts as failing; --debug shows what was answered";
