import { type Caller, type CallerAnswer, otherAccount } from '../core/caller.js';
import { nextCommand } from '../core/next-command.js';
import { ElbProxyError, worldError } from '../errors.js';
import type { ElasticLoadBalancing, ElasticLoadBalancingV2 } from './ports.js';

/**
 * The API for a run that is bound to an account. Reads are sent while STS identifies the caller, so that this costs no
 * round trip; their answers, and every write, wait for it. A run of another account ends there, before it writes.
 * @param verdict resolves with why the run must not go on; never rejects
 */
export function heldToAccount(
  api: ElasticLoadBalancing,
  verdict: Promise<ElbProxyError | undefined>,
): ElasticLoadBalancing {
  const { beside, behind, pages } = gate(verdict);
  return {
    ...api,
    describeLoadBalancers: (names) => pages(api.describeLoadBalancers(names)),
    describeLoadBalancerPolicies: (...given) => beside(api.describeLoadBalancerPolicies(...given)),
    describeInstanceHealth: (...given) => beside(api.describeInstanceHealth(...given)),
    describeTags: (...given) => beside(api.describeTags(...given)),
    createLoadBalancerPolicy: (...given) => behind(() => api.createLoadBalancerPolicy(...given)),
    deleteLoadBalancerPolicy: (...given) => behind(() => api.deleteLoadBalancerPolicy(...given)),
    setLoadBalancerPoliciesForBackendServer: (...given) =>
      behind(() => api.setLoadBalancerPoliciesForBackendServer(...given)),
    effectOf: (error) => (isRefused(error) ? 'no' : api.effectOf(error)),
  };
}

/** The same for the API of Network Load Balancers. */
export function networkHeldToAccount(
  api: ElasticLoadBalancingV2,
  verdict: Promise<ElbProxyError | undefined>,
): ElasticLoadBalancingV2 {
  const { beside, behind, pages } = gate(verdict);
  return {
    ...api,
    describeLoadBalancers: (names) => pages(api.describeLoadBalancers(names)),
    describeTargetGroups: (filter) => pages(api.describeTargetGroups(filter)),
    describeTargetGroupAttributes: (...given) => beside(api.describeTargetGroupAttributes(...given)),
    describeListeners: (...given) => beside(api.describeListeners(...given)),
    describeTargetHealth: (...given) => beside(api.describeTargetHealth(...given)),
    describeTags: (...given) => beside(api.describeTags(...given)),
    modifyTargetGroupAttributes: (...given) => behind(() => api.modifyTargetGroupAttributes(...given)),
    effectOf: (error) => (isRefused(error) ? 'no' : api.effectOf(error)),
  };
}

/** A run that was refused has done nothing. */
function isRefused(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === otherAccountCode;
}

/** The gate that lets calls through, or not, once the caller is known. */
function gate(verdict: Promise<ElbProxyError | undefined>) {
  const passed = async (): Promise<void> => {
    const refusal = await verdict;
    if (refusal !== undefined) throw refusal;
  };
  const beside = async <T>(reading: Promise<T>): Promise<T> => {
    const [read] = await Promise.allSettled([reading, verdict]);
    await passed();
    if (read.status === 'rejected') throw read.reason;
    return read.value;
  };
  const behind = async <T>(write: () => Promise<T>): Promise<T> => {
    await passed();
    return write();
  };
  async function* pages<T>(reading: AsyncIterable<T>): AsyncGenerator<T, void> {
    const each = reading[Symbol.asyncIterator]();
    for (let page = await beside(each.next()); page.done !== true; page = await each.next()) yield page.value;
  }
  return { beside, behind, pages };
}

/** The error code if the run's account is not the plan's or the change's. */
const otherAccountCode = 'other-account';

/** Why a caller must not carry out another account's plan or undo; undefined if none is known to differ. */
export function refusedAs(
  { caller }: CallerAnswer,
  owner: Caller | undefined,
  what: { readonly subject: string; readonly argv: readonly string[] },
): ElbProxyError | undefined {
  if (caller === undefined || owner === undefined || !otherAccount(caller, owner)) return undefined;
  const whose = `${what.subject} belongs to account ${owner.accountId} (made as ${owner.arn})`;
  return otherAccountError(whose, caller, what.argv);
}

/** @param argv the command to run in the other account, without its options */
export function otherAccountError(
  what: string,
  caller: Caller,
  [verb = '', ...more]: readonly string[],
): ElbProxyError {
  return worldError(
    `${what}, and this run acts on account ${caller.accountId} (as ${caller.arn}). Nothing was written.`,
    otherAccountCode,
    `act as that account, with its profile: ${nextCommand(verb, more, { profile: 'NAME' })}`,
  );
}
