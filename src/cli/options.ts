import type { PortChoice } from '../core/choose-ports.js';
import { type HazardCode, hazardLevels } from '../core/hazards.js';
import type { Tag } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { type ElbProxyError, usageError } from '../errors.js';
import { hintFor, type OtherWord, readLoadBalancerWord } from './load-balancer-word.js';
import { portNumber } from './quantities.js';

/** An option of a command, as the parser and the help need it. */
export interface Option {
  /** `flag` takes no value; `text` one, given once; `texts` several, given repeatedly or as a comma-separated list. */
  readonly type: 'flag' | 'text' | 'texts';
  readonly describe: string;
  /** For `texts`: commas belong to the value. */
  readonly whole?: boolean;
  /** One letter. */
  readonly alias?: string;
  /** The value's name in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values to list when one is missing, for an option whose values the command judges itself. */
  readonly oneOf?: readonly string[];
  /** The value that the option has without one; one is then given as `--name=value` only. */
  readonly bare?: string;
}

/** Options by their names. */
export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O['type'] extends 'flag'
  ? boolean
  : O['type'] extends 'texts'
    ? readonly string[]
    : (O extends { readonly choices: readonly (infer Choice)[] } ? Choice : string) | undefined;

/** The values of some options: an undeclared name does not compile. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

/** The formats of a command that prints a plan: all that there are. */
export const planOutputs = ['text', 'json', 'markdown', 'commands'] as const;

/** An output format of results. */
export type OutputFormat = (typeof planOutputs)[number];

/** The formats of every command. */
export const plainOutputs = ['text', 'json'] as const satisfies readonly OutputFormat[];

/** The formats of a command whose result is made for reviewers, too. */
export const reviewOutputs = ['text', 'json', 'markdown'] as const satisfies readonly OutputFormat[];

/** Options that every command takes. */
export const globalOptions = {
  region: {
    type: 'texts',
    value: 'REGION',
    describe: "AWS region (default: the environment's or the profile's)",
  },
  profile: {
    type: 'text',
    value: 'NAME',
    describe: 'profile of the AWS configuration, with its region and endpoint',
  },
  'endpoint-url': { type: 'text', value: 'URL', describe: 'use this endpoint instead of the AWS one' },
  output: {
    type: 'text',
    alias: 'o',
    value: 'FORMAT',
    choices: planOutputs,
    describe: 'text or json; markdown for reviews; commands for a plan',
  },
  color: { type: 'flag', describe: 'use colour even if stdout is not a terminal' },
  'no-color': { type: 'flag', describe: 'no colour (also NO_COLOR)' },
  debug: { type: 'flag', describe: 'show each API call with its request id and time on stderr' },
  help: { type: 'flag', alias: 'h', describe: 'show help' },
} as const satisfies Record<string, Option>;

/** The options of a command that makes a plan. */
export const planOptions = {
  'dry-run': { type: 'flag', describe: 'show the plan and change nothing' },
  out: { type: 'text', value: 'FILE', describe: 'with --dry-run: write the plan to a file for apply' },
  'detailed-exitcode': { type: 'flag', describe: 'with --dry-run: exit 2 when changes are pending' },
} as const satisfies Record<string, Option>;

/** Holding API calls to a rate. */
export const rateOption = {
  rate: {
    type: 'text',
    value: 'N',
    describe:
      "API calls per second, for each region (default: what AWS's endpoint allows; elsewhere unlimited)",
  },
} as const satisfies Record<string, Option>;

/** The options of a command that carries out a plan. */
export const runOptions = {
  yes: { type: 'flag', alias: 'y', describe: 'do not ask; a blocker still stops it' },
  quiet: {
    type: 'flag',
    alias: 'q',
    describe: 'show only the outcome: no progress, and no plan unless it has to be confirmed',
  },
  'no-rollback': { type: 'flag', describe: 'when a step fails, leave the steps before it in effect' },
  atomic: {
    type: 'flag',
    describe: 'when a step fails, also put back the load balancers that were completed before it',
  },
  'settle-timeout': {
    type: 'text',
    value: 'TIME',
    describe: "wait this long for a write to show up in the service's answers (default: 60s)",
  },
  ...rateOption,
} as const satisfies Record<string, Option>;

/** Choosing instance ports. */
export const portOptions = {
  port: { type: 'texts', value: 'N', describe: 'instance port; repeatable, or a comma-separated list' },
  'all-ports': { type: 'flag', describe: 'every instance port behind a TCP or SSL listener' },
} as const satisfies Record<string, Option>;

/** Asking instances through Run Command. */
export const runCommandOptions = {
  'ssm-document': {
    type: 'text',
    value: 'NAME',
    describe:
      'from instances: the Systems Manager document, as ssm-document prints it (default: elb-proxy-probe)',
  },
  'allow-run-shell-script': {
    type: 'flag',
    describe: 'from instances: send the probe through AWS-RunShellScript, without its own document',
  },
} as const satisfies Record<string, Option>;

/** Asking the instances before a change. */
export const verifyOption = {
  'verify-backends': {
    type: 'text',
    value: 'FROM',
    bare: 'here',
    choices: ['here', 'instances'],
    describe:
      'first probe how each registered instance or target handles the line: from here (needs ec2:DescribeInstances), or =instances, from the instances themselves',
  },
  ...runCommandOptions,
} as const satisfies Record<string, Option>;

const blockers = Object.entries(hazardLevels).flatMap(([code, level]) =>
  level === 'blocker' ? [code as HazardCode] : [],
);

/** Overruling blockers. */
export const forceOption = {
  force: {
    type: 'texts',
    value: 'CODE',
    oneOf: blockers,
    describe: 'overrule a blocker by its code, as shown in the plan; repeatable, or a comma-separated list',
  },
} as const satisfies Record<string, Option>;

/** `--force` as blocker codes. */
export function forcedOf({ force }: OptionValues<typeof forceOption>): readonly HazardCode[] {
  return force.map((code) => {
    const known = blockers.find((blocker) => blocker === code);
    if (known !== undefined) return known;
    throw usageError(`--force ${code}: not the code of a blocker`, `blockers are ${blockers.join(', ')}`);
  });
}

/** `--rate` in calls a second; undefined if it is not given. */
function rateOf({ rate: text }: Partial<OptionValues<typeof rateOption>>): number | undefined {
  if (text === undefined) return undefined;
  const rate = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (rate > 0) return rate;
  throw usageError(`--rate ${text}: a rate is a number of calls a second, such as 5 or 0.5`);
}

/** A run's caller, region, endpoint and rate. */
export interface RunSettings {
  readonly regions: readonly string[];
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  /** API calls a second and region. */
  readonly callsPerSecond: number | undefined;
  /** Whether only the outcome is wanted: no progress. */
  readonly quiet: boolean;
}

/** The settings of a run, of a command with or without `--rate`. */
export function runSettingsOf(
  given: OptionValues<typeof globalOptions> &
    Partial<OptionValues<typeof rateOption & Pick<typeof runOptions, 'quiet'>>>,
): RunSettings {
  return {
    regions: given.region,
    profile: given.profile,
    endpointUrl: given['endpoint-url'],
    callsPerSecond: rateOf(given),
    quiet: given.quiet ?? false,
  };
}

/** Changing several load balancers at once. */
export const fleetOptions = {
  tag: {
    type: 'texts',
    value: 'KEY=VALUE',
    describe: 'instead of names: every load balancer with this tag; if given several times, all must match',
  },
  'max-changes': {
    type: 'text',
    value: 'N',
    describe: 'refuse to change more load balancers than this at once (default: 5)',
  },
} as const satisfies Record<string, Option>;

/** `--max-changes`, or a safe default. */
export function maxChangesOf({ 'max-changes': text = '5' }: OptionValues<typeof fleetOptions>): number {
  const most = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (most >= 1) return most;
  throw usageError(
    `--max-changes ${text}: give the number of load balancers that may be changed, for example 20`,
  );
}

/** `--tag` as pairs; the value may be empty, and may hold further equals signs. */
export function tagsOf({ tag }: Pick<OptionValues<typeof fleetOptions>, 'tag'>): readonly Tag[] {
  return tag.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`--tag ${text}: a tag is given as key=value`);
    return { key: text.slice(0, at), value: text.slice(at + 1) };
  });
}

/** Tags as they are typed: `--tag team=edge and --tag stage=live`. */
export function tagWords(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `--tag ${key}=${value}`).join(' and ');
}

/** `--port` and `--all-ports` as a choice; undefined if neither is given. */
export function portsOf({
  port,
  'all-ports': all,
}: OptionValues<typeof portOptions>): PortChoice | undefined {
  const ports = port.map((value) => portNumber('--port', value));
  if (!all) return ports.length === 0 ? undefined : ports;
  if (ports.length > 0) throw usageError('--port and --all-ports are both given', 'give one of them');
  return 'all';
}

/** Load balancer names, each once; an empty one is refused. */
export function namesOf(given: {
  readonly command: string;
  readonly positionals: readonly string[];
}): readonly string[] {
  if (given.positionals.some((name) => name.trim() === '')) {
    throw usageError(
      'a load balancer name is empty',
      `is a variable unset? list the names with: ${nextCommand('status')}`,
    );
  }
  for (const word of given.positionals) {
    const other = readLoadBalancerWord(word);
    if (other !== undefined) throw notAName(word, other, given.command);
  }
  return [...new Set(given.positionals)];
}

function notAName(word: string, other: OtherWord, command: string): ElbProxyError {
  return usageError(`${JSON.stringify(word)} is ${other.what}`, hintFor(other, command));
}

/** The one region that a command works in; undefined leaves it to the environment. */
export function regionOf({ region: regions }: OptionValues<typeof globalOptions>): string | undefined {
  if (regions.length > 1) {
    throw usageError(
      `--region is given ${regions.length} times (${regions.join(', ')}), but this command works in one region`,
      'run it once for each region',
    );
  }
  return regions[0];
}
