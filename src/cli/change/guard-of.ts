import type { NetworkProbe } from '../../app/guard/network.js';
import type { GuardProbe } from '../../app/guard/watcher.js';
import type { GuardOptions } from '../../app/guard.js';
import { usageError } from '../../errors.js';
import type { GuardTarget } from '../../probe/guard-probe.js';
import type { Context } from '../context.js';
import type { Option, OptionValues } from '../options.js';
import { hostAndPort, milliseconds } from '../quantities.js';

/** Watching traffic while a change takes effect. */
export const guardOptions = {
  guard: {
    type: 'texts',
    whole: true,
    value: 'PROBE',
    describe:
      'tcp, tls, http:/path, https:/path (200 to 399 passes), ws:/path, wss:/path through the load balancer, health, or alarm:NAME: roll back if it fails; if given several times, all must pass',
  },
  'guard-target': {
    type: 'text',
    value: 'HOST:PORT',
    describe: "probe this instead of the load balancer's own listeners",
  },
  'guard-window': {
    type: 'text',
    value: 'TIME',
    describe: 'a probe must pass again within this time (default: 30s); health and alarms at once',
  },
  'guard-hold': {
    type: 'text',
    value: 'TIME',
    describe:
      'and keep passing for this time (default: 10s; health: as long as the health check needs to notice)',
  },
  'guard-all': {
    type: 'flag',
    describe: 'change all ports or target groups before the first check, not one after the other',
  },
  'guard-alarm-missing-data': {
    type: 'text',
    value: 'ok',
    choices: ['ok'],
    describe: 'ok: an alarm also passes with INSUFFICIENT_DATA',
  },
} as const satisfies Record<string, Option>;

/** One `--guard`. */
type Asked =
  | { readonly kind: 'network'; readonly probe: NetworkProbe }
  | { readonly kind: 'health' }
  | { readonly kind: 'alarm'; readonly name: string };

/** `--guard` and its options, before anything is opened. */
export interface GuardRequest {
  readonly asked: readonly Asked[];
  readonly windowMs: number;
  readonly holdMs: number | undefined;
  readonly all: boolean;
  readonly missingDataPasses: boolean;
}

/** As many alarms as a CodeDeploy deployment group takes. */
const mostAlarms = 10;
const mostOthers = 10;

/** Reads `--guard` and its options; undefined if no guard is asked for. @throws a usage error that names the option */
export async function guardRequestOf(
  given: OptionValues<typeof guardOptions>,
): Promise<GuardRequest | undefined> {
  const { guard: texts, 'guard-window': window = '30s', 'guard-hold': hold } = given;
  const { 'guard-alarm-missing-data': missing } = given;
  if (texts.length === 0) {
    const stray = (
      ['guard-target', 'guard-window', 'guard-hold', 'guard-all', 'guard-alarm-missing-data'] as const
    ).find((option) => given[option] !== undefined && given[option] !== false);
    if (stray !== undefined)
      throw usageError(`--${stray} only works with --guard`, 'say what to watch: --guard http:/path');
    return undefined;
  }
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined)
    throw usageError(`--guard ${JSON.stringify(twice)} is given more than once`, 'give each guard once');
  const through = given['guard-target'];
  const target = through === undefined ? undefined : await hostAndPort('--guard-target', through);
  const asked = await Promise.all(texts.map((text) => askedBy(text, target)));
  checkNumber(asked);
  if (target !== undefined && !asked.some(({ kind }) => kind === 'network'))
    throw usageError(
      '--guard-target only works with a guard that connects: health and alarms do not',
      'leave it out, or add a guard that connects: --guard http:/path',
    );
  if (missing !== undefined && !asked.some(({ kind }) => kind === 'alarm'))
    throw usageError(
      '--guard-alarm-missing-data only works with --guard alarm:NAME',
      'leave it out, or name an alarm',
    );
  return {
    asked,
    windowMs: milliseconds('--guard-window', window),
    holdMs: hold === undefined ? undefined : milliseconds('--guard-hold', hold),
    all: given['guard-all'],
    missingDataPasses: missing === 'ok',
  };
}

function checkNumber(asked: readonly Asked[]): void {
  const alarms = asked.filter((one) => one.kind === 'alarm').length;
  const others = asked.length - alarms;
  if (alarms > mostAlarms)
    throw usageError(
      `--guard names ${alarms} alarms; at most ${mostAlarms} are watched`,
      'put them into a composite alarm, and name that',
    );
  if (others > mostOthers)
    throw usageError(`${others} probes are given with --guard; at most ${mostOthers} are looked at`);
}

async function askedBy(text: string, target: GuardTarget | undefined): Promise<Asked> {
  if (text === 'health') return { kind: 'health' };
  if (text.startsWith('alarm:')) return { kind: 'alarm', name: alarmName(text) };
  const { guardProbe } = await import('../../probe/guard-probe.js');
  return { kind: 'network', probe: guardProbe(text, target) };
}

function alarmName(text: string): string {
  const name = text.slice('alarm:'.length);
  if (name.startsWith('arn:'))
    throw usageError(
      `--guard ${JSON.stringify(text)}: give the alarm's name, not its ARN`,
      `give alarm:${name.split(':').slice(6).join(':') || 'NAME'}; it is looked up in the load balancer's region`,
    );
  if (name.trim() === '' || name.length > 255)
    throw usageError(
      `--guard ${JSON.stringify(text)}: an alarm's name has 1 to 255 characters`,
      'give it as alarm:NAME; list the alarms with: aws cloudwatch describe-alarms',
    );
  return name;
}

/** Puts the guards of a run together; CloudWatch's client is loaded only if an alarm is named. */
export async function guardOf(
  request: GuardRequest | undefined,
  context: Context,
): Promise<GuardOptions | undefined> {
  if (request === undefined) return undefined;
  const { clock, api, networkApi } = context;
  const { asked, windowMs, holdMs, all, missingDataPasses } = request;
  const names = asked.flatMap((one) => (one.kind === 'alarm' ? [one.name] : []));
  const alarms =
    names.length === 0
      ? []
      : (await import('../../app/guard/alarm.js')).alarmGuards(names, {
          read: await context.alarms(),
          missingDataPasses,
          clock,
        });
  const probes = await Promise.all(
    asked.map(async (one) => {
      switch (one.kind) {
        case 'network':
          return (await import('../../app/guard/network.js')).networkGuard(one.probe, clock);
        case 'health':
          return healthOfEither(
            (await import('../../app/guard/health.js')).healthGuard(api, clock),
            (await import('../../app/guard/target-health.js')).targetHealthGuard(networkApi, clock),
          );
        case 'alarm':
          return alarms[names.indexOf(one.name)];
      }
    }),
  );
  return { probes: probes.filter((probe) => probe !== undefined), windowMs, holdMs, all };
}

/** One `--guard health`, whichever kind the changes are of. */
function healthOfEither(ports: GuardProbe, groups: GuardProbe): GuardProbe {
  return {
    name: ports.name,
    watcherOf: (change, instancePort) =>
      change.targetGroup === undefined ? ports.watcherOf(change, instancePort) : groups.watcherOf(change),
  };
}
