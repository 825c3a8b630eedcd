import { sameEndpoint } from '../core/caller.js';
import { nextCommand } from '../core/next-command.js';
import type { Plan } from '../core/plan.js';
import { type ElbProxyError, worldError } from '../errors.js';

/** The error code if the run's endpoint is not the one where the plan or the change was made. */
const otherEndpointCode = 'other-endpoint';

/**
 * Why a run must not carry out a plan from another endpoint, whose load balancers may have the same names. Undefined if
 * both are the same, none was recorded, or the plan has identities that are compared before each write: a service may have
 * several addresses.
 */
function refusedAt(
  asked: string | undefined,
  { endpoint, changes }: Pick<Plan, 'endpoint' | 'changes'>,
  { subject, argv: [verb, ...more], otherwise }: Refused,
): ElbProxyError | undefined {
  const elsewhere = madeElsewhere(asked, endpoint, subject);
  if (endpoint === undefined || elsewhere === undefined) return undefined;
  if (changes.every(({ loadBalancer }) => loadBalancer.createdTime !== undefined)) return undefined;
  return worldError(
    `${elsewhere}. Nothing was written.`,
    otherEndpointCode,
    `go on there: ${nextCommand(verb, more, { 'endpoint-url': endpoint })}; where the same service has another address now, ${otherwise}`,
  );
}

/** The note for a run that goes on at another endpoint than the recorded one; undefined if there is none. */
export function elsewhereNote(
  asked: string | undefined,
  { endpoint }: Pick<Plan, 'endpoint'>,
  subject: string,
): string | undefined {
  const elsewhere = madeElsewhere(asked, endpoint, subject);
  return elsewhere === undefined
    ? undefined
    : `${elsewhere}: it goes on only if the load balancers are the same`;
}

function madeElsewhere(
  asked: string | undefined,
  endpoint: string | undefined,
  subject: string,
): string | undefined {
  if (endpoint === undefined || sameEndpoint(endpoint, asked)) return undefined;
  return `${subject} was made at endpoint ${endpoint}, and this run asks ${asked === undefined ? "AWS's own" : `endpoint ${asked}`}`;
}

/** The refused plan or undo. */
interface Refused {
  /** `the plan`, `change ID`. */
  readonly subject: string;
  /** The command to run at the other endpoint, without its options. */
  readonly argv: readonly [verb: string, ...more: string[]];
  /** The way out if the endpoint itself has moved. */
  readonly otherwise: string;
}

/** The same for a plan, from a file of that name. */
export function planRefusedAt(
  asked: string | undefined,
  plan: Plan,
  file = 'PLAN',
): ElbProxyError | undefined {
  return refusedAt(asked, plan, {
    subject: 'the plan',
    argv: plan.undoes === undefined ? ['apply', file] : ['undo', plan.undoes],
    otherwise: 'make the plan again here',
  });
}

/** The same for the undo of a change. */
export function undoRefusedAt(
  asked: string | undefined,
  { changeId, plan }: { readonly changeId: string; readonly plan: Plan },
): ElbProxyError | undefined {
  return refusedAt(asked, plan, {
    subject: `change ${changeId}`,
    argv: ['undo', changeId],
    otherwise: `take it back here with ${plan.action === 'enable' ? 'disable' : 'enable'}`,
  });
}
