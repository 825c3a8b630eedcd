import { inspectFleet } from '../../app/inspect-fleet.js';
import type { ElasticLoadBalancing } from '../../app/ports.js';
import { hazards } from '../../core/hazards.js';
import type { LoadBalancer, Tag } from '../../core/model.js';
import {
  type InstancePortStatus,
  instancePortStatuses,
  instancePorts,
  notKnownOf,
} from '../../core/status.js';
import { keepsPort, keepsUnknown, type StatusFilter } from '../../core/status-filter.js';
import { ElbProxyError } from '../../errors.js';
import { errorDocument } from '../../render/error.js';
import type { StatusError } from '../../render/json/status.js';
import type { Context } from '../context.js';
import { type ExitCode, exitCodeOfError } from '../exit-codes.js';
import { sayFailure } from '../say-failure.js';
import { startWaiting } from '../while-waiting.js';
import { fleetProgress } from './fleet-progress.js';
import { type Expectation, unmetPorts } from './status-expectation.js';
import { statusNames } from './status-names.js';
import { statusOutput } from './status-output.js';
import { untilAborted } from './until-aborted.js';

/** What `status` is asked for. */
export interface StatusQuestion {
  /** None: every load balancer. */
  readonly names: readonly string[];
  readonly tags: readonly Tag[];
  readonly only: StatusFilter | undefined;
  readonly expectation: Expectation | undefined;
  /** A picture of each load balancer, also where none is named. */
  readonly details: boolean;
  /** The file to which the result is added as Markdown. */
  readonly summary: string | undefined;
}

interface Failure {
  readonly region: string;
  readonly error: unknown;
}

/** Ports that are named one by one when an expectation is not met; of a fleet the rest is counted. */
const mostNamed = 20;

/**
 * Reads regions and prints what is there while it is read. Before the first load balancer, what goes wrong with all
 * that was asked for is thrown; after it the document is brought to its end and says what could not be read.
 */
export async function showStatus(
  apis: readonly ElasticLoadBalancing[],
  question: StatusQuestion,
  context: Context,
): Promise<ExitCode> {
  const { names, tags, only, expectation, details, summary } = question;
  const asked = names.length > 0;
  const regions = apis.map(({ region }) => region);
  const filtered = tags.length > 0 || only !== undefined;
  const pictures = asked || details;
  const endpoint = apis[0]?.endpoint;
  const output = statusOutput({ regions, endpoint, only, pictures, filtered, summary }, context);
  const seen = statusNames(apis, context);
  const progress = fleetProgress(context);
  const endWaiting = startWaiting('reading', context);
  const unread = new Set(regions);
  const failures: Failure[] = [];
  const unmet: string[] = [];
  let unmetCount = 0;
  let looked = 0;
  let shown = 0;

  const take = async (loadBalancer: LoadBalancer): Promise<void> => {
    progress.read();
    seen.add(loadBalancer);
    const purpose = { purpose: 'status' as const, instancePorts: instancePorts(loadBalancer), asked };
    const found = hazards(loadBalancer, purpose);
    const kept = (port: InstancePortStatus): boolean => keepsPort(only, port, found);
    const unknown = notKnownOf(loadBalancer) !== undefined;
    // What is not known may be what was asked for: an expectation must hear of it.
    const wanted = unknown && (keepsUnknown(only) || expectation !== undefined);
    if (only !== undefined && !wanted && !instancePortStatuses(loadBalancer).some(kept)) return;
    await output.loadBalancer({ loadBalancer, hazards: found });
    shown++;
    for (const miss of expectation === undefined ? [] : unmetPorts(loadBalancer, expectation, kept)) {
      if (++unmetCount <= mostNamed) unmet.push(miss);
    }
  };
  const items = inspectFleet(apis, {
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
      if (item.kind === 'load-balancer') {
        await take(item.loadBalancer);
      } else {
        unread.delete(item.region);
        if (item.kind === 'failed') failures.push(item);
      }
    }
  } catch (error) {
    if (!output.begun()) throw error;
    failures.push(...[...unread].map((region) => ({ region, error })));
    unread.clear();
  } finally {
    await endWaiting();
  }
  await progress.end();
  if (context.io.signal.aborted) failures.push(...[...unread].map(interruptedAt));
  const [failure] = failures;
  if (failure !== undefined && !output.begun() && (apis.length === 1 || context.io.signal.aborted))
    throw failure.error;
  await output.end(failures.map(statusError));
  await seen.remember(!asked && tags.length === 0 && failures.length === 0);
  if (shown === 0 && failures.length === 0) {
    const nothing = nothingFound(question, regions, looked);
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
  return conclude(failures, unmetCount, context);
}

/** Why nothing is shown, with how many load balancers were looked at. */
function nothingFound({ tags, only }: StatusQuestion, regions: readonly string[], looked: number): string {
  const where = regions.length > 3 ? `${regions.length} regions` : regions.join(', ');
  if (looked === 0) return `there is no Classic Load Balancer in ${where}`;
  const all = `the ${looked === 1 ? 'one load balancer' : `${looked} load balancers`} in ${where}`;
  const wanted = tags.map(({ key, value }) => `${key}=${value}`).join(' and ');
  if (only === undefined) return `none of ${all} has the tag ${wanted}`;
  const state = only === 'attention' ? 'needs attention' : `is ${only}`;
  return tags.length === 0
    ? `no instance port of ${all} ${state}`
    : `no instance port ${state} on those of ${all} that have the tag ${wanted}`;
}

async function conclude(failures: readonly Failure[], unmet: number, context: Context): Promise<ExitCode> {
  // The text says it already; on a terminal the same again would only confuse.
  if (failures.length > 0 && !(context.output === 'text' && context.io.stdout.isTerminal)) {
    const where = failures.map((failure) => whereFailed(failure, context)).join(', ');
    await sayFailure('regions-not-read', `not read, or not to the end: ${where}`, context);
  }
  if (failures.some(({ error }) => exitCodeOfError(error) === 130)) return 130;
  if (unmet > 0) return 4;
  return failures.length > 0 ? 1 : 0;
}

/** A document has the message itself; lines for a pipe don't. */
function whereFailed({ region, error }: Failure, { output }: Context): string {
  const { code, message } = errorDocument(error);
  return `${region} (${code}${output === 'text' ? `: ${message}` : ''})`;
}

function statusError({ region, error }: Failure): StatusError {
  const { code, message } = errorDocument(error);
  return { region, code, message };
}

function interruptedAt(region: string): Failure {
  const message = 'interrupted before all of the region was read; nothing was changed';
  return { region, error: new ElbProxyError(message, { code: 'interrupted', fault: 'user' }) };
}
