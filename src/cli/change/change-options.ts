import type { HazardCode } from '../../core/hazards.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import {
  fleetOptions,
  forcedOf,
  forceOption,
  type globalOptions,
  type Option,
  type OptionValues,
  planOptions,
  portOptions,
  runOptions,
  verifyOption,
} from '../options.js';
import { milliseconds } from '../quantities.js';
import { summaryOf, summaryOption } from '../summary.js';
import { digestOption, expectedDigestOf } from './expect-digest.js';
import { groupOptions } from './group-options.js';
import { type GuardRequest, guardOptions, guardRequestOf } from './guard-of.js';

/** Taking turns with other runs. */
const lockOptions = {
  lock: {
    type: 'flag',
    describe: 'hold a lock in the Classic load balancer itself, against runs with --lock on other machines',
  },
  'lock-timeout': {
    type: 'text',
    value: 'TIME',
    describe: 'wait this long for another run on the load balancer to end (default: 60s)',
  },
} as const satisfies Record<string, Option>;

/** Options of every command that carries out a plan. */
export const carryOutOptions = {
  ...digestOption,
  ...summaryOption,
  ...runOptions,
  ...lockOptions,
  ...guardOptions,
};

/** Options of every command that makes a plan and carries it out, or only shows it. */
export const changeOptions = { ...planOptions, ...carryOutOptions };

/** Options of the commands that change named load balancers' ports or target groups. */
export const portChangeOptions = {
  ...portOptions,
  ...groupOptions,
  ...fleetOptions,
  ...forceOption,
  ...verifyOption,
  ...changeOptions,
};

/** Options for carrying out a plan, or only showing it. */
export interface ChangeOptions {
  /** Present if the plan is only shown. */
  readonly dryRun: { readonly out: string | undefined; readonly detailedExitCode: boolean } | undefined;
  readonly yes: boolean;
  /** Whether only the outcome is wanted. */
  readonly quiet: boolean;
  readonly rollback: boolean;
  readonly atomic: boolean;
  readonly forced: readonly HazardCode[];
  readonly guard: GuardRequest | undefined;
  readonly expectedDigest: string | undefined;
  /** Whether a lock in the load balancer is wanted, too. */
  readonly lock: boolean;
  readonly lockTimeoutMs: number;
  readonly settleMs: number;
  /** The file to which the result is added as Markdown. */
  readonly summary: string | undefined;
}

type Given = OptionValues<typeof carryOutOptions & Pick<typeof globalOptions, 'output'>> &
  Partial<OptionValues<typeof planOptions & typeof forceOption>>;

/** Reads the options of a command that carries out a plan. @throws a usage error, also if they contradict each other */
export async function readChangeOptions(given: Given, { io }: Pick<Context, 'io'>): Promise<ChangeOptions> {
  const { 'dry-run': dryRun = false, 'detailed-exitcode': detailedExitCode = false, out } = given;
  for (const [name, isGiven] of [
    ['out', out !== undefined],
    ['detailed-exitcode', detailedExitCode],
  ] as const) {
    if (isGiven && !dryRun)
      throw usageError(
        `--${name} only works with --dry-run`,
        'add --dry-run: it makes the plan and changes nothing',
      );
  }
  if (out === '-')
    throw usageError(
      '--out - names no file, and --out writes one',
      'for the plan on standard output use -o json; for a file of that name, --out ./-',
    );
  if (given.atomic && given['no-rollback'])
    throw usageError('--atomic and --no-rollback are both given', 'give one of them');
  if (given.output === 'commands' && !dryRun)
    throw usageError(
      '--output commands only works with --dry-run: the commands show a plan, not what was done',
      'add --dry-run, or choose text, json or markdown',
    );
  return {
    dryRun: dryRun ? { out, detailedExitCode } : undefined,
    yes: given.yes,
    quiet: given.quiet,
    rollback: !given['no-rollback'],
    atomic: given.atomic,
    expectedDigest: expectedDigestOf(given),
    guard: await guardRequestOf(given),
    lock: given.lock,
    lockTimeoutMs: milliseconds('--lock-timeout', given['lock-timeout'] ?? '60s'),
    settleMs: milliseconds('--settle-timeout', given['settle-timeout'] ?? '60s'),
    forced: forcedOf({ force: given.force ?? [] }),
    summary: await summaryOf(given, io.env),
  };
}

/** IAM actions of every command that carries out a plan: it reads what it pins, and must be able to roll back. */
export const carryOutIam = [
  'DescribeLoadBalancers',
  'DescribeLoadBalancerPolicies',
  'CreateLoadBalancerPolicy',
  'SetLoadBalancerPoliciesForBackendServer',
  'DeleteLoadBalancerPolicy',
  'DescribeTargetGroups',
  'DescribeTargetGroupAttributes',
  'DescribeListeners',
  'ModifyTargetGroupAttributes',
] as const;

/** The same for commands that make the plan: its hazards need instances' health and tags. */
export const changeIam = [
  ...carryOutIam,
  'DescribeInstanceHealth',
  'DescribeTargetHealth',
  'DescribeTags',
] as const;
