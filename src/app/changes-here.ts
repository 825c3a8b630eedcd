import { type CallerAnswer, otherAccount, placeWords, sameEndpoint } from '../core/caller.js';
import { nextCommand } from '../core/next-command.js';
import { type ElbProxyError, worldError } from '../errors.js';
import { otherAccountError } from './held-to-account.js';
import type { History, HistoryEntry } from './history.js';
import { refuseOlder } from './lost-change.js';

/** The change that an undo without an id puts back, and the newer ones that it passes over. */
interface NewestHere {
  /** Absent if no change was made. */
  readonly newest?: HistoryEntry | undefined;
  /** Newest first. */
  readonly passedOver: readonly HistoryEntry[];
}

/**
 * The newest change of the caller's account at these endpoints, undos excluded; if there is none, at any endpoint.
 * @throws ElbProxyError `other-account`, or `account-not-known` if several accounts are possible
 */
export function newestHere(
  past: History,
  who: CallerAnswer,
  endpoints: readonly (string | undefined)[],
): NewestHere {
  const { changes } = past;
  const made = changes.filter(({ plan }) => plan.action !== 'undo');
  const [first] = made;
  const own = made.filter(({ plan }) => !otherAccount(plan.caller, who.caller));
  if (first !== undefined && own.length === 0 && who.caller !== undefined)
    throw otherAccountError(
      `the newest change, ${first.changeId}, was made on ${placeWords(first.plan)}`,
      who.caller,
      ['undo', first.changeId],
    );
  const here = own.filter(({ plan }) => endpoints.some((one) => sameEndpoint(one, plan.endpoint)));
  const candidates = here.length > 0 ? here : own;
  const accounts = new Set(candidates.flatMap(({ plan }) => plan.caller?.accountId ?? []));
  if (who.caller === undefined && accounts.size > 1) throw notKnown(who.why, [...accounts].toSorted());
  const newest = candidates[0];
  if (newest !== undefined) refuseOlder(past, newest);
  return { newest, passedOver: newest === undefined ? [] : made.slice(0, made.indexOf(newest)) };
}

function notKnown(why: string, accounts: readonly string[]): ElbProxyError {
  return worldError(
    `changes of several accounts were made from this machine (${accounts.join(', ')}), and it is not known which of them this run acts on: ${why}. Nothing was written.`,
    'account-not-known',
    `see the changes with elb-proxy history, and name one: ${nextCommand('undo', ['CHANGE-ID'])}`,
  );
}
