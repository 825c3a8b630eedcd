import { type FleetItem, type FleetRegion, inspectFleet } from '../../app/inspect-fleet.js';
import { isUnavailable } from '../../app/network-unavailable.js';
import { type LoadBalancerKind, loadBalancerKinds } from '../../core/kinds.js';
import type { Tag } from '../../core/model.js';
import { instancePorts } from '../../core/status.js';
import type { StatusFilter } from '../../core/status-filter.js';
import { ElbProxyError, messageOf } from '../../errors.js';
import { errorDocument } from '../../render/error.js';
import type { StatusError } from '../../render/json/status.js';
import type { AskedKinds } from '../../render/text/status-closing.js';
import type { Context } from '../context.js';
import { type ExitCode, exitCodeOfError } from '../exit-codes.js';
import { sayFailure } from '../say-failure.js';
import { startWaiting } from '../while-waiting.js';
import { fleetProgress } from './fleet-progress.js';
import { judge } from './judge.js';
import type { Expectation } from './status-expectation.js';
import { statusNames } from './status-names.js';
import { statusOutput } from './status-output.js';
import { untilAborted } from './until-aborted.js';

/** The question that `status` answers. */
export interface StatusQuestion {
  /** None: every load balancer. */
  readonly names: readonly string[];
  readonly tags: readonly Tag[];
  readonly only: StatusFilter | undefined;
  readonly expectation: Expectation | undefined;
  /** A picture of each load balancer, also if none is named. */
  readonly details: boolean;
  /** The file to which the result is added as Markdown. */
  readonly summary: string | undefined;
  /** The kind that was asked for; undefined for both. */
  readonly kind: LoadBalancerKind | undefined;
  /** The custom endpoint of the Classic API, if any. */
  readonly endpoint: string | undefined;
}

interface Failure {
  readonly region: string;
  readonly of: LoadBalancerKind;
  readonly error: unknown;
}

/** Ports that are named one by one when an expectation is not met; of a fleet the rest is counted. */
const mostNamed = 20;

/**
 * Reads regions and prints what is there while it is read. Before the first load balancer, what goes wrong with all
 * that was asked for is thrown; after it the document is brought to its end and says what could not be read.
 */
export async function showStatus(
  fleet: readonly FleetRegion[],
  question: StatusQuestion,
  context: Context,
): Promise<ExitCode> {
  const { names, tags, only, expectation, details, summary, kind, endpoint } = question;
  const asked = names.length > 0;
  const regions = fleet.map(({ region }) => region);
  const kinds = kindWords[kind ?? 'both'];
  const filtered = tags.length > 0 || only !== undefined;
  const pictures = asked || details;
  const chosen = chosenWords(question);
  const output = statusOutput(
    { regions, kinds, endpoint, only, pictures, filtered, chosen, summary },
    context,
  );
  const seen = statusNames(regions, endpoint, context);
  const progress = fleetProgress(context);
  const endWaiting = startWaiting('reading', context);
  const unread = new Map<string, Omit<Failure, 'error'>>();
  for (const { region, classic, network } of fleet) {
    if (classic !== undefined) unread.set(`classic ${region}`, { region, of: 'classic' });
    if (network !== undefined) unread.set(`network ${region}`, { region, of: 'network' });
  }
  const failed: Failure[] = [];
  const unmet: string[] = [];
  let unmetCount = 0;
  let looked = 0;
  let shown = 0;

  const take = async (item: Extract<FleetItem, { readonly loadBalancer: object }>): Promise<void> => {
    progress.read();
    seen.add(
      item.loadBalancer,
      item.kind === 'classic'
        ? { ports: instancePorts(item.loadBalancer) }
        : { groups: (item.loadBalancer.targetGroups ?? []).map(({ name }) => name) },
    );
    const { inspected, kept, unmet: missed } = judge(item, { only, expectation, asked });
    if (!kept) return output.hidden(inspected);
    await output.loadBalancer(inspected);
    shown++;
    for (const miss of missed) {
      if (++unmetCount <= mostNamed) unmet.push(miss);
    }
  };
  const items = inspectFleet(fleet, {
    ...(asked ? { names } : {}),
    detail: asked ? 'all' : 'lists',
    tags,
    emit: context.emit,
    looked: (count) => {
      looked += count;
    },
  });
  try {
    for await (const item of untilAborted(items, context.io.signal)) {
      await endWaiting();
      if ('loadBalancer' in item) {
        await take(item);
      } else {
        unread.delete(`${item.of} ${item.region}`);
        if (item.kind === 'failed') failed.push(item);
        // By name both kinds fail as one.
        if (item.kind === 'failed' && asked && isNotThere(item.error))
          for (const each of loadBalancerKinds) unread.delete(`${each} ${item.region}`);
      }
    }
  } catch (error) {
    if (!output.begun()) throw error;
    failed.push(...[...unread.values()].map((one) => ({ ...one, error })));
    unread.clear();
  } finally {
    await endWaiting();
  }
  await progress.end();
  if (context.io.signal.aborted) failed.push(...[...unread.values()].map(interruptedAt));
  const failures = distinct(failed);
  // A caller that may not read Network Load Balancers is only stopped by that if it asked for them.
  const excused = failures.filter(
    ({ of, error }) => kind === undefined && of === 'network' && isUnavailable(error, endpoint !== undefined),
  );
  const counted = failures.filter((failure) => !excused.includes(failure));
  const [failure] = counted;
  if (failure !== undefined && !output.begun() && (fleet.length === 1 || context.io.signal.aborted))
    throw failure.error;
  await output.end(failures.map(statusError));
  await seen.remember(!asked && tags.length === 0 && failures.length === 0);
  if (shown === 0 && counted.length === 0) {
    const nothing = nothingFound(question, regions, looked, excused.length > 0 ? 'Classic' : kinds);
    if (expectation !== undefined) {
      await sayFailure(
        'nothing-matched',
        `${nothing}: there is nothing to expect ${expectation.state} of`,
        context,
      );
      return 4;
    }
    if (filtered || !(pictures || context.io.stdout.isTerminal))
      context.emit({ code: 'warning', message: nothing });
  }
  if (unmetCount > 0) {
    const more = unmetCount > unmet.length ? `; and ${unmetCount - unmet.length} more` : '';
    await sayFailure(
      'expectation-not-met',
      `expected ${expectation?.state}: ${unmet.join('; ')}${more}`,
      context,
    );
  }
  if (excused.length > 0) sayExcused(excused, context);
  return conclude(counted, unmetCount, context);
}

/** The requested load balancers in a sum's words; undefined for all. */
function chosenWords({ names, tags }: StatusQuestion): string | undefined {
  if (tags.length > 0) return `with the tag ${pairs(tags)}`;
  return names.length > 0 ? 'of these names' : undefined;
}

/** The reason why nothing is shown, with the number of load balancers that were read. */
function nothingFound(
  { tags, only, kind }: StatusQuestion,
  regions: readonly string[],
  looked: number,
  kinds: AskedKinds,
): string {
  const unit = units[kind ?? 'both'];
  const where = regions.length > 3 ? `${regions.length} regions` : regions.join(', ');
  if (looked === 0) return `there is no ${kinds} Load Balancer in ${where}`;
  const all = `the ${looked === 1 ? 'one load balancer' : `${looked} load balancers`} in ${where}`;
  if (only === undefined) return `none of ${all} has the tag ${pairs(tags)}`;
  const state = only === 'attention' ? 'needs attention' : `is ${only}`;
  return tags.length === 0
    ? `no ${unit} of ${all} ${state}`
    : `no ${unit} ${state} on those of ${all} that have the tag ${pairs(tags)}`;
}

function pairs(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `${key}=${value}`).join(' and ');
}

async function conclude(failures: readonly Failure[], unmet: number, context: Context): Promise<ExitCode> {
  // The text says it already; on a terminal the same again would only confuse.
  if (failures.length > 0 && !(context.output === 'text' && context.io.stdout.isTerminal)) {
    const where = failures.map((failure) => whereFailed(failure, context)).join(', ');
    await sayFailure('regions-not-read', `not read, or only in part: ${where}`, context, onlyHint(failures));
  }
  if (failures.some(({ error }) => exitCodeOfError(error) === 130)) return 130;
  if (unmet > 0) return 4;
  return failures.length > 0 ? 1 : 0;
}

/** The way out, where it is the same for all. */
function onlyHint(failures: readonly Failure[]): string | undefined {
  const hints = new Set(failures.map(({ error }) => errorDocument(error).hint));
  return hints.size === 1 ? [...hints][0] : undefined;
}

/** A document has the message itself; lines for a pipe don't. */
function whereFailed({ region, of, error }: Failure, { output }: Context): string {
  const { code, message } = errorDocument(error);
  const where = `${region}${of === 'network' ? ', Network Load Balancers' : ''}`;
  const bracketed = message.replaceAll('(', '[').replaceAll(')', ']');
  return `${where} (${code}${output === 'text' ? `: ${bracketed}` : ''})`;
}

function statusError({ region, of, error }: Failure): StatusError {
  const { code, message } = errorDocument(error);
  return { region, ...(of === 'network' ? { kind: of } : {}), code, message };
}

/** A cause that keeps both kinds of a region from being read, such as missing keys, is one failure. */
function distinct(failed: readonly Failure[]): readonly Failure[] {
  const codeOf = ({ error }: Failure): string => errorDocument(error).code;
  return failed.filter(
    (one) =>
      one.of === 'classic' ||
      !failed.some(
        (other) => other.of === 'classic' && other.region === one.region && codeOf(other) === codeOf(one),
      ),
  );
}

/** Pictures say it themselves. */
function sayExcused(excused: readonly Failure[], context: Context): void {
  if (context.output === 'text' && context.io.stdout.isTerminal) return;
  for (const { region, error } of excused)
    context.emit({
      code: 'warning',
      message: `Network Load Balancers in ${region} were not read: ${messageOf(error)}`,
    });
}

function isNotThere(error: unknown): boolean {
  return (
    error instanceof ElbProxyError &&
    /^(?:LoadBalancerNotFound|not-a-network-load-balancer)$/.test(error.code)
  );
}

const kindWords = { classic: 'Classic', network: 'Network', both: 'Classic or Network' } as const;
const units = {
  classic: 'instance port',
  network: 'target group',
  both: 'instance port or target group',
} as const;

function interruptedAt(unread: Omit<Failure, 'error'>): Failure {
  const message = 'interrupted before all of the region was read; nothing was changed';
  return { ...unread, error: new ElbProxyError(message, { code: 'interrupted', fault: 'user' }) };
}
