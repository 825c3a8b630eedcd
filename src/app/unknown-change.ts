import { mistakesBetween } from '../core/did-you-mean.js';
import { nextCommand } from '../core/next-command.js';
import { ElbProxyError, usageError } from '../errors.js';

const mostNamed = 3;
const mostMistakes = 3;
/** A shorter part of an id says too little. */
const leastPart = 3;

/** The changes of this machine, and the unreadable parts of its journal. */
interface Known {
  readonly changes: readonly { readonly changeId: string }[];
  readonly lost: readonly { readonly what: string }[];
}

/** The error for a change id that the journal does not have: it names the changes that were probably meant. */
export function unknownChange(changeId: string, { changes, lost }: Known): ElbProxyError {
  const damaged = lost.find(({ what }) => what.split(/[ ,]+/).includes(changeId));
  if (damaged !== undefined)
    return new ElbProxyError(`the journal does not hold enough of it: ${damaged.what}`, {
      code: 'journal-unreadable',
      fault: 'user',
      hint: `look at what is in effect with: ${nextCommand('status')}`,
    });
  const near = nearChanges(
    changeId,
    changes.map((change) => change.changeId),
  );
  return usageError(
    `no change ${changeId} is in this user's journal on this machine`,
    `${near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `}see the changes with: ${nextCommand('history')}`,
  );
}

/** The ids that hold what was typed, or else those that differ from it in a few letters. */
function nearChanges(typed: string, ids: readonly string[]): readonly string[] {
  if (typed.length < leastPart || typed.length > 64) return [];
  const part = typed.toLowerCase().replace(/(?:\.{3}|\u2026)$/, '');
  const holding = ids.filter((id) => id.toLowerCase().includes(part));
  if (holding.length > 0) return holding.slice(0, mostNamed);
  return ids
    .map((id) => ({ id, mistakes: mistakesBetween(part, id.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= mostMistakes)
    .toSorted((a, b) => a.mistakes - b.mistakes)
    .slice(0, mostNamed)
    .map(({ id }) => id);
}
