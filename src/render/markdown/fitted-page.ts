import { counted } from '../text/counted.js';
import { joined } from './blocks.js';
import { type Fitted, fit, type Piece, sizeOf } from './fit.js';

/** A piece, with the numbers to count if it is not shown in full. */
export interface Weighed extends Piece {
  readonly calls?: number | undefined;
  readonly blockers?: number | undefined;
}

/** Bytes for the note about pieces that are left out, and for empty lines. */
const reserve = 500;

/** A page of at most so many bytes: between its head and its tail the pieces that fit, the others counted. */
export function fittedPage(
  { head, tail }: { readonly head: readonly string[]; readonly tail: readonly string[] },
  pieces: readonly Weighed[],
  limit: number,
): string {
  const fitted = fit(pieces, limit - sizeOf(joined([...head, ...tail])) - reserve);
  return joined([...head, ...leftOut(fitted), ...fitted.texts, ...tail]);
}

/** A count of what did not fit; nothing if everything did. */
function leftOut({ shortened, left }: Fitted<Weighed>): readonly string[] {
  const parts = [
    ...(shortened.length === 0 ? [] : [`${counted(shortened.length, 'load balancer')} shown in brief`]),
    ...(left.length === 0 ? [] : [`${counted(left.length, 'load balancer')} left out${within(left)}`]),
  ];
  if (parts.length === 0) return [];
  return [
    `**Not everything is here:** ${parts.join('; ')}. It would be larger than GitHub displays; \`--output json\` has all of it.`,
  ];
}

function within(left: readonly Weighed[]): string {
  const sum = (of: (weighed: Weighed) => number): number =>
    left.reduce((total, weighed) => total + of(weighed), 0);
  const calls = sum((weighed) => weighed.calls ?? 0);
  const blockers = sum((weighed) => weighed.blockers ?? 0);
  const parts = [
    ...(calls === 0 ? [] : [counted(calls, 'call')]),
    ...(blockers === 0 ? [] : [counted(blockers, 'blocker')]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
