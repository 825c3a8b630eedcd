import { type Caller, type CallerAnswer, otherAccount } from '../core/caller.js';
import { nextCommand } from '../core/next-command.js';
import { ElbProxyError } from '../errors.js';
import type { ElasticLoadBalancing } from './ports.js';

/**
 * The API for a run that belongs to an account. Reads go out beside the question who acts, so that it costs no round
 * trip; their answers, and every write, wait for it. A run of another account ends there, before anything is written.
 *
 * @param verdict resolves with why the run must not go on; never rejects
 */
export function heldToAccount(
  api: ElasticLoadBalancing,
  verdict: Promise<ElbProxyError | undefined>,
): ElasticLoadBalancing {
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
  return {
    ...api,
    describeLoadBalancers: async function* (names) {
      const pages = api.describeLoadBalancers(names)[Symbol.asyncIterator]();
      for (let page = await beside(pages.next()); page.done !== true; page = await pages.next())
        yield page.value;
    },
    describeLoadBalancerPolicies: (...given) => beside(api.describeLoadBalancerPolicies(...given)),
    describeInstanceHealth: (...given) => beside(api.describeInstanceHealth(...given)),
    describeTags: (...given) => beside(api.describeTags(...given)),
    createLoadBalancerPolicy: (...given) => behind(() => api.createLoadBalancerPolicy(...given)),
    deleteLoadBalancerPolicy: (...given) => behind(() => api.deleteLoadBalancerPolicy(...given)),
    setLoadBalancerPoliciesForBackendServer: (...given) =>
      behind(() => api.setLoadBalancerPoliciesForBackendServer(...given)),
    effectOf: (error) =>
      error instanceof ElbProxyError && error.code === otherAccountCode ? 'no' : api.effectOf(error),
  };
}

/** The code of a run that another account than the plan's, or the change's, would make. */
export const otherAccountCode = 'other-account';

/** Why a caller must not carry out what belongs to another account; undefined where both are one, or one is not known. */
export function refusedAs(
  { caller }: CallerAnswer,
  owner: Caller | undefined,
  what: { readonly subject: string; readonly argv: readonly string[] },
): ElbProxyError | undefined {
  if (caller === undefined || owner === undefined || !otherAccount(caller, owner)) return undefined;
  return otherAccountError(
    `${what.subject} belongs to account ${owner.accountId} (made as ${owner.arn})`,
    caller,
    [...what.argv],
  );
}

/** @param argv the command that is right in the other account, without its options */
export function otherAccountError(
  what: string,
  caller: Caller,
  [verb = '', ...more]: string[],
): ElbProxyError {
  return new ElbProxyError(
    `${what}, and this run acts on account ${caller.accountId} (as ${caller.arn}). Nothing was written.`,
    {
      code: otherAccountCode,
      fault: 'world',
      hint: `act as that account, with its profile: ${nextCommand(verb, more, { profile: 'NAME' })}`,
    },
  );
}
